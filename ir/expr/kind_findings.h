// What is wrong with an operation that fails for one of the kinds that its operand can be of, in
// words: T004 where that is null, else E003. Inference reports operators and calls so, the checks
// of whole expressions what is read of such a value.
#pragma once

#include <string>

#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

struct KindFinding {
  std::string shown;    ///< the operand: "`input.o`", "this value"
  std::string subject;  ///< of which kinds are meant, where it is not the operand: "an item of …"
  Type type;
  KindSet odd = 0;        ///< kinds that it can be of, and for which the operation fails
  std::string rule;       ///< "`size` takes string, bytes, list or map here"
  std::string use;        ///< what stands there and may stay where the kind is right; "": "…"
  bool is_local = false;  ///< a name of the expression is read, which no `if` sees
  std::string instead;    ///< a way to mend it beside asking first; "": none
};

/// Whether a name that a comprehension or `cel.bind` makes is read, which no `if` sees.
[[nodiscard]] bool ReadsLocal(const ExprStore& store, ExprId id);

/// Reports it with a value of the odd kinds, where one is known, and the ways to mend it.
diag::Reported ReportKind(diag::Sink& sink, TypeTable& table, Span span,
                          const KindFinding& finding);

}  // namespace wfc::expr
