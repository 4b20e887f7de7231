// Finds the parts of a condition that are true, or false, in every run because of the types of what
// they read: a comparison with a word that the enum does not have, or with a bound that every
// number satisfies. E010 reports them, and other findings explain themselves with them in notes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/diag/sink.h"
#include "passes/conditions/possible_values.h"
#include "passes/context/evaluated_expressions.h"
#include "passes/context/pass.h"

namespace wfc::passes {

/// A part of a condition that has the same truth value in every run.
struct ConstantPart {
  Span span;          ///< the listed value that never occurs, otherwise the whole part
  std::string where;  ///< "`if`", "operand of `&&`", "comparison"
  /// No value for a listed item that never occurs while others do.
  std::optional<bool> truth;
  std::string why;  ///< empty: it is written as a constant
};

/// What the result of a field's expression means to its stage.
enum class FieldRole : uint8_t {
  Value,      ///< a value, which may contain conditions
  Condition,  ///< the field itself is a condition
};

/// Finds the parts of a project's expressions that are constant, one field at a time.
class ConstantParts {
 public:
  explicit ConstantParts(PassContext& context);

  /// The constant parts of a field that is evaluated in `runs`; `name` is what messages call the
  /// field, such as "`if`". Empty for a field that holds poison. Parts whose value depends on
  /// `vars` are left out, since a profile may change them.
  [[nodiscard]] std::vector<ConstantPart> Find(ir::ExprId field, std::string_view name,
                                               FieldRole role, const EvaluationRuns& runs);
  /// Whether Find may find something; false is certain, and quicker than finding the runs.
  [[nodiscard]] bool MayFind(ir::ExprId field, FieldRole role) const;

 private:
  using Truth = std::optional<bool>;

  Truth Visit(ir::ExprId id, std::string_view where, FieldRole role);
  Truth VisitNot(ir::ExprId id, std::string_view where);
  Truth VisitLogic(ir::ExprId id, std::string_view where);
  void VisitParts(ir::ExprId id);
  Truth VisitComparison(ir::ExprId id, std::string_view where);
  Truth DecideEquality(ir::ExprId id, std::string_view where);
  Truth DecideConstant(ir::ExprId id, ir::ExprId subject, ir::ExprId constant,
                       std::string_view where);
  Truth DecideIn(ir::ExprId id, std::string_view where);
  Truth DecideListed(ir::ExprId id, const Value& list, std::string_view where);
  Truth DecideOrder(ir::ExprId id, std::string_view where);
  Truth DecideClaim(ir::ExprId id, std::string_view where);
  /// Attributes the parts from index `first` on, where their truth is `part_truth`, to the
  /// enclosing expression `where`, whose truth `truth` they decide.
  void Relabel(size_t first, bool part_truth, std::string_view where, bool truth);
  Truth Add(Span span, std::string_view where, Truth truth, std::string why);
  [[nodiscard]] bool IsStatus(ir::ExprId id) const;
  [[nodiscard]] std::optional<Value> FindWritten(ir::ExprId id) const;
  [[nodiscard]] Span SpanOfItem(ir::ExprId list, const Value& item) const;
  [[nodiscard]] std::string Show(ir::ExprId id) const;
  [[nodiscard]] std::string ExplainNever(ir::ExprId subject, const Value& value);
  [[nodiscard]] std::string ExplainOnly(ir::ExprId subject);
  [[nodiscard]] std::string ExplainOrder(ir::ExprId subject, expr::Op op, const Value& number);

  const SourceMap& sources_;
  const ir::Project& project_;
  const ExpressionTypes& types_;
  PossibleValues values_;
  std::vector<ConstantPart> parts_;
  bool binds_vars_ = false;  ///< a name bound around the part may stand for a value of `vars`
};

/// The runs in which the stage evaluates a field whose moment is `moment`.
[[nodiscard]] EvaluationRuns FindEvaluationRuns(PassContext& context, ir::StageId stage,
                                                Moment moment);

/// Adds to a finding that is caused by `condition`, a field of the stage, which parts of the
/// condition are the same in every run. E010 then stays silent about those parts.
void AddConstantNotes(PassContext& context, diag::Reported& reported, ir::StageId stage,
                      ir::ExprId condition, Moment moment);

}  // namespace wfc::passes
