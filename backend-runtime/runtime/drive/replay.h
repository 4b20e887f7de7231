// Replay: runs a recorded run again without the world. What came from outside (the outcomes of
// calls, what people asked, timeouts, epochs) is taken from the record; all else must come out of
// the plan and the evaluator as it is recorded. It shows that a record is one of its plan, and that
// this version of the tool still decides as the one that wrote it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/drive/run.h"
#include "backend-runtime/runtime/evaluate/evaluator.h"
#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/runtime/journal/row.h"
#include "ir/base/result.h"

namespace wfc::runtime {

/// Where a run that is run again first comes to something else.
struct FirstDifference {
  uint64_t seq = 0;      ///< of the row
  NodeId node = {};      ///< whose fact it is; none if it is the run's
  std::string what;      ///< what the row says, by its word
  std::string path;      ///< where the values differ, as a JSON pointer; empty: as a whole
  std::string recorded;  ///< as JSON, or a sentence
  std::string replayed;
};

class Replay {
 public:
  /// The run of a verified plan, of which nothing is known yet. The plan must outlive the object.
  explicit Replay(const plan::PlanView& plan) : plan_(plan) {}

  /// Takes the next row of the record. Fails, with a message for people, if the row cannot be read
  /// or contradicts those before. Nothing may be taken after that, nor after a difference.
  [[nodiscard]] Result<void> Take(const journal::Row& row, journal::Blobs& blobs);

  /// The first difference, if there is one.
  [[nodiscard]] const std::optional<FirstDifference>& difference() const { return difference_; }
  /// How many facts there were, and how many of them came out of the evaluator.
  [[nodiscard]] uint64_t fact_count() const { return fact_count_; }
  [[nodiscard]] uint64_t computed_count() const { return computed_count_; }

 private:
  [[nodiscard]] Result<void> TakeFact(const journal::Row& row, journal::Blobs& blobs);
  void TakeNote(const journal::Row& row, journal::Blobs& blobs);
  [[nodiscard]] Result<void> Begin(const Record& first);
  void TakeCommands(int64_t now);
  [[nodiscard]] SlotId SlotOf(const Command& command) const;
  /// What the evaluator makes of the moment of a recorded fact; nothing if it comes from outside.
  [[nodiscard]] std::optional<Record> Compute(const Record& recorded);
  [[nodiscard]] std::optional<Record> Perform(const Command& command, const Record& recorded);
  [[nodiscard]] std::optional<Record> ComputeOfSlot(const Record& recorded);
  void Compare(const Record& recorded, Record computed);
  void CompareConsequence(const journal::Row& row, journal::Blobs& blobs);
  void CompareRequest(const journal::Row& row, const Value& line);
  void Differ(uint64_t seq, NodeId node, std::string_view what, const Value& recorded,
              const Value& replayed);

  const plan::PlanView& plan_;
  SilentRecorder silence_;
  std::unique_ptr<Run> run_;
  std::unique_ptr<Evaluator> evaluator_;
  std::map<SlotName, Command> commands_;  // that the machine has given, and no fact has answered
  bool may_end_ = false;
  bool has_parent_ = false;  // it took over from another run, which computed what was taken over
  size_t consequence_count_ = 0;            // of the last fact, compared so far
  std::map<SlotName, ModelCall> requests_;  // of the calls of models that run
  std::optional<FirstDifference> difference_;
  uint64_t fact_count_ = 0;
  uint64_t computed_count_ = 0;
};

}  // namespace wfc::runtime
