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
  explicit FindingPlaces(const ir::Project& project);

  /// The stage that the finding was reported for, or else the one that it stands in.
  [[nodiscard]] ir::StageId StageOf(const diag::Diagnostic& finding) const {
    return finding.stage.has_value() ? finding.stage : FindStage(finding.span);
  }
  /// The innermost stage around the beginning of `span`; none when it stands in none.
  [[nodiscard]] ir::StageId FindStage(Span span) const;

 private:
  struct Place {
    Span span;
    ir::StageId stage;
    uint32_t outer;  ///< the place around it; the maximum: none
  };
  std::vector<Place> places_;  ///< sorted by file and beginning, outer ones first
};

}  // namespace wfc::passes
