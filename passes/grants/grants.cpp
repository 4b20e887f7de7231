// The meaning of a pattern depends on the capability: paths are compared by automata, hosts by
// suffix, commands by words, and everything else exactly.
#include "passes/grants/grants.h"

#include <algorithm>

#include "ir/base/exec_pattern.h"
#include "passes/grants/pattern_inclusion.h"

namespace wfc::passes {
namespace {

using ir::Capability;
using ir::PatternEntry;

bool IsPath(Capability capability) {
  return capability == Capability::FsRead || capability == Capability::FsWrite;
}

/// Whether the pattern has more words than are known of the command.
bool AsksForMore(std::string_view pattern, std::span<const std::string> known) {
  if (!known.empty() && pattern.find(known.front()) == std::string_view::npos) return false;
  const std::vector<std::string_view> words = SplitExecPattern(pattern);
  return words.size() > known.size() && std::equal(known.begin(), known.end(), words.begin());
}

/// Whether `pattern` covers `host`. Both are a host or `*.suffix`, with an optional port.
bool CoversHost(std::string_view pattern, std::string_view host) {
  if (pattern == "*") return true;
  if (pattern.rfind(':') == std::string_view::npos) host = host.substr(0, host.rfind(':'));
  if (pattern == host) return true;
  return pattern.starts_with("*.") && host.size() > pattern.size() - 1 &&
         host.ends_with(pattern.substr(1));
}

PathSet AsPaths(const Need& need) {
  return {.text = need.text, .is_literal = need.form == Need::Form::Exact};
}

/// Whether one pattern covers the whole need, for all capabilities but paths.
bool CoversExactly(const Need& need, std::string_view pattern) {
  if (need.capability == Capability::Exec) return MatchesExecPattern(pattern, need.words);
  if (pattern == "*") return true;
  if (need.capability == Capability::Net) return CoversHost(pattern, need.text);
  return pattern == need.text;
}

bool Overlaps(const Need& need, std::string_view pattern) {
  if (need.form == Need::Form::Dynamic) return true;
  if (IsPath(need.capability)) return Overlap(AsPaths(need), {.text = pattern});
  if (CoversExactly(need, pattern)) return true;
  if (need.capability == Capability::Exec)
    return need.has_more_words && AsksForMore(pattern, need.words);
  return need.capability == Capability::Net && CoversHost(need.text, pattern);
}

}  // namespace

bool Meets(const ir::Project& project, const Need& need, const PatternEntry& entry) {
  return need.capability == entry.capability && Overlaps(need, project.text(entry.pattern));
}

bool IsCovered(const ir::Project& project, const Need& need,
               std::span<const PatternEntry> entries) {
  std::vector<PathSet> paths;
  for (const PatternEntry& entry : entries) {
    if (entry.capability != need.capability) continue;
    const std::string_view pattern = project.text(entry.pattern);
    if (!IsPath(need.capability)) {
      if (CoversExactly(need, pattern)) return true;
    } else if (pattern == "**") {
      return true;
    } else {
      paths.push_back({.text = pattern});
    }
  }
  return !paths.empty() && IsIncluded(AsPaths(need), paths) == Answer::Yes;
}

ExecEntries::ExecEntries(const ir::Project& project) {
  const std::vector<PatternEntry>& patterns = project.security.patterns;
  for (uint32_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].capability != Capability::Exec) continue;
    const std::vector<std::string_view> words = SplitExecPattern(project.text(patterns[i].pattern));
    if (!words.empty()) by_word_[words.front()].push_back(i);
  }
}

std::vector<uint32_t> ExecEntries::Find(Range range, std::string_view word) const {
  std::vector<uint32_t> found;
  for (const std::string_view first : {word, std::string_view("*")}) {
    const auto entries = by_word_.find(first);
    if (entries == by_word_.end() || (first == "*" && word == "*" && !found.empty())) continue;
    const auto begin = std::ranges::lower_bound(entries->second, range.first);
    found.insert(found.end(), begin, std::ranges::lower_bound(entries->second, range.end()));
  }
  std::ranges::sort(found);
  return found;
}

GrantChecker::GrantChecker(const ir::Project& project) : project_(project), exec_entries_(project) {
  const auto& scopes = project.security.scopes;
  for (const ir::ScopeId id : scopes.ids()) scopes_of_[scopes[id].target].push_back(id);
}

std::vector<ir::ScopeId> GrantChecker::ScopesFor(ir::StageId stage_id, const Need& need) const {
  std::vector<ir::ScopeId> found;
  const auto add = [&](const ir::ScopeTarget& target) {
    const auto scopes = scopes_of_.find(target);
    if (scopes == scopes_of_.end()) return;
    found.insert(found.end(), scopes->second.begin(), scopes->second.end());
  };
  add(std::monostate());
  const bool has_inner_scopes = scopes_of_.size() > 1;
  if (!has_inner_scopes) return found;
  add(project_.stages[stage_id].workflow);
  // The scopes of the stages around this one narrow it too.
  for (ir::StageId at = stage_id; at.has_value();) {
    add(at);
    at = project_.bodies[project_.stages[at].body].owner;
  }
  if (need.agent.has_value()) add(need.agent);
  if (need.tool.has_value()) add(need.tool);
  std::ranges::sort(found);
  return found;
}

GrantChecker::Answer GrantChecker::Check(ir::StageId stage, const Need& need) {
  Question question{.text = need.text,
                    .capability = need.capability,
                    .form = need.form,
                    .has_more_words = need.has_more_words,
                    .scopes = ScopesFor(stage, need)};
  const auto [known, is_new] = known_.try_emplace(std::move(question));
  if (is_new) known->second = CheckScopes(known->first.scopes, need);
  return {.verdict = known->second, .is_new = is_new};
}

std::span<const PatternEntry> GrantChecker::EntriesFor(Range range, const Need& need,
                                                       std::vector<PatternEntry>& found) const {
  const std::vector<PatternEntry>& patterns = project_.security.patterns;
  if (need.capability != Capability::Exec || need.words.empty())
    return ir::Project::View(patterns, range);
  for (const uint32_t i : exec_entries_.Find(range, need.words.front()))
    found.push_back(patterns[i]);
  return found;
}

Verdict GrantChecker::CheckScopes(std::span<const ir::ScopeId> scopes, const Need& need) const {
  const ir::Security& security = project_.security;
  const auto bit = static_cast<uint16_t>(1u << static_cast<unsigned>(need.capability));
  ir::ScopeId asked_at_run;
  for (const ir::ScopeId id : scopes) {
    const ir::Scope& scope = security.scopes[id];
    std::vector<PatternEntry> denied;
    std::vector<PatternEntry> allowed;
    const auto deny = EntriesFor(scope.deny, need, denied);
    const bool is_dynamic = need.form == Need::Form::Dynamic;
    if (!is_dynamic && IsCovered(project_, need, deny))
      return {.kind = Verdict::Kind::Denied, .scope = id};
    if (std::ranges::any_of(
            deny, [&](const PatternEntry& entry) { return Meets(project_, need, entry); })) {
      asked_at_run = id;
    }
    const bool speaks = scope.kind() == ir::Scope::Kind::Project || (scope.mentioned & bit) != 0;
    if (!speaks) continue;
    const auto allow = EntriesFor(scope.allow, need, allowed);
    const bool meets_some = std::ranges::any_of(
        allow, [&](const PatternEntry& entry) { return Meets(project_, need, entry); });
    if (!meets_some) return {.kind = Verdict::Kind::NotAllowed, .scope = id};
    const auto allows_all = [&](const PatternEntry& entry) {
      return entry.capability == need.capability && project_.text(entry.pattern) == "*" &&
             !IsPath(need.capability);
    };
    const bool is_covered =
        is_dynamic ? std::ranges::any_of(allow, allows_all) : IsCovered(project_, need, allow);
    if (is_covered) continue;
    // The grant may ask for words that are only known when the command runs.
    const bool has_later_words = need.capability == Capability::Exec && need.has_more_words;
    if (!is_dynamic && !has_later_words) return {.kind = Verdict::Kind::NotAllowed, .scope = id};
    asked_at_run = id;
  }
  if (asked_at_run.has_value()) return {.kind = Verdict::Kind::CheckedAtRun, .scope = asked_at_run};
  return {};
}

}  // namespace wfc::passes
