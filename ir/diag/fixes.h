// Applies the fixes of findings to texts in memory. `wfc check --fix` and `--diff` call these
// functions and write or print the result.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

/// The edits of one file, sorted by position. They do not overlap.
struct FileEdits {
  FileId file;
  std::vector<Edit> edits;
};

/// A set of fixes that can be applied together.
struct FixPlan {
  std::vector<FileEdits> files;
  uint32_t fixed_count = 0;      ///< findings whose fix is in the plan
  uint32_t postponed_count = 0;  ///< findings whose fix overlaps one in the plan
};

/// Takes the fixes in the order of `findings`, each as a whole or not at all. A fix that several
/// findings share is applied once. Unsafe fixes are skipped when `least_safe` is Safe.
[[nodiscard]] FixPlan PlanFixes(const std::vector<Diagnostic>& findings, FixSafety least_safe);

/// `text` with `edits` applied. The edits are sorted by position and do not overlap.
[[nodiscard]] std::string ApplyEdits(std::string_view text, std::span<const Edit> edits);

/// The edits of one file as a unified diff with three lines of context, which `patch` and `git
/// apply` accept.
[[nodiscard]] std::string FormatDiff(const SourceMap& sources, const FileEdits& edits);

}  // namespace wfc::diag
