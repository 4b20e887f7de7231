// Diagnostic: one finding, with everything that any output form shows of it.
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

/// An additional message of a finding, usually at the other place involved. Without a span it is
/// about the finding as a whole.
struct Note {
  Span span;
  std::string message;
};

/// Replaces the bytes of `span` with `text`. An empty span inserts `text` before `span.begin`.
struct Edit {
  Span span;
  std::string text;
};

/// Safe: the fix keeps the meaning of the text, or gives it the meaning that was plainly intended.
/// Unsafe: a person should look at the result first.
enum class FixSafety : uint8_t { Safe, Unsafe };

/// A set of edits that together remove the cause of a finding. The edits do not overlap.
struct Fix {
  std::string title;  ///< imperative mood: "rename the key to `after`"
  FixSafety safety = FixSafety::Safe;
  std::vector<Edit> edits;
};

/// A finding of any phase.
struct Diagnostic {
  Code code;
  /// The severity of the table, unless a verb raised it (L001 in compile, --strict).
  Severity severity;
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::optional<Fix> fix;
  /// The stage that was being checked when the finding was reported; no value when it was no single
  /// stage.
  Id<ir::StageTag> stage;
};

}  // namespace wfc::diag
