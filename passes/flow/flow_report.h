// Words T001 and T004: what does not fit where it flows to, where each side is declared, and the
// changes that would repair it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ir/expr/infer.h"
#include "ir/expr/type.h"
#include "passes/context/pass.h"
#include "passes/flow/fit.h"
#include "passes/flow/origin.h"

namespace wfc::passes {

/// The receiver of a value.
struct Consumer {
  ir::SchemaId schema;
  Span written;                 ///< its schema; none: a built-in's
  std::string pointer;          ///< of the schema's values, the part that is meant
  std::string name;             ///< "the argument `limit` of the tool `search`"
  std::string path;             ///< from what the name says to the part: a JSON pointer
  bool is_of_stage = false;     ///< a stage receives it, which may have an `if`
  ir::SchemaId filled_by = {};  ///< whose defaults are filled in before; none: nothing is
};

/// The place that a value flows from: an expression, or another place with what is known of its
/// values.
struct Producer {
  ir::ExprId expression;  ///< none: it stands nowhere
  expr::Type type;
  Span span;
  ir::WorkflowId workflow;
  std::optional<Origin> origin;  ///< when it stands nowhere: who yields it
  // Where the value is formed: the conditions of this expression's field, or of the stage's verb,
  // hold there.
  ir::ExprId place = {};
  ir::StageId stage = {};
};

/// The producer's expression for a message: "`stages.plan.output`", or "this value" if that would
/// be too long.
[[nodiscard]] std::string NameOf(const ir::Project& project, const Producer& producer);

/// Reports that the producer's values, whose schema is `produced`, do not fit the consumer. The
/// finding points at the smallest part that is written out on either side.
void ReportIncompatible(PassContext& context, Producer producer, const Consumer& consumer,
                        ir::SchemaId produced, const FitAnswer& answer);

}  // namespace wfc::passes
