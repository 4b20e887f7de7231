#include "passes/context/quiet_stages.h"

#include <algorithm>
#include <numeric>

#include "ir/diag/findings.h"
#include "passes/context/finding_places.h"

namespace wfc::passes {

namespace {

/// A union-find over stages: dependencies join two stages, and bodies join theirs with their owner.
class Groups {
 public:
  explicit Groups(const ir::Project& project) : parents_(project.stages.size()) {
    std::iota(parents_.begin(), parents_.end(), 0u);
    for (const ir::Dependency& edge : project.dependencies) {
      Join(edge.from.index(), edge.to.index());
    }
    for (ir::StageId stage : project.stages.ids()) {
      ir::StageId owner = project.bodies[project.stages[stage].body].owner;
      if (owner.has_value()) Join(stage.index(), owner.index());
    }
  }

  uint32_t Find(uint32_t stage) {
    while (parents_[stage] != stage) {
      parents_[stage] = parents_[parents_[stage]];
      stage = parents_[stage];
    }
    return stage;
  }

 private:
  void Join(uint32_t left, uint32_t right) {
    left = Find(left);
    right = Find(right);
    parents_[std::max(left, right)] = std::min(left, right);
  }

  std::vector<uint32_t> parents_;
};

bool Contains(Span outer, Span inner) {
  return outer.file == inner.file && outer.begin <= inner.begin && inner.begin <= outer.end;
}

/// The workflow that contains `span`; none if it is outside of all.
ir::WorkflowId FindWorkflow(const ir::Project& project, Span span) {
  for (ir::WorkflowId id : project.workflows.ids()) {
    if (Contains(project.workflows[id].span, span)) return id;
  }
  return {};
}

class QuietFinder {
 public:
  explicit QuietFinder(PassContext& context)
      : project_(context.project),
        context_(context),
        places_(context.project),
        stages_(project_.stages.size(), false),
        quiet_workflows_(project_.workflows.size(), false),
        doubtful_workflows_(project_.workflows.size(), false) {}

  QuietStages Run() {
    for (const diag::Diagnostic& finding : context_.sink.diagnostics()) Note(finding);
    for (ir::StageId stage : project_.stages.ids()) {
      if (project_.stages[stage].is_poison()) stages_[stage.index()] = true;
    }
    for (ir::WorkflowId id : project_.workflows.ids()) {
      bool is_quiet = project_.workflows[id].is_poisoned || context_.has_cycle(id);
      if (is_quiet) quiet_workflows_[id.index()] = doubtful_workflows_[id.index()] = true;
    }
    return Spread();
  }

 private:
  void Note(const diag::Diagnostic& finding) {
    const bool is_unsupported = diag::GetInfo(finding.code).hides == diag::Hides::Construct;
    const bool is_wrong = diag::DoesHide(finding, diag::Hides::Meaning);
    if (!is_wrong) return;
    ir::StageId stage = places_.StageOf(finding);
    ir::WorkflowId workflow =
        stage.has_value() ? project_.stages[stage].workflow : FindWorkflow(project_, finding.span);
    if (!workflow.has_value()) return;
    doubtful_workflows_[workflow.index()] = true;
    if (is_unsupported || !stage.has_value()) {
      quiet_workflows_[workflow.index()] = true;
    } else {
      stages_[stage.index()] = true;
    }
  }

  QuietStages Spread() {
    QuietStages quiet{.near_finding = std::vector<bool>(stages_.size()),
                      .in_doubt = std::vector<bool>(stages_.size())};
    for (uint32_t i = 0; i < stages_.size(); ++i) {
      uint32_t workflow = project_.stages[ir::StageId(i)].workflow.index();
      quiet.near_finding[i] = quiet_workflows_[workflow];
      quiet.in_doubt[i] = doubtful_workflows_[workflow];
    }
    const bool has_quiet = std::ranges::find(stages_, true) != stages_.end();
    if (has_quiet) SpreadToGroups(quiet.near_finding);
    return quiet;
  }

  void SpreadToGroups(std::vector<bool>& near_finding) const {
    Groups groups(project_);
    std::vector<bool> quiet_groups(stages_.size(), false);
    for (uint32_t i = 0; i < stages_.size(); ++i) {
      if (stages_[i]) quiet_groups[groups.Find(i)] = true;
    }
    for (uint32_t i = 0; i < stages_.size(); ++i) {
      if (quiet_groups[groups.Find(i)]) near_finding[i] = true;
    }
  }

  const ir::Project& project_;
  PassContext& context_;
  FindingPlaces places_;
  std::vector<bool> stages_;
  std::vector<bool> quiet_workflows_;
  std::vector<bool> doubtful_workflows_;
};

}  // namespace

QuietStages FindQuietStages(PassContext& context) {
  return QuietFinder(context).Run();
}

}  // namespace wfc::passes
