// The model behind reference.h, one settled stage at a time: for whoever says what happens next.
#pragma once

#include "tests/backend-runtime/runtime/drive/reference.h"

namespace wfc::runtime::reference {

class Model {
 public:
  explicit Model(const Case& workflow) : workflow_(workflow) {}

  /// Settles stage after stage, the first that may be settled first.
  [[nodiscard]] Outcome Run();
  [[nodiscard]] Outcome outcome() const;

  [[nodiscard]] bool MaySettle(int stage) const { return !IsSettled(stage) && IsReady(stage); }
  void Settle(int stage);
  /// Someone cancels the run.
  void Cancel();
  [[nodiscard]] bool HasEndedEarly() const { return has_failed_ || is_cancelled_; }

  /// What becomes of the stage, when it is its turn.
  void SetBehaviour(int stage, Behaviour behaviour, int choice);
  /// All that the future depends on.
  [[nodiscard]] uint64_t Key() const;

 private:
  [[nodiscard]] int FirstReady() const;
  void EndEarly();
  [[nodiscard]] bool IsSettled(int stage) const {
    return outcome_.status[stage] != Status::Unsettled;
  }
  [[nodiscard]] bool IsReady(int stage) const;
  [[nodiscard]] bool IsSkippedByRule(int stage) const;
  [[nodiscard]] Status EndingOf(int stage) const;
  [[nodiscard]] bool IsRoutedTo(int stage) const;
  [[nodiscard]] bool IsChosen(int stage) const;
  [[nodiscard]] int ChoiceOf(int decide) const;
  [[nodiscard]] bool HasOutput(int stage) const;
  [[nodiscard]] bool HasRun(int stage) const;
  [[nodiscard]] Fields FieldsOf(int stage) const;
  [[nodiscard]] bool Holds(int from, Link link) const;
  [[nodiscard]] bool JoinHolds(int stage) const;

  Case workflow_;
  Outcome outcome_;
  bool has_failed_ = false;
  bool is_cancelled_ = false;
  bool has_tolerated_ = false;
};

}  // namespace wfc::runtime::reference
