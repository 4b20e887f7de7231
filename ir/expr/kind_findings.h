// Reports an operation that fails for some of the kinds that its operand may have: as T004 if that
// kind is null, otherwise as E003. Inference reports operators and calls this way, and the checks
// of whole expressions report reads of fields.
#pragma once

#include <string>

#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// The parts of the message. All texts are lower case and without a final stop.
struct KindFinding {
  std::string shown;    ///< the operand as the message shows it: "`input.o`", "this value"
  std::string subject;  ///< what has these kinds, if it is not the operand itself: "an item of …"
  /// The type of the subject.
  Type type;
  KindSet odd = 0;   ///< the kinds that it may have and for which the operation fails
  std::string rule;  ///< "`size` takes string, bytes, list or map here"
  std::string use;   ///< the expression that may stay where the kind is right; "" shows "…"
  /// The operand reads a name bound inside the expression, which no `if` can test.
  bool is_local = false;
  std::string instead;  ///< another way to fix the expression; "" means that there is none
};

/// Whether the expression reads a name that a comprehension or `cel.bind` binds.
[[nodiscard]] bool ReadsLocal(const ExprStore& store, ExprId id);

/// Reports the finding with an example value of the odd kinds, if one is known, and a note with the
/// ways to fix it.
diag::Reported ReportKind(diag::Sink& sink, TypeTable& table, Span span,
                          const KindFinding& finding);

}  // namespace wfc::expr
