#include "backend-runtime/runtime/drive/consequence.h"

namespace wfc::runtime {

std::optional<RecordedNote> ConsequenceOf(const Note& note, const Run& run) {
  const bool is_skip = note.kind == Note::Kind::Skipped;
  if (!is_skip && note.kind != Note::Kind::Cancelled) return std::nullopt;
  return RecordedNote{
      .type = is_skip ? NoteType::Skipped : NoteType::Cancelled,
      .slot = run.machine().NameOf(note.slot()),
      .attempt = run.state().AttemptOf(note.slot()),
      .time = run.machine().time(),
      .value = is_skip ? Value::String(Spell(note.reason)) : Value::Bool(note.may_be_done)};
}

}  // namespace wfc::runtime
