// A small, obvious model of "When a stage runs" (docs/language), against which the interpreter is
// compared. It keeps no counters and no queues: at each step it looks at everything again. Stages
// do nothing but succeed or fail at once, one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

namespace wfc::runtime::reference {

inline constexpr int kMaxStages = 5;

enum class Behaviour : uint8_t {
  Plain,      ///< succeeds, with an output
  Failing,    ///< fails
  Tolerated,  ///< fails, `on_error: continue`
  Recovered,  ///< fails, `on_error: {value: …}`
  Deciding,   ///< a decide that chooses one of its routes
  Undecided,  ///< a decide that chooses none of its routes
  FalseIf,    ///< `if: false`
  Asserting,  ///< an assert that holds: it succeeds without an output
};
inline constexpr int kBehaviourCount = 8;

enum class Link : uint8_t {
  None,
  After,  ///< `after`
  Plain,  ///< a plain read of `.output`
  Soft,   ///< a read of `.output` that tolerates absence
  Route,  ///< routes to it by id; from deciding stages only
  Ran,    ///< a plain read of `.attempts`
};
inline constexpr int kLinkCount = 6;

enum class Join : uint8_t { All, Any, Settled };
inline constexpr int kJoinCount = 3;

/// A workflow of `count` stages, numbered in the order in which the scheduler prefers them.
struct Case {
  int count = 0;
  std::array<Behaviour, kMaxStages> behaviour{};
  std::array<Join, kMaxStages> join{};
  /// [from][to], from < to.
  std::array<std::array<Link, kMaxStages>, kMaxStages> link{};
  /// Of a deciding stage: which of its routes, in order of where they lead.
  std::array<uint8_t, kMaxStages> choice{};
};

/// "1 failing; 2 plain settled <- after 1", for messages.
[[nodiscard]] std::string Describe(const Case& workflow);

enum class Status : uint8_t {
  Unsettled,
  Succeeded,
  Recovered,
  Tolerated,
  Failed,
  SkippedNotChosen,
  SkippedDependency,
  SkippedCondition,
  Cancelled
};
[[nodiscard]] const char* GetName(Status status);

enum class RunOutcome : uint8_t { Completed, Partial, Failed, Cancelled };
[[nodiscard]] const char* GetName(RunOutcome outcome);

/// What a stage has left behind.
struct Fields {
  bool output = false;
  bool error = false;
  bool attempts = false;
  bool chosen = false;
  friend bool operator==(const Fields&, const Fields&) = default;
};

struct Outcome {
  std::array<Status, kMaxStages> status{};
  std::array<Fields, kMaxStages> fields{};
  RunOutcome run = RunOutcome::Completed;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// What must happen.
[[nodiscard]] Outcome Run(const Case& workflow);

/// Calls `visit` with every workflow of exactly `count` stages.
void ForEachCase(int count, const std::function<void(const Case&)>& visit);

/// One workflow of `count` stages, drawn from all of them.
[[nodiscard]] Case DrawCase(int count, std::mt19937_64& random);

}  // namespace wfc::runtime::reference
