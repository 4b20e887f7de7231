// Finds the stage that a finding is about, for checks that stay silent near other findings and for
// the check that comments on the findings of others.
#pragma once

#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/project.h"

namespace wfc::passes {

/// Looks up stages by position. The spans of stages nest as their bodies do.
class FindingPlaces {
 public:
  explicit FindingPlaces(const ir::Project& project) : project_(project) {}

  /// The stage that the finding was reported for, or else the one that its span is in.
  [[nodiscard]] ir::StageId StageOf(const diag::Diagnostic& finding) {
    return finding.stage.has_value() ? finding.stage : FindStage(finding.span);
  }
  /// The innermost stage around the beginning of `span`; none if the span is outside of all stages.
  [[nodiscard]] ir::StageId FindStage(Span span);

 private:
  void Collect();

  struct Place {
    Span span;
    ir::StageId stage;
    uint32_t outer;  ///< the place around it; the maximum: none
  };
  const ir::Project& project_;
  /// Sorted by file and beginning, outer places first. Collected on first use, since most projects
  /// have no finding.
  std::vector<Place> places_;
};

}  // namespace wfc::passes
