// Records as rows of a journal, and as JSON for people. What is written of a record follows from
// facts.def; docs/facts.md describes the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "backend-runtime/runtime/drive/recorded_note.h"
#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/runtime/journal/row.h"
#include "backend-runtime/runtime/machine/record.h"

namespace wfc::runtime {

/// The row of a record, without its number; the payload points into `payload`, which is
/// overwritten. Large values are put into `blobs`.
[[nodiscard]] journal::Row ToRow(const Record& record, journal::Blobs& blobs,
                                 std::vector<uint8_t>& payload);
/// The record that a row holds. The error is for people, and the rest of a sentence: "is of no
/// known type".
[[nodiscard]] Result<Record> ReadRecord(const journal::Row& row, journal::Blobs& blobs);

/// The same of a note. A row of a note of no known type, which a later version wrote, is no note.
[[nodiscard]] journal::Row ToRow(const RecordedNote& note, journal::Blobs& blobs,
                                 std::vector<uint8_t>& payload);
[[nodiscard]] Result<std::optional<RecordedNote>> ReadNote(const journal::Row& row,
                                                           journal::Blobs& blobs);

/// The stage that a row is about.
[[nodiscard]] SlotName SlotNameOf(const journal::Row& row);

/// A record as a JSON object, with its fields under the words of facts.def.
[[nodiscard]] Value ToValue(const Record& record);

}  // namespace wfc::runtime
