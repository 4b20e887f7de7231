// Checks whether the specifications of a project were reviewed recently (P001). The driver calls it
// in every analysis, and says which day today is.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ir/base/day.h"
#include "ir/diag/sink.h"
#include "ir/files/project_files.h"
#include "ir/support/source_map.h"

namespace wfc::specs {

/// A glob of `specs.files` and the place where it is written.
struct FileGlob {
  std::string_view pattern;
  Span span;
};

/// The contents of the section `specs`, with defaults.
struct FreshnessRules {
  std::vector<FileGlob> files;  ///< relative to the project's folder
  /// The greatest age of a review in nanoseconds, of which only whole days count.
  int64_t max_age_ns = kDefaultReviewAge;
  std::vector<std::string_view> inactive;  ///< values of `status` that exempt a specification
  Day today = 0;
};

/// How many specifications were checked, and how many were exempt because of their status.
struct FreshnessCounts {
  uint32_t checked = 0;
  uint32_t inactive = 0;
};

/// The statuses that exempt a specification if `specs.inactive` is missing.
[[nodiscard]] std::vector<std::string_view> DefaultInactive();

/// Reads the front matter of every file that matches a glob, and reports each review that is stale,
/// missing, malformed, not a real date or later than today, as well as globs without a match. The
/// files are added to `sources`.
FreshnessCounts CheckFreshness(const FreshnessRules& rules, files::ProjectFiles& files,
                               SourceMap& sources, diag::Sink& sink);

}  // namespace wfc::specs
