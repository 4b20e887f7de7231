// The consequences of a fact as notes of the record.
#pragma once

#include <optional>

#include "backend-runtime/runtime/drive/recorded_note.h"
#include "backend-runtime/runtime/drive/run.h"

namespace wfc::runtime {

/// The note that is recorded of a consequence of the last fact of `run`; nothing of one that is not
/// recorded. Its time is that of the fact.
[[nodiscard]] std::optional<RecordedNote> ConsequenceOf(const Note& note, const Run& run);

}  // namespace wfc::runtime
