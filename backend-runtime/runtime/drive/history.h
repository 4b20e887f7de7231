// History: a run as its record tells it. It is made again row by row, as a run that is resumed is,
// but nothing drives it. Whoever shows a recorded run makes one.
#pragma once

#include <memory>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/drive/run.h"
#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/runtime/journal/row.h"
#include "backend-runtime/runtime/machine/record.h"
#include "ir/base/result.h"

namespace wfc::runtime {

/// Tells the recorder of the note in a row, unless it is a consequence. The error is for people.
[[nodiscard]] Result<void> TellNote(const journal::Row& row, journal::Blobs& blobs,
                                    Recorder& recorder);

class History {
 public:
  /// The run of a verified plan, of which nothing is known yet. `recorder` is told what happened.
  /// Both must outlive the object.
  History(const plan::PlanView& plan, Recorder& recorder) : plan_(plan), recorder_(recorder) {}

  /// Takes the next row of the record. Fails, with a message for people, if
  /// the row cannot be read or contradicts those before. Nothing may be taken after that.
  [[nodiscard]] Result<void> Take(const journal::Row& row, journal::Blobs& blobs);

  /// The run after the facts so far; null before the first. Secrets are not known in it.
  [[nodiscard]] const Run* run() const { return run_.get(); }
  /// The last fact, with its values. Precondition: there is one.
  [[nodiscard]] const Record& last() const { return last_; }

 private:
  [[nodiscard]] Result<void> Begin(const Record& first);

  const plan::PlanView& plan_;
  Recorder& recorder_;
  std::unique_ptr<Run> run_;
  Record last_;
};

}  // namespace wfc::runtime
