// Authority: what a node may do, checked at the moment of use. The plan's scopes that hold for the
// node are intersected here as the compiler intersected them (language.md, "Security"); nothing
// that was proved is taken on trust.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/runtime/ids.h"
#include "ir/base/words.h"

namespace wfc::runtime {

/// One check, as the audit log gets it.
struct Decision {
  NodeId node;
  Capability capability = Capability::FsRead;
  std::string subject;  ///< the path, host, argv (words joined by a space), group or name
  bool is_allowed = false;
  std::string reason;  ///< "allowed by `src/**`", "denied by `**/.env`", "no scope allows it",
                       ///< "forbidden in mode review"
};

/// What one scope says. Views into the plan.
struct AuthorityScope {
  struct Entry {
    Capability capability;
    std::string_view pattern;
  };
  std::vector<Entry> allow;
  std::vector<Entry> deny;
  CapabilitySet mentioned = 0;  ///< that `allow` speaks of
};

class Authority {
 public:
  /// Where every decision is reported; called on the thread that checks (workers too), so it locks.
  using Audit = std::function<void(const Decision&)>;

  Authority(NodeId node, std::vector<const AuthorityScope*> scopes, CapabilitySet forbidden_by_mode,
            std::string_view mode, Audit audit);

  /// Whether `subject` may be used; reported to the audit.
  [[nodiscard]] bool Check(Capability capability, std::string_view subject) const;
  /// For commands: `argv` against the word prefixes of `exec`.
  [[nodiscard]] bool CheckExec(std::span<const std::string> argv) const;
  /// The same judgement without a report: for leaving denied paths out of listings, and for
  /// simulation.
  [[nodiscard]] bool Allows(Capability capability, std::string_view subject) const;
  [[nodiscard]] bool AllowsExec(std::span<const std::string> argv) const;

 private:
  [[nodiscard]] Decision Decide(Capability capability, std::string_view subject,
                                std::span<const std::string> argv) const;

  NodeId node_;
  std::vector<const AuthorityScope*> scopes_;
  CapabilitySet forbidden_by_mode_;
  std::string_view mode_;
  Audit audit_;
};

}  // namespace wfc::runtime
