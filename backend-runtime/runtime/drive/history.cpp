#include "backend-runtime/runtime/drive/history.h"

#include <utility>

#include "backend-runtime/runtime/drive/bad_record.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"

namespace wfc::runtime {

Result<void> TellNote(const journal::Row& row, journal::Blobs& blobs, Recorder& recorder) {
  const Result<std::optional<RecordedNote>> note = ReadNote(row, blobs);
  if (!note) return BadRecord(row.seq, note.error().message);
  if (*note && !IsConsequence((*note)->type)) recorder.RecordNote(**note);
  return {};
}

Result<void> History::Take(const journal::Row& row, journal::Blobs& blobs) {
  if (!row.is_fact()) return TellNote(row, blobs, recorder_);
  Result<Record> record = ReadRecord(row, blobs);
  if (!record) return BadRecord(row.seq, record.error().message);
  if (run_ == nullptr) {
    if (const Result<void> begun = Begin(*record); !begun) {
      return BadRecord(row.seq, begun.error().message);
    }
  }
  const Contradiction contradiction = run_->Apply(*record);
  if (contradiction != Contradiction::None) return BadRecord(record->fact, contradiction);
  last_ = *std::move(record);
  return {};
}

Result<void> History::Begin(const Record& first) {
  Result<RunStart> start = ReadRunStart(plan_, first);
  if (!start) return start.error();
  run_ = MakeRun(plan_, *std::move(start), recorder_);
  return {};
}

}  // namespace wfc::runtime
