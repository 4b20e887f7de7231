// Decides whether the scopes that hold for a stage grant what it needs (docs/language/security.md).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/project.h"
#include "passes/grants/needs.h"

namespace wfc::passes {

/// The answer of the scopes to a need.
struct Verdict {
  enum class Kind : uint8_t {
    Granted,
    CheckedAtRun,  ///< S017: dynamic, or a denial overlaps it
    NotAllowed,    ///< S013: `scope` speaks of the capability and does not allow it
    Denied,        ///< S013: wholly inside what `scope` denies
  };
  Kind kind = Kind::Granted;
  /// For CheckedAtRun, the scope whose denial overlaps, or the one that is asked.
  ir::ScopeId scope;
};

/// Whether `entry` of an `allow` list covers some of what is needed.
[[nodiscard]] bool Meets(const ir::Project& project, const Need& need,
                         const ir::PatternEntry& entry);

/// An index of `exec` entries by their first word, so that a match among thousands is found without
/// looking at each.
class ExecEntries {
 public:
  explicit ExecEntries(const ir::Project& project);

  /// The entries in `range` that may describe a command whose first word is `word`, as ascending
  /// indices into Security::patterns.
  [[nodiscard]] std::vector<uint32_t> Find(Range range, std::string_view word) const;

 private:
  std::unordered_map<std::string_view, std::vector<uint32_t>> by_word_;
};

/// Checks needs against scopes. Verdicts are cached, since most stages have the same needs.
class GrantChecker {
 public:
  explicit GrantChecker(const ir::Project& project);

  /// The scopes that hold for `stage` when it has `need`, by ascending id: the project's and those
  /// of its workflow, of the stages around it, and of the agent and the tool of the need.
  [[nodiscard]] std::vector<ir::ScopeId> ScopesFor(ir::StageId stage, const Need& need) const;

  struct Answer {
    Verdict verdict;
    bool is_new = false;  ///< no earlier need was the same, under the same scopes
  };
  [[nodiscard]] Answer Check(ir::StageId stage, const Need& need);

  [[nodiscard]] const ExecEntries& exec_entries() const { return exec_entries_; }

 private:
  /// Everything that a verdict depends on.
  struct Question {
    std::string text;
    ir::Capability capability;
    Need::Form form;
    bool has_more_words;
    std::vector<ir::ScopeId> scopes;
    auto operator<=>(const Question&) const = default;
  };

  /// A superset of the entries in `range` that can match the need. `found` may be used as storage
  /// for the result.
  [[nodiscard]] std::span<const ir::PatternEntry> EntriesFor(
      Range range, const Need& need, std::vector<ir::PatternEntry>& found) const;
  [[nodiscard]] Verdict CheckScopes(std::span<const ir::ScopeId> scopes, const Need& need) const;

  const ir::Project& project_;
  ExecEntries exec_entries_;
  std::map<ir::ScopeTarget, std::vector<ir::ScopeId>> scopes_of_;
  std::map<Question, Verdict> known_;
};

/// Whether `entries` of the need's capability cover all that `need` names.
[[nodiscard]] bool IsCovered(const ir::Project& project, const Need& need,
                             std::span<const ir::PatternEntry> entries);

}  // namespace wfc::passes
