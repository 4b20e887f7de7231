// Whether the specifications of a project were reviewed lately (P001). `wfc check` and `wfc guard`
// run it; what day it is they say.
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

/// A glob of `specs.files`, and where it is written.
struct FileGlob {
  std::string_view pattern;
  Span span;
};

struct FreshnessRules {
  std::vector<FileGlob> files;  ///< relative to the project's folder
  int64_t max_age_ns = 30ll * 24 * 3600 * 1'000'000'000;
  std::vector<std::string_view> inactive;  ///< values of `status` that exempt a specification
  Day today = 0;
};

struct FreshnessCounts {
  uint32_t checked = 0;
  uint32_t inactive = 0;
};

/// What counts as inactive when `specs.inactive` is not written.
[[nodiscard]] std::vector<std::string_view> DefaultInactive();

/// Reads the front matter of every file that a glob describes and reports each review that is
/// stale, missing, malformed, not a real date or later than today. The files join `sources`.
FreshnessCounts CheckFreshness(const FreshnessRules& rules, files::ProjectFiles& files,
                               SourceMap& sources, diag::Sink& sink);

/// The day that `YYYY-MM-DD` names.
struct ParsedDay {
  enum class Status : uint8_t { Ok, Malformed, Impossible };
  Status status = Status::Malformed;
  Day day = 0;
};
[[nodiscard]] ParsedDay ParseDay(std::string_view text);
[[nodiscard]] std::string FormatDay(Day day);

}  // namespace wfc::specs
