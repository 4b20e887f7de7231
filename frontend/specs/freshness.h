// Checks whether the specifications of a project were reviewed recently (P001). The driver calls it
// in every analysis, and says which day today is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/diag/sink.h"
#include "ir/files/project_files.h"
#include "ir/support/source_map.h"

namespace wfc::specs {

/// Days since 1970-01-01 in UTC.
using Day = int32_t;

/// A glob of `specs.files` and the place where it is written.
struct FileGlob {
  std::string_view pattern;
  Span span;
};

/// The contents of the section `specs`, with defaults.
struct FreshnessRules {
  std::vector<FileGlob> files;  ///< relative to the project's folder
  /// The greatest age of a review in nanoseconds, of which only whole days count.
  int64_t max_age_ns = 30ll * 24 * 3600 * 1'000'000'000;
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

/// The result of parsing a date.
struct ParsedDay {
  /// `Malformed` is not of the form YYYY-MM-DD; `Impossible` is, but names no day of the calendar.
  enum class Status : uint8_t { Ok, Malformed, Impossible };
  Status status = Status::Malformed;
  Day day = 0;  ///< meaningful only for Ok
};
/// Parses a date of the form YYYY-MM-DD.
[[nodiscard]] ParsedDay ParseDay(std::string_view text);
/// Writes a day in the form YYYY-MM-DD.
[[nodiscard]] std::string FormatDay(Day day);

}  // namespace wfc::specs
