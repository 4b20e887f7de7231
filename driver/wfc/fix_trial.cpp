#include "driver/wfc/fix_trial.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string_view>

#include "ir/diag/findings.h"

namespace wfc::driver {
namespace {

/// The number of analyses that may be spent on trials. Fixes that are not known to be good by then
/// are left out.
constexpr int kMaxTrials = 64;

size_t IndexOf(diag::Severity severity) {
  switch (severity) {
    case diag::Severity::Error:
      return 0;
    case diag::Severity::Warning:
      return 1;
    case diag::Severity::Note:
      return 2;
  }
  return 2;
}

/// Whether the finding may hide others, because a file, a key or a name was not understood and what
/// depends on it could not be checked.
bool MayHide(const diag::Diagnostic& finding) {
  return finding.severity == diag::Severity::Error && diag::DoesHide(finding, diag::Hides::Needs);
}

/// The number of findings of each severity, worst first.
using Severities = std::array<int64_t, 3>;

/// How bad a project is. Findings that hide others count before all else: with one more of them,
/// fewer findings say nothing.
struct Counts {
  int64_t hiding = 0;
  Severities by_severity = {};

  friend auto operator<=>(const Counts&, const Counts&) = default;
};

Counts Count(const Findings& findings) {
  Counts counts = {};
  for (const diag::Diagnostic& finding : findings) {
    ++counts.by_severity[IndexOf(finding.severity)];
    if (MayHide(finding)) ++counts.hiding;
  }
  return counts;
}

ChangedFiles Apply(const diag::FixPlan& plan, const SourceMap& sources) {
  ChangedFiles files;
  for (const diag::FileEdits& file : plan.files) {
    files.emplace_back(std::string(sources.path(file.file)),
                       diag::ApplyEdits(sources.text(file.file), file.edits));
  }
  return files;
}

/// Finds a large set of fixes that are good together, by bisection.
class FixTrial {
 public:
  /// `good` are fixes that are kept without a trial, and that are part of every trial.
  FixTrial(diag::FixSafety least_safe, const SourceMap& sources, const CheckChanged& check,
           Findings good)
      : least_safe_(least_safe), sources_(sources), check_(check), good_(std::move(good)) {
    if (const std::optional<Findings> found = CheckWith(good_)) before_ = Count(*found);
  }

  /// Keeps the fixes of `fixable` that are good together with those that have been kept already.
  void Keep(std::span<const diag::Diagnostic> fixable) {
    if (fixable.empty() || !before_) return;
    Findings tried = good_;
    tried.insert(tried.end(), fixable.begin(), fixable.end());
    if (IsGood(tried)) {
      good_ = std::move(tried);
      return;
    }
    if (fixable.size() == 1) return;
    const size_t half = fixable.size() / 2;
    Keep(fixable.first(half));
    Keep(fixable.subspan(half));
  }

  [[nodiscard]] const Findings& good() const { return good_; }

 private:
  [[nodiscard]] std::optional<Findings> CheckWith(const Findings& fixed) const {
    return check_(Apply(diag::PlanFixes(fixed, least_safe_), sources_));
  }
  [[nodiscard]] bool IsGood(const Findings& fixed) {
    if (++trials_ > kMaxTrials) return false;
    const std::optional<Findings> after = CheckWith(fixed);
    return after && Count(*after) <= *before_;
  }

  diag::FixSafety least_safe_;
  const SourceMap& sources_;
  const CheckChanged& check_;
  Findings good_;
  std::optional<Counts> before_;
  int trials_ = 0;
};

}  // namespace

diag::FixPlan PlanGoodFixes(const Findings& findings, diag::FixSafety least_safe,
                            const SourceMap& sources, const CheckChanged& check) {
  Findings hiding;
  Findings others;
  for (const diag::Diagnostic& finding : findings) {
    const bool is_fixable = finding.fix && !finding.fix->edits.empty();
    const bool is_unsafe = is_fixable && finding.fix->safety == diag::FixSafety::Unsafe;
    if (!is_fixable || (is_unsafe && least_safe == diag::FixSafety::Safe)) continue;
    (MayHide(finding) ? hiding : others).push_back(finding);
  }
  if (others.empty()) return diag::PlanFixes(hiding, least_safe);
  // Of several fixes at the same place, that of the worst finding comes first and is taken.
  Findings by_severity;
  for (size_t severity = 0; severity < Severities().size(); ++severity) {
    std::ranges::copy_if(others, std::back_inserter(by_severity), [&](const auto& finding) {
      return IndexOf(finding.severity) == severity;
    });
  }
  FixTrial trial(least_safe, sources, check, std::move(hiding));
  trial.Keep(by_severity);
  return diag::PlanFixes(trial.good(), least_safe);
}

}  // namespace wfc::driver
