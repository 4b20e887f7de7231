// RecordedNote: what is recorded beside the facts of a run (notes.def).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "backend-runtime/runtime/machine/facts.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// The numbers are those that records hold.
enum class NoteType : uint8_t {
#define WFC_NOTE(number, id, word, value) id = number,
#include "backend-runtime/runtime/drive/notes.def"
};

/// A note about a slot. All texts and values are redacted.
struct RecordedNote {
  NoteType type = NoteType::Skipped;
  SlotName slot = {};
  uint32_t attempt = 0;  ///< of the slot when the note was made; 0: none had begun
  int64_t time = 0;      ///< run time, as of facts
  Value value = {};      ///< notes.def says what it is
};

/// Whether the note says what followed from a fact, which the events tell as well.
[[nodiscard]] constexpr bool IsConsequence(NoteType type) {
  return type == NoteType::Skipped || type == NoteType::Cancelled;
}

/// A row of notes.def.
struct NoteRow {
  NoteType type;
  std::string_view word;
  std::string_view value;  ///< what the Value is, for people
};

inline constexpr NoteRow kNoteRows[] = {
#define WFC_NOTE(number, id, word, value) {NoteType::id, word, value},
#include "backend-runtime/runtime/drive/notes.def"
};

/// No value if no note has the number.
[[nodiscard]] constexpr std::optional<NoteType> NoteOfNumber(uint32_t number) {
  for (const NoteRow& row : kNoteRows) {
    if (static_cast<uint32_t>(row.type) == number) return row.type;
  }
  return std::nullopt;
}

}  // namespace wfc::runtime
