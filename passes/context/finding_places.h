// Which stage a finding stands in: for checks that keep silent near another's finding, and for the
// one that comments on them.
#pragma once

#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/project.h"

namespace wfc::passes {

/// Spans of stages, nested as their bodies are.
class FindingPlaces {
 public:
  explicit FindingPlaces(const ir::Project& project) : project_(project) {}

  /// The stage that the finding was reported for, or else the one that it stands in.
  [[nodiscard]] ir::StageId StageOf(const diag::Diagnostic& finding) {
    return finding.stage.has_value() ? finding.stage : FindStage(finding.span);
  }
  /// The innermost stage around the beginning of `span`; none when it stands in none.
  [[nodiscard]] ir::StageId FindStage(Span span);

 private:
  void Collect();

  struct Place {
    Span span;
    ir::StageId stage;
    uint32_t outer;  ///< the place around it; the maximum: none
  };
  const ir::Project& project_;
  /// Sorted by file and beginning, outer ones first. Collected when one is asked for: most projects
  /// have no finding.
  std::vector<Place> places_;
};

}  // namespace wfc::passes
