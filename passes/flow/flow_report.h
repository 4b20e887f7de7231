// T001 and T004 in words: what does not fit where it flows to, where each side says so, and the
// changes that would mend it.
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

/// Who receives a value.
struct Consumer {
  ir::SchemaId schema;
  Span written;              ///< its schema; none: a built-in's
  std::string pointer;       ///< of the schema's values, the part that is meant
  std::string name;          ///< "the argument `limit` of the tool `search`"
  std::string path;          ///< from what the name says to the part: a JSON pointer
  bool is_of_stage = false;  ///< a stage receives it, which may have an `if`
};

/// Where the value is written: an expression, or another place with what is known of it.
struct Producer {
  ir::ExprId expression;  ///< none: it stands nowhere
  expr::Type type;
  Span span;
  ir::WorkflowId workflow;
  std::optional<Origin> origin;                      ///< when it stands nowhere: who yields it
  std::span<const expr::Condition> conditions = {};  ///< that hold where it stands
};

/// "`stages.plan.output`", or "this value" for what is too long to say.
[[nodiscard]] std::string NameOf(const ir::Project& project, const Producer& producer);

/// Points at the smallest part that is written out on either side. `produced`: the schema of the
/// producer's type.
void ReportMisfit(PassContext& context, Producer producer, const Consumer& consumer,
                  ir::SchemaId produced, const FitAnswer& answer);

}  // namespace wfc::passes
