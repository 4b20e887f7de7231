// Grants: whether the scopes that hold for a stage allow what it needs (language.md, "Security").
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

/// How a need stands against the scopes.
struct Verdict {
  enum class Kind : uint8_t {
    Granted,
    CheckedAtRun,  ///< S017: dynamic, or a denial overlaps it
    NotAllowed,    ///< S013: `scope` speaks of the capability and does not allow it
    Denied,        ///< S013: wholly inside what `scope` denies
  };
  Kind kind = Kind::Granted;
  size_t scope = 0;  ///< index in Security::scopes; for CheckedAtRun, of the denial that overlaps
                     ///< or the scope that is asked
};

/// Whether `entry` of an allow covers some of what is needed.
[[nodiscard]] bool Meets(const ir::Project& project, const Need& need,
                         const ir::PatternEntry& entry);

/// Entries of `exec` by their first word, so that one of thousands is found without a look at each.
class ExecEntries {
 public:
  explicit ExecEntries(const ir::Project& project);

  /// Those of `range` that may describe a command that begins with `word`, as indices in
  /// Security::patterns, in ascending order.
  [[nodiscard]] std::vector<uint32_t> Find(Range range, std::string_view word) const;

 private:
  std::unordered_map<std::string_view, std::vector<uint32_t>> by_word_;
};

/// Checks needs against scopes; remembers what it answered, since most stages need the same.
class GrantChecker {
 public:
  explicit GrantChecker(const ir::Project& project);

  /// Indices in Security::scopes of those that hold for `stage` through `need`'s agent and tool;
  /// the project's first.
  [[nodiscard]] std::vector<size_t> ScopesFor(ir::StageId stage, const Need& need) const;

  [[nodiscard]] Verdict Check(ir::StageId stage, const Need& need);

  [[nodiscard]] const ExecEntries& exec_entries() const { return exec_entries_; }

 private:
  /// What a verdict depends on.
  struct Question {
    std::string text;
    ir::Capability capability;
    Need::Form form;
    bool has_more_words;
    std::vector<size_t> scopes;
    auto operator<=>(const Question&) const = default;
  };

  /// The entries of `range` among which those that speak of the need are.
  [[nodiscard]] std::span<const ir::PatternEntry> EntriesFor(
      Range range, const Need& need, std::vector<ir::PatternEntry>& found) const;
  [[nodiscard]] Verdict CheckScopes(std::span<const size_t> scopes, const Need& need) const;

  const ir::Project& project_;
  ExecEntries exec_entries_;
  std::vector<size_t> everywhere_;  ///< the project's scope
  bool has_inner_scopes_ = false;
  std::map<Question, Verdict> known_;
};

/// Whether all that `need` names is inside `entries` of its capability.
[[nodiscard]] bool IsCovered(const ir::Project& project, const Need& need,
                             std::span<const ir::PatternEntry> entries);

}  // namespace wfc::passes
