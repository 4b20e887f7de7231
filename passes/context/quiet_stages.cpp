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
      if (project_.stages[stage].is_poison()) stages_[stage] = true;
    }
    for (ir::WorkflowId id : project_.workflows.ids()) {
      bool is_quiet = project_.workflows[id].is_poisoned || context_.has_cycle(id);
      if (is_quiet) quiet_workflows_[id] = doubtful_workflows_[id] = true;
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
    doubtful_workflows_[workflow] = true;
    if (is_unsupported || !stage.has_value()) {
      quiet_workflows_[workflow] = true;
    } else {
      stages_[stage] = true;
    }
  }

  QuietStages Spread() {
    QuietStages quiet;
    quiet.near_finding.resize(stages_.size());
    quiet.in_doubt.resize(stages_.size());
    for (const ir::StageId id : stages_.ids()) {
      const ir::WorkflowId workflow = project_.stages[id].workflow;
      quiet.near_finding[id] = quiet_workflows_[workflow];
      quiet.in_doubt[id] = doubtful_workflows_[workflow];
    }
    const bool has_quiet = std::ranges::find(stages_, true) != stages_.end();
    if (has_quiet) SpreadToGroups(quiet.near_finding);
    return quiet;
  }

  void SpreadToGroups(IdVector<ir::StageId, bool>& near_finding) const {
    Groups groups(project_);
    std::vector<bool> quiet_groups(stages_.size(), false);
    for (const ir::StageId id : stages_.ids()) {
      if (stages_[id]) quiet_groups[groups.Find(id.index())] = true;
    }
    for (const ir::StageId id : stages_.ids()) {
      if (quiet_groups[groups.Find(id.index())]) near_finding[id] = true;
    }
  }

  const ir::Project& project_;
  PassContext& context_;
  FindingPlaces places_;
  IdVector<ir::StageId, bool> stages_;
  IdVector<ir::WorkflowId, bool> quiet_workflows_;
  IdVector<ir::WorkflowId, bool> doubtful_workflows_;
};

}  // namespace

QuietStages FindQuietStages(PassContext& context) {
  return QuietFinder(context).Run();
}

}  // namespace wfc::passes
