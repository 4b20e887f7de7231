// Applies the fixes of findings to the texts of files. Nothing is written here; `wfc check --fix`
// and `--diff` call it and decide what becomes of the result.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

/// Edits of one file, by position, none overlapping another.
struct FileEdits {
  FileId file;
  std::vector<Edit> edits;
};

/// The fixes that can be applied at once.
struct FixPlan {
  std::vector<FileEdits> files;
  uint32_t fixed_count = 0;      ///< findings whose fix is in it
  uint32_t postponed_count = 0;  ///< findings whose fix overlaps one that is in it
};

/// Takes the fixes in the order of `findings`, each as a whole or not at all. A fix that several
/// findings share is applied once.
[[nodiscard]] FixPlan PlanFixes(const std::vector<Diagnostic>& findings, FixSafety least_safe);

[[nodiscard]] std::string ApplyEdits(std::string_view text, std::span<const Edit> edits);

/// A unified diff with three lines of context, as `patch` and `git apply` read it.
[[nodiscard]] std::string FormatDiff(const SourceMap& sources, const FileEdits& edits);

}  // namespace wfc::diag
