// Authority: what a node may do, checked at the moment of use. The scopes of the plan that apply to
// the node are intersected here as the compiler intersected them (docs/language/security.md); the
// runtime does not rely on the compiler's proof.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/runtime/machine/ids.h"
#include "ir/base/words.h"

namespace wfc::runtime {

/// The result of one check, as the audit log records it.
struct Decision {
  SlotId slot;  ///< whose attempt it is
  Capability capability = Capability::FsRead;
  std::string subject;  ///< the path, host, argv (words joined by a space), group or name
  bool is_allowed = false;
  std::string reason;  ///< "allowed by `src/**`", "denied by `**/.env`", "no scope allows it",
                       ///< "forbidden in mode review"
};

/// What one scope allows and denies. Its views point into the plan.
struct AuthorityScope {
  /// A pattern and the capability that it concerns.
  struct Entry {
    Capability capability;
    std::string_view pattern;
  };
  std::vector<Entry> allow;
  std::vector<Entry> deny;
  /// The capabilities that the scope restricts. If `allow` has no entry for one of them, the scope
  /// allows nothing of that capability.
  CapabilitySet mentioned = 0;
};

/// Made by Grants, one for each attempt. Its checks are const and may run on several threads.
class Authority {
 public:
  /// Receives every decision. It is called on the thread that checks, which may be a worker's, so
  /// it must be thread-safe.
  using Audit = std::function<void(const Decision&)>;

  /// The scopes and the text of `mode` must outlive the object; `audit` may be empty. What
  /// `forbidden_by_mode` names is denied before any scope is asked.
  Authority(SlotId slot, std::vector<const AuthorityScope*> scopes, CapabilitySet forbidden_by_mode,
            std::string_view mode, Audit audit);

  /// Whether `subject` may be used. The decision is reported.
  [[nodiscard]] bool Check(Capability capability, std::string_view subject) const;
  /// Whether the command `argv` may be started, by the word prefixes of `exec`. The decision is
  /// reported.
  [[nodiscard]] bool CheckExec(std::span<const std::string> argv) const;
  /// Reports a refusal for which no scope was asked. Its slot is filled in.
  void Report(Decision refusal) const;
  /// The decisions of `Check` and `CheckExec` without a report, for omitting denied paths from
  /// listings and for simulation.
  [[nodiscard]] bool Allows(Capability capability, std::string_view subject) const;
  [[nodiscard]] bool AllowsExec(std::span<const std::string> argv) const;

 private:
  [[nodiscard]] Decision Decide(Capability capability, std::string_view subject,
                                std::span<const std::string> argv) const;

  SlotId slot_;
  std::vector<const AuthorityScope*> scopes_;
  CapabilitySet forbidden_by_mode_;
  std::string_view mode_;
  Audit audit_;
};

}  // namespace wfc::runtime
