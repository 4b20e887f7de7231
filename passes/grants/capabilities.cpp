// S010 to S013 and S017: checks each need of each stage against the scopes that hold for it, and
// each written grant against the needs.
#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/core.h>

#include "ir/base/exec_pattern.h"
#include "ir/base/id_range.h"
#include "ir/base/path_pattern.h"
#include "ir/diag/findings.h"
#include "ir/diag/messages.h"
#include "passes/context/pass.h"
#include "passes/grants/grant_fixes.h"
#include "passes/grants/grants.h"

namespace wfc::passes {
namespace {

using ir::Capability;

std::string Subject(const Need& need) {
  switch (need.form) {
    case Need::Form::Exact:
    case Need::Form::Pattern:
      return "`" + need.text + "`";
    case Need::Form::Words:
      return "`" + need.text + (need.has_more_words ? " …`" : "`");
    case Need::Form::Dynamic:
      return need.capability == Capability::Exec ? "a command" : "a path";
  }
  return {};
}

/// "the project's `security`", "the grant to agent `reader`".
std::string DescribeScope(const ir::Project& project, const ir::Scope& scope) {
  auto grant = [&](std::string_view name) {
    return "the grant to " + std::string(Spell(scope.kind())) + " `" + std::string(name) + "`";
  };
  switch (scope.kind()) {
    case ir::Scope::Kind::Project:
      return project.security.is_written ? "the project's `security`"
                                         : "a project without `security`";
    case ir::Scope::Kind::Workflow:
      return grant(project.text(project.workflows[std::get<ir::WorkflowId>(scope.target)].name));
    case ir::Scope::Kind::Stage:
      return grant(project.text(project.stages[std::get<ir::StageId>(scope.target)].path));
    case ir::Scope::Kind::Agent:
      return grant(project.text(project.agents[std::get<ir::AgentId>(scope.target)].name));
    case ir::Scope::Kind::Tool:
      return grant(project.text(project.tools[std::get<ir::ToolId>(scope.target)].name));
  }
  return {};
}

/// "workflow `w` → stage `s` → tool `t` → `exec`, in `implement` and `dry_run`".
std::string DescribePath(const ir::Project& project, const ir::Stage& stage, const Need& need) {
  std::string path = "workflow `" +
                     std::string(project.text(project.workflows[stage.workflow].name)) +
                     "` → stage `" + std::string(project.text(stage.path)) + "`";
  if (need.agent.has_value())
    path += " → agent `" + std::string(project.text(project.agents[need.agent].name)) + "`";
  if (need.tool.has_value())
    path += " → tool `" + std::string(project.text(project.tools[need.tool].name)) + "`";
  return path + " → `" + std::string(Spell(need.capability)) + "`, in " +
         Describe(ModesOf(project, stage));
}

class CapabilityCheck {
 public:
  explicit CapabilityCheck(PassContext& context)
      : context_(context),
        project_(context.project),
        security_(context.project.security),
        checker_(context.project),
        is_met_(security_.patterns.size(), false),
        of_command_tools_(project_.tools.size()) {}

  void Run() {
    context_.ForEachStage([&](ir::StageId id) { CheckStage(id); });
    ReportMissing();
    CheckScopes();
    if (security_.is_written && !HidesNeeds()) CheckWrittenEntries();
  }

 private:
  struct Missing {
    ir::StageId stage;
    Need need;
    Verdict verdict;
    std::vector<std::string> subjects;
  };

  /// The needs of the stage, until the next call. Those of a tool that is a command are the same
  /// for each stage that calls it.
  std::span<const Need> NeedsOf(const ir::Stage& stage) {
    const ir::ToolId tool = project_.tool_of(stage);
    const bool is_command =
        tool.has_value() && project_.tools[tool].kind == ir::Tool::Kind::Command;
    std::vector<Need>& needs = is_command ? of_command_tools_[tool] : of_stage_;
    if (!is_command || needs.empty()) needs = FindNeeds(project_, stage);
    return needs;
  }

  void CheckStage(ir::StageId id) {
    const ir::Stage& stage = project_.stages[id];
    if (stage.is_poison()) return;
    const size_t first_missing = missing_.size();
    for (const Need& need : NeedsOf(stage)) {
      const auto [verdict, is_new] = checker_.Check(id, need);
      if (is_new) MarkMet(id, need);
      if (verdict.kind == Verdict::Kind::CheckedAtRun) ReportAtRun(stage, need, verdict);
      if (verdict.kind != Verdict::Kind::NotAllowed && verdict.kind != Verdict::Kind::Denied)
        continue;
      const auto same =
          std::find_if(missing_.begin() + static_cast<ptrdiff_t>(first_missing), missing_.end(),
                       [&](const Missing& m) { return m.need.capability == need.capability; });
      if (same == missing_.end()) {
        missing_.push_back(
            {.stage = id, .need = need, .verdict = verdict, .subjects = {Subject(need)}});
      } else {
        same->subjects.push_back(Subject(need));
      }
      const bool is_grantable = verdict.kind == Verdict::Kind::NotAllowed &&
                                verdict.scope == ir::kProjectScope && need.advice.empty() &&
                                FindMeant(need, verdict) == nullptr;
      if (is_grantable) to_grant_.push_back(need);
    }
  }

  /// Marks the entries that the need uses. Beside the project's scope, only scopes that hold for
  /// the stage are considered.
  void MarkMet(ir::StageId stage, const Need& need) {
    const std::vector<std::string> split = SplitWords(need);
    for (const ir::ScopeId scope : checker_.ScopesFor(stage, need)) {
      const Range allow = security_.scopes[scope].allow;
      if (need.capability == Capability::Exec && !need.words.empty()) {
        MarkMetCommands(allow, need, split);
        continue;
      }
      for (uint32_t i = allow.first; i < allow.end(); ++i) {
        if (!is_met_[i] && Meets(project_, need, security_.patterns[i])) is_met_[i] = true;
      }
    }
  }

  void MarkMetCommands(Range allow, const Need& need, const std::vector<std::string>& split) {
    for (const uint32_t i : checker_.exec_entries().Find(allow, need.words.front())) {
      if (!is_met_[i] && Meets(project_, need, security_.patterns[i])) is_met_[i] = true;
    }
    if (split.empty()) return;
    for (const uint32_t i : checker_.exec_entries().Find(allow, split.front())) {
      const std::string_view pattern = project_.text(security_.patterns[i].pattern);
      if (MatchesExecPattern(pattern, split)) is_met_[i] = true;
    }
  }

  /// The words of a command split at blanks; empty if no word contains one. Grants for the split
  /// words are not reported as unneeded, which would repeat S013.
  static std::vector<std::string> SplitWords(const Need& need) {
    const auto has_blank = [](const std::string& word) {
      return word.find(' ') != std::string::npos;
    };
    std::vector<std::string> split;
    if (std::ranges::none_of(need.words, has_blank)) return split;
    for (const std::string& word : need.words) {
      for (const std::string_view part : SplitExecPattern(word)) split.emplace_back(part);
    }
    return split;
  }

  /// Reports a need that can only be checked at run time. That is not unusual, so it is reported
  /// only with `--pedantic`, and once per workflow.
  void ReportAtRun(const ir::Stage& stage, const Need& need, const Verdict& verdict) {
    if (!context_.options.is_pedantic) return;
    const auto [known, is_new] =
        at_run_.emplace(stage.workflow, need.capability, Subject(need), verdict.scope);
    if (!is_new) return;
    const ir::Scope& scope = security_.scopes[verdict.scope];
    const std::string who = DescribeScope(project_, scope);
    if (need.form == Need::Form::Dynamic || need.has_more_words) {
      context_.sink
          .Report(diag::CheckedAtRun, need.span, Spell(need.capability), Subject(need), who)
          .AddNote({}, DescribePath(project_, stage, need));
    } else {
      context_.sink
          .Report(diag::DenialOverlaps, need.span, Spell(need.capability), Subject(need), who)
          .AddNote(scope.deny_span, "denied here");
    }
  }

  void ReportMissing() {
    const bool is_fixable = !to_grant_.empty();
    bool has_fix = false;
    for (const Missing& missing : missing_) {
      const ir::Stage& stage = project_.stages[missing.stage];
      const ir::Scope& scope = security_.scopes[missing.verdict.scope];
      const std::string who = DescribeScope(project_, scope);
      std::string subjects;
      for (const std::string& subject : missing.subjects)
        subjects += (subjects.empty() ? "" : " and ") + subject;
      const bool is_denied = missing.verdict.kind == Verdict::Kind::Denied;
      auto report = [&](auto message) {
        return context_.sink.Report(message, missing.need.span, project_.text(stage.path),
                                    Spell(missing.need.capability), subjects, who);
      };
      diag::Reported reported = is_denied ? report(diag::NeedDenied) : report(diag::NotGranted);
      AddNotes(reported, missing);
      if (const ir::PatternEntry* meant = FindMeant(missing.need, missing.verdict)) {
        AddMeantNote(reported, *meant);
        continue;
      }
      if (has_fix || !is_fixable || is_denied || missing.verdict.scope != ir::kProjectScope)
        continue;
      reported.AddNote({}, DescribeMinimalGrants(to_grant_));
      if (auto fix = MakeGrantFix(project_, context_.sources, to_grant_))
        reported.SetFix(std::move(*fix));
      has_fix = true;
    }
  }

  /// Says how the need comes about, what the scope says, and what may have been meant.
  void AddNotes(diag::Reported& reported, const Missing& missing) const {
    const Need& need = missing.need;
    const ir::Scope& scope = security_.scopes[missing.verdict.scope];
    const bool is_denied = missing.verdict.kind == Verdict::Kind::Denied;
    reported.AddNote({}, DescribePath(project_, project_.stages[missing.stage], need));
    const Span place = is_denied                      ? scope.deny_span
                       : scope.allow_span.has_value() ? scope.allow_span
                                                      : scope.span;
    if (place.has_value()) {
      reported.AddNote(
          place, is_denied ? "denied here" : "what " + DescribeScope(project_, scope) + " says");
    }
    if (!need.advice.empty()) reported.AddNote(need.span, need.advice);
    if (!need.hint.empty()) reported.AddNote({}, need.hint);
    if (!is_denied) AddNarrowNote(reported, need, scope);
  }

  /// Says of an entry why it does not cover the path, if it would with everything beneath it: `src`
  /// or `src/*` for `src/x/a.txt`.
  void AddNarrowNote(diag::Reported& reported, const Need& need, const ir::Scope& scope) const {
    if (need.form == Need::Form::Dynamic) return;
    for (uint32_t i = scope.allow.first; i < scope.allow.end(); ++i) {
      const ir::PatternEntry& entry = security_.patterns[i];
      const bool is_path =
          entry.capability == Capability::FsRead || entry.capability == Capability::FsWrite;
      if (!is_path || entry.capability != need.capability) continue;
      std::string_view folder = project_.text(entry.pattern);
      const bool has_star = folder == "*" || folder.ends_with("/*");
      if (has_star) folder.remove_suffix(1);
      if (folder.ends_with('/')) folder.remove_suffix(1);
      const std::string all = folder.empty() ? "**" : fmt::format("{}/**", folder);
      if (!MatchesPathPattern(all, need.text)) continue;
      reported.AddNote(
          entry.span,
          has_star ? fmt::format("`*` does not go past a `/`; all beneath is `{}`", all)
                   : fmt::format("this is the file or folder itself; all beneath is `{}`", all));
      return;
    }
  }

  /// The entry of the scope that would cover the command if `*` in it matched anything.
  const ir::PatternEntry* FindMeant(const Need& need, const Verdict& verdict) {
    if (need.capability != Capability::Exec || verdict.kind != Verdict::Kind::NotAllowed) {
      return nullptr;
    }
    const ir::Scope& scope = security_.scopes[verdict.scope];
    for (uint32_t i = scope.allow.first; i < scope.allow.end(); ++i) {
      const ir::PatternEntry& entry = security_.patterns[i];
      if (entry.capability != Capability::Exec) continue;
      const std::string meant = WithoutStar(project_.text(entry.pattern));
      if (meant.empty() || !MatchesExecPattern(meant, need.words)) continue;
      is_met_[i] = true;  // that nothing needs it as it stands would be an echo
      return &entry;
    }
    return nullptr;
  }

  /// The command that a pattern such as `git *`, `git:*` or `git*` is meant to name: `git`. Empty
  /// if the pattern has no star, or nothing before it.
  static std::string WithoutStar(std::string_view pattern) {
    const size_t star = pattern.find('*');
    if (star == std::string_view::npos || pattern == "*") return {};
    std::string_view before = pattern.substr(0, star);
    while (before.ends_with(' ') || before.ends_with(':')) before.remove_suffix(1);
    return std::string(before);
  }

  void AddMeantNote(diag::Reported& reported, const ir::PatternEntry& entry) {
    const std::string meant = WithoutStar(project_.text(entry.pattern));
    reported.AddNote(entry.span,
                     fmt::format("`*` is a word like any other here: the words of an entry are the "
                                 "first of a command's, so write `{}`",
                                 meant));
    reported.SetFix({.title = fmt::format("write `{}`", meant),
                     .safety = diag::FixSafety::Unsafe,
                     .edits = {{.span = entry.span, .text = Quoted(meant)}}});
  }

  /// S012: what an inner scope allows must be within what the project allows and, for a stage, what
  /// its workflow allows.
  void CheckScopes() {
    for (const ir::Scope& inner : security_.scopes) {
      if (inner.kind() == ir::Scope::Kind::Project) continue;
      for (uint32_t entry = inner.allow.first; entry < inner.allow.end(); ++entry) {
        // An entry that widens is reported already; calling it unneeded would repeat that.
        if (Widens(inner, security_.patterns[entry])) is_met_[entry] = true;
      }
    }
  }

  static void AddWords(Need& need) {
    for (const std::string_view word : SplitExecPattern(need.text)) need.words.emplace_back(word);
  }

  /// Whether the entry allows more than the outer scopes do; if so, it is reported.
  bool Widens(const ir::Scope& inner, const ir::PatternEntry& entry) {
    Need all{.capability = entry.capability,
             .form = Need::Form::Pattern,
             .text = std::string(project_.text(entry.pattern)),
             .span = entry.span};
    if (entry.capability == Capability::Exec) AddWords(all);
    if (all.text == "*" && entry.capability != Capability::FsRead &&
        entry.capability != Capability::FsWrite) {
      return false;  // whatever the outer scope allows
    }
    const auto bit = static_cast<uint16_t>(1u << static_cast<unsigned>(entry.capability));
    for (const ir::Scope& outer : security_.scopes) {
      const bool is_around =
          outer.kind() == ir::Scope::Kind::Project ||
          (outer.kind() == ir::Scope::Kind::Workflow && inner.kind() == ir::Scope::Kind::Stage &&
           (outer.mentioned & bit) != 0 &&
           project_.stages[std::get<ir::StageId>(inner.target)].workflow ==
               std::get<ir::WorkflowId>(outer.target));
      if (!is_around ||
          IsCovered(project_, all, ir::Project::View(security_.patterns, outer.allow)))
        continue;
      auto reported =
          context_.sink.Report(diag::ScopeWidens, entry.span, DescribeScope(project_, inner),
                               Spell(entry.capability), all.text, DescribeScope(project_, outer));
      if (outer.allow_span.has_value())
        reported.AddNote(outer.allow_span, "the outer scope allows this");
      return true;
    }
    return false;
  }

  /// Whether an unknown part of the project could need any grant, so that no grant can be called
  /// unneeded.
  [[nodiscard]] bool HidesNeeds() const {
    return std::ranges::any_of(context_.sink.diagnostics(), [](const diag::Diagnostic& finding) {
      return diag::DoesHide(finding, diag::Hides::Needs);
    });
  }

  void ReportOverGrant(const ir::Scope& scope, uint32_t index) {
    const ir::PatternEntry& entry = security_.patterns[index];
    const std::string_view pattern = project_.text(entry.pattern);
    auto reported = context_.sink.Report(diag::OverGrant, entry.span, Spell(entry.capability),
                                         pattern, DescribeScope(project_, scope));
    if (entry.capability == Capability::Exec && !WithoutStar(pattern).empty()) {
      return AddMeantNote(reported, entry);
    }
    if (auto fix = MakeRemovalFix(project_, context_.sources, scope, index))
      reported.SetFix(std::move(*fix));
  }

  /// Reports denials of `exec` with a star, which denies only a literal `*` that nobody means.
  void CheckDenials(const ir::Scope& scope) {
    for (uint32_t i = scope.deny.first; i < scope.deny.end(); ++i) {
      const ir::PatternEntry& entry = security_.patterns[i];
      const std::string_view pattern = project_.text(entry.pattern);
      if (entry.capability != Capability::Exec || WithoutStar(pattern).empty()) continue;
      auto reported = context_.sink.Report(diag::StarWord, entry.span, pattern);
      AddMeantNote(reported, entry);
    }
  }

  void CheckWrittenEntries() {
    for (const ir::Scope& scope : security_.scopes) {
      CheckDenials(scope);
      for (uint32_t i = scope.allow.first; i < scope.allow.end(); ++i) CheckAllowed(scope, i);
    }
  }

  void CheckAllowed(const ir::Scope& scope, uint32_t index) {
    const ir::PatternEntry& entry = security_.patterns[index];
    const std::string_view pattern = project_.text(entry.pattern);
    if (!is_met_[index]) {
      ReportOverGrant(scope, index);
    } else if (IsWildcard(entry.capability, pattern)) {
      context_.sink.Report(diag::WildcardGrant, entry.span, Spell(entry.capability), pattern);
    }
  }

  static bool IsWildcard(Capability capability, std::string_view pattern) {
    if (capability == Capability::FsWrite) return pattern == "**";
    return pattern == "*" && capability != Capability::Llm && capability != Capability::FsRead;
  }

  PassContext& context_;
  const ir::Project& project_;
  const ir::Security& security_;
  GrantChecker checker_;
  std::vector<bool> is_met_;
  std::vector<Need> of_stage_;
  IdVector<ir::ToolId, std::vector<Need>> of_command_tools_;
  std::vector<Missing> missing_;
  std::vector<Need> to_grant_;
  /// What has been said already.
  std::set<std::tuple<ir::WorkflowId, Capability, std::string, ir::ScopeId>> at_run_;
};

}  // namespace

void CheckCapabilities(PassContext& context) {
  CapabilityCheck(context).Run();
}

}  // namespace wfc::passes
