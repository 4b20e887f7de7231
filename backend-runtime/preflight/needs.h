// Needs: what the stages of a plan need from the machine, as far as the plan says it before the
// run. Called by the preflight.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"

namespace wfc::preflight {

/// A program that stages start.
struct ProgramKey {
  std::string name;        ///< the first word of the command
  bool is_system = false;  ///< a built-in tool starts it, so the plan's search path does not count
  bool has_own_path = false;  ///< the command sets PATH itself

  friend auto operator<=>(const ProgramKey&, const ProgramKey&) = default;
};

/// A stage that writes files of the workspace.
struct WriteNeed {
  plan::NodeId stage;
  std::vector<std::string> patterns;  ///< relative to the workspace; it writes to one or more
};

/// Each list of stages is in the order of the plan, and not empty.
struct Needs {
  std::map<ProgramKey, std::vector<plan::NodeId>> programs;
  std::map<plan::SecretId, std::vector<plan::NodeId>> secrets;
  std::vector<WriteNeed> writes;
  bool has_writers = false;  ///< some stage of the plan changes something
};

/// What the stages need, without those that `mode` only pretends to perform and those of which
/// `is_over` says that they will not run any more (by node; empty: none).
[[nodiscard]] Needs FindNeeds(const plan::PlanView& plan, Mode mode,
                              const std::vector<bool>& is_over);

/// Whether the run goes on if the stage fails.
[[nodiscard]] bool ToleratesFailure(const plan::PlanView& plan, plan::NodeId stage);

/// By node: whether the stage is certain to run unless something fails, and to make the run fail if
/// it fails itself. It belongs to the workflow itself, and neither a condition nor a decide can
/// skip it or a stage that it depends on.
[[nodiscard]] std::vector<bool> FindCertainStages(const plan::PlanView& plan);

}  // namespace wfc::preflight
