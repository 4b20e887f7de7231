// The same intersection as in the compiler's proof, but on values instead of patterns: a denial in
// any scope wins, and every scope that mentions the capability must allow the subject. The
// project's scope mentions every capability.
#include "backend-runtime/runtime/evaluate/authority.h"

#include <algorithm>

#include "ir/base/exec_pattern.h"
#include "ir/base/path_pattern.h"

namespace wfc::runtime {
namespace {

using Entry = AuthorityScope::Entry;

bool IsPath(Capability capability) {
  return capability == Capability::FsRead || capability == Capability::FsWrite;
}

/// Whether a host with an optional port matches a pattern: a host or `*.suffix`, with an optional
/// port. A pattern without a port matches every port.
bool MatchesHost(std::string_view pattern, std::string_view host) {
  if (pattern.find(':') == std::string_view::npos) host = host.substr(0, host.rfind(':'));
  if (!pattern.starts_with("*.")) return pattern == host;
  const std::string_view suffix = pattern.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

bool Matches(const Entry& entry, std::string_view subject, std::span<const std::string> argv) {
  if (IsPath(entry.capability)) return MatchesPathPattern(entry.pattern, subject);
  if (entry.capability == Capability::Exec) return MatchesExecPattern(entry.pattern, argv);
  if (entry.pattern == "*") return true;
  if (entry.capability == Capability::Net) return MatchesHost(entry.pattern, subject);
  return entry.pattern == subject;
}

const Entry* FindMatch(std::span<const Entry> entries, Capability capability,
                       std::string_view subject, std::span<const std::string> argv) {
  const auto it = std::ranges::find_if(entries, [&](const Entry& entry) {
    return entry.capability == capability && Matches(entry, subject, argv);
  });
  return it == entries.end() ? nullptr : &*it;
}

std::string Quoted(std::string_view pattern) {
  return "`" + std::string(pattern) + "`";
}

}  // namespace

Authority::Authority(SlotId slot, std::vector<const AuthorityScope*> scopes,
                     CapabilitySet forbidden_by_mode, std::string_view mode, Audit audit)
    : slot_(slot),
      scopes_(std::move(scopes)),
      forbidden_by_mode_(forbidden_by_mode),
      mode_(mode),
      audit_(std::move(audit)) {}

bool Authority::Check(Capability capability, std::string_view subject) const {
  const Decision decision = Decide(capability, subject, {});
  if (audit_) audit_(decision);
  return decision.is_allowed;
}

bool Authority::CheckExec(std::span<const std::string> argv) const {
  const Decision decision = Decide(Capability::Exec, ShowCommand(argv), argv);
  if (audit_) audit_(decision);
  return decision.is_allowed;
}

void Authority::Report(Decision refusal) const {
  refusal.slot = slot_;
  if (audit_) audit_(refusal);
}

bool Authority::AllowsExec(std::span<const std::string> argv) const {
  return Decide(Capability::Exec, ShowCommand(argv), argv).is_allowed;
}

bool Authority::Allows(Capability capability, std::string_view subject) const {
  return Decide(capability, subject, {}).is_allowed;
}

Decision Authority::Decide(Capability capability, std::string_view subject,
                           std::span<const std::string> argv) const {
  Decision decision{.slot = slot_,
                    .capability = capability,
                    .subject = std::string(subject),
                    .reason = "no scope allows it"};
  const CapabilitySet bit = Bit(capability);
  if ((forbidden_by_mode_ & bit) != 0) {
    decision.reason = "forbidden in mode " + std::string(mode_);
    return decision;
  }
  for (const AuthorityScope* scope : scopes_) {
    if (const Entry* denial = FindMatch(scope->deny, capability, subject, argv)) {
      decision.reason = "denied by " + Quoted(denial->pattern);
      return decision;
    }
  }
  bool is_spoken_of = false;
  for (const AuthorityScope* scope : scopes_) {
    if ((scope->mentioned & bit) == 0) continue;
    is_spoken_of = true;
    const Entry* grant = FindMatch(scope->allow, capability, subject, argv);
    if (grant == nullptr) {
      decision.reason =
          "a scope that mentions " + std::string(Spell(capability)) + " does not allow it";
      return decision;
    }
    decision.reason = "allowed by " + Quoted(grant->pattern);
  }
  decision.is_allowed = is_spoken_of;
  return decision;
}

}  // namespace wfc::runtime
