// Parts of a condition that are true, or false, in every run because of the types of what they
// read: a comparison with a word that an enum does not have, a number that is never out of bounds.
// For E010, and for the notes of findings that follow from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/diag/sink.h"
#include "passes/conditions/possible_values.h"
#include "passes/context/pass.h"
#include "passes/context/stage_fields.h"

namespace wfc::passes {

struct ConstantPart {
  Span span;                  ///< the value that is never met; else the part
  std::string where;          ///< "`if`", "operand of `&&`", "comparison"
  std::optional<bool> truth;  ///< none: an item of a list that is never met, among others that are
  std::string why;            ///< "": it is written as a constant
};

/// What a field is to its stage.
enum class FieldRole : uint8_t {
  Value,      ///< it may hold conditions
  Condition,  ///< it is one
};

class ConstantParts {
 public:
  explicit ConstantParts(PassContext& context);

  /// Of a field that is evaluated at such moments; `name` as messages call it, "`if`". None of a
  /// field that holds poison, and none that `vars` may change.
  [[nodiscard]] std::vector<ConstantPart> Find(ir::ExprId field, std::string_view name,
                                               FieldRole role, const Moments& moments);

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
  /// That the part from index `first` on decide the whole, which is `truth`.
  void Relabel(size_t first, bool part_truth, std::string_view where, bool truth);
  Truth Add(Span span, std::string_view where, Truth truth, std::string why);
  [[nodiscard]] bool IsStatus(ir::ExprId id) const;
  [[nodiscard]] std::optional<Value> FindWritten(ir::ExprId id) const;
  [[nodiscard]] Span SpanOfItem(ir::ExprId list, const Value& item) const;
  [[nodiscard]] std::string Show(ir::ExprId id) const;
  [[nodiscard]] std::string ExplainNever(ir::ExprId subject, const Value& value);
  [[nodiscard]] std::string ExplainOnly(ir::ExprId subject);

  const SourceMap& sources_;
  const ir::Project& project_;
  const ExpressionTypes& types_;
  PossibleValues values_;
  std::vector<ConstantPart> parts_;
  bool binds_vars_ = false;  ///< a name around the part may stand for what `vars` say
};

/// In which runs the field of a stage is evaluated.
[[nodiscard]] Moments MomentsOf(PassContext& context, ir::StageId stage, Moment moment);

/// Says of a finding that `condition`, a field of the stage, brought about which of its parts are
/// the same in every run; E010 then keeps silent about them.
void AddConstantNotes(PassContext& context, diag::Reported& reported, ir::StageId stage,
                      ir::ExprId condition, Moment moment);

}  // namespace wfc::passes
