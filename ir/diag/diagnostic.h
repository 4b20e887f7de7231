// Diagnostic: one finding, with all that any output form shows of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/base/id.h"
#include "ir/base/span.h"
#include "ir/diag/code.h"

namespace wfc::ir {
struct StageTag;
}

namespace wfc::diag {

/// The other half of a finding; its span may be empty (a note on the whole).
struct Note {
  Span span;
  std::string message;
};

/// Replaces the bytes of `span` (empty: inserts before `span.begin`) by `text`.
struct Edit {
  Span span;
  std::string text;
};

enum class FixSafety : uint8_t { Safe, Unsafe };

/// Edits that together remove the cause; they do not overlap.
struct Fix {
  std::string title;  ///< imperative: "rename the key to `after`"
  FixSafety safety = FixSafety::Safe;
  std::vector<Edit> edits;
};

struct Diagnostic {
  Code code;
  Severity severity;  ///< the table's, unless a verb raised it (L001 in compile, --strict)
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::optional<Fix> fix;
  Id<ir::StageTag> stage;  ///< that was looked at when it was reported; none: no one stage
};

}  // namespace wfc::diag
