// E003 and T012: parts of expressions that fail in every evaluation. They are constants without a
// value (`int("x")`, `{"a": 1}.b`), or with one that cannot leave the expression (`1.0 / 0.0`), and
// operations that fail whatever their other operands are: an invalid pattern, a division by zero,
// an index beyond the length of any text or below 0.
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/SmallVector.h"
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/compiler.h"
#include "ir/expr/fixed.h"
#include "ir/expr_printer.h"
#include "ir/expressions.h"
#include "ir/value/data.h"
#include "passes/context/pass.h"
#include "passes/flow/constants.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/may_fail.h"

namespace wfc::passes {

namespace {

using expr::KindsOf;
using expr::Op;
using Values = std::vector<Value>;

constexpr size_t kMaxCombinations = 64;
/// The length of the text or list that represents all others, if nothing bounds the length. An
/// operation that fails for more parts also fails for fewer. The short sample comes first because
/// it shows with less work that an operation can succeed.
enum class Length : uint16_t {
  Short = 1 << 8,
  Long = 1 << 14,  ///< more parts than anybody counts to
};

/// Calls that fail for every text, list or time if they fail for a large one.
constexpr auto kLenientReceivers = std::to_array(
    {Builtin::Substring, Builtin::CharAt, Builtin::IndexOf, Builtin::LastIndexOf, Builtin::Clip,
     Builtin::Slice, Builtin::GetFullYear, Builtin::GetMonth, Builtin::GetDate,
     Builtin::GetDayOfMonth, Builtin::GetDayOfWeek, Builtin::GetDayOfYear, Builtin::GetHours,
     Builtin::GetMinutes, Builtin::GetSeconds, Builtin::GetMilliseconds});

bool IsCall(const expr::Expr& node, Builtin builtin) {
  return node.op == Op::Call && node.payload == static_cast<uint32_t>(builtin);
}

bool Divides(const expr::Expr& node) {
  return node.op == Op::Divide || node.op == Op::Modulo;
}

bool Computes(const expr::Expr& node) {
  return node.op == Op::Add || node.op == Op::Subtract || node.op == Op::Multiply;
}

/// Whether the operator has an answer for operands that are absent.
bool ToleratesAbsence(Op op) {
  return op == Op::Coalesce || op == Op::Has || op == Op::Present || op == Op::SelectOptional ||
         op == Op::IndexOptional;
}

/// Whether the value of an expression in this role becomes data, which has no infinities.
bool IsData(ExprRole role) {
  return role == ExprRole::With || role == ExprRole::Value || role == ExprRole::Substitute ||
         role == ExprRole::Output;
}

bool HasLenientReceiver(const expr::Expr& node) {
  return node.op == Op::Call && std::ranges::any_of(kLenientReceivers, [&](Builtin builtin) {
           return IsCall(node, builtin);
         });
}

/// Whether an index is so large that no sample could show that it fails.
bool IsBeyondSamples(const Value& operand) {
  return operand.kind() == Kind::Int && operand.AsInt() >= static_cast<int64_t>(Length::Long);
}

class ErrorCheck {
 public:
  explicit ErrorCheck(PassContext& context)
      : context_(context), project_(context.project), types_(context.types()) {
    for (const diag::Diagnostic& finding : context.sink.diagnostics()) {
      const bool is_error = finding.severity == diag::Severity::Error;
      if (is_error && finding.span.has_value()) known_.insert(finding.span);
    }
  }

  void Run() {
    ir::ForEachExpression(project_, [&](const ir::ExprPlace& place) {
      if (expr::HasPoison(project_.exprs, place.id)) return;
      Visit(place.id, {});
      if (IsData(place.role)) VisitData(place.id);
    });
  }

 private:
  /// What stands around a part.
  struct Place {
    /// A construct that binds names, so that the part may depend on them without reading a root.
    bool binds_names = false;
    /// An operator that continues when the part is absent.
    bool tolerates_absence = false;
    /// A condition that never holds where the part is.
    bool is_unreached = false;
  };

  bool Visit(ir::ExprId id, Place place);
  void VisitData(ir::ExprId id);
  bool ReportConstant(ir::ExprId id, Place place);
  void ReportPattern(ir::ExprId call);
  [[nodiscard]] std::string Show(ir::ExprId id) const;
  [[nodiscard]] std::optional<Value> FindFailure(ir::ExprId id, Place place);
  [[nodiscard]] static std::vector<Values> Combine(std::span<const Values> of_operands);
  [[nodiscard]] std::optional<Value> FindFailure(const expr::Expr& node, Length length,
                                                 Place place);
  [[nodiscard]] bool IsKnownToPass(const expr::Expr& node, const Values& operands) const;
  [[nodiscard]] Values FindSamples(const expr::Expr& parent, ir::ExprId id, size_t index,
                                   Length length);
  [[nodiscard]] Values FindIntegers(const expr::Expr& parent, ir::ExprId id);
  [[nodiscard]] bool IsInteger(ir::ExprId id) const;
  [[nodiscard]] Values FindFormatted(ir::ExprId list);
  [[nodiscard]] std::optional<Value> Sample(const expr::Type& type, Length length);
  [[nodiscard]] bool IsKnown(Span span) const;

  PassContext& context_;
  const ir::Project& project_;
  const ExpressionTypes& types_;
  std::set<Span> known_;  ///< of errors
  struct Applied {
    Op op;
    uint32_t payload;
    Values operands;
  };
  std::vector<Applied> passed_;  ///< the first that did not fail: many stages do the same
};

/// Whether an error was reported for the part or inside it.
bool ErrorCheck::IsKnown(Span span) const {
  auto error = known_.lower_bound({.file = span.file, .begin = span.begin, .end = 0});
  for (; error != known_.end() && error->file == span.file && error->begin < span.end; ++error) {
    if (error->end <= span.end) return true;
  }
  return false;
}

/// Checks a part and returns whether anything in it was reported, since the parts around it would
/// then only repeat the finding. Recurses as deep as the expression's parser does.
bool ErrorCheck::Visit(ir::ExprId id, Place place) {
  const expr::Expr& node = project_.exprs[id];
  if (!node.computes) return false;
  // A constant with a value never evaluates a part that fails.
  const std::optional<Value> constant =
      expr::IsFixed(project_.exprs, id) ? expr::Fold(project_.exprs, id) : std::nullopt;
  if (constant && !constant->is_error()) return false;
  bool is_reported = false;
  const auto children = project_.exprs.children(node);
  for (size_t i = 0; i < children.size(); ++i) {
    if (!project_.exprs[children[i]].computes) continue;
    Place inside = place;
    inside.binds_names |= i > 0 && expr::BindsNames(node.op);
    inside.tolerates_absence |= ToleratesAbsence(node.op);
    inside.is_unreached |= i > 0 && node.op == Op::Conditional && types_.of(children[i]).IsNever();
    is_reported |= Visit(children[i], inside);
  }
  if (is_reported || IsKnown(node.span)) return is_reported;
  if (ReportConstant(id, place)) return true;
  if (IsCall(node, Builtin::Matches)) {
    const size_t before = context_.sink.diagnostics().size();
    ReportPattern(id);
    return context_.sink.diagnostics().size() != before;
  }
  const std::optional<Value> failure = FindFailure(id, place);
  if (!failure) return false;
  context_.sink.Report(diag::AlwaysFails, node.span, Show(id), failure->error_message());
  return true;
}

/// Reports constants of which no data can be made: a number that is not finite, in a value that is
/// written out.
void ErrorCheck::VisitData(ir::ExprId id) {
  const expr::Expr& node = project_.exprs[id];
  const auto children = project_.exprs.children(node);
  const bool is_map = node.op == Op::Map;
  if (is_map || node.op == Op::List || node.op == Op::Conditional) {
    // The keys of a map and the condition of `?:` are not among the data.
    const size_t step = is_map ? 2 : 1;
    for (size_t i = node.op == Op::List ? 0 : 1; i < children.size(); i += step) {
      VisitData(children[i]);
    }
    return;
  }
  if (!node.is_constant || IsKnown(node.span)) return;
  const std::optional<Value> value = expr::Fold(project_.exprs, id);
  if (!value || value->is_error()) return;
  const std::optional<Value> data = ToData(*value);
  if (!data || !data->is_error()) return;
  context_.sink.Report(diag::AlwaysFails, node.span, Show(id), data->error_message());
}

/// Reports a constant that is an error. Where something around it tolerates absence, that is none.
bool ErrorCheck::ReportConstant(ir::ExprId id, Place place) {
  const expr::Expr& node = project_.exprs[id];
  const bool is_closed = node.is_constant || (!place.binds_names && expr::BindsNames(node.op) &&
                                              expr::IsConstant(project_.exprs, id));
  if (!is_closed) return false;
  const std::optional<Value> value = expr::Fold(project_.exprs, id);
  if (!value || !value->is_error()) return false;
  if (value->is_absent() && place.tolerates_absence) return false;
  if (IsCall(node, Builtin::Matches)) {
    ReportPattern(id);
    return true;
  }
  context_.sink.Report(diag::AlwaysFails, node.span, Show(id), value->error_message());
  return true;
}

std::string ErrorCheck::Show(ir::ExprId id) const {
  return ir::ShowExpr(context_.sources, project_, id);
}

void ErrorCheck::ReportPattern(ir::ExprId call) {
  const ir::ExprId pattern = project_.exprs.child(call, 1);
  if (!project_.exprs[pattern].is_constant) return;
  const std::optional<Value> text = expr::Fold(project_.exprs, pattern);
  if (!text || !text->is_string()) return;
  const std::string why = ExplainPattern(text->AsString());
  if (why.empty()) return;
  context_.sink.Report(
      diag::BadPattern, project_.exprs[pattern].span,
      fmt::format("`{}` is not a pattern that `matches` can use: {}", text->AsString(), why));
}

/// The error that the operation yields for all values of its operands; none if it may succeed.
std::optional<Value> ErrorCheck::FindFailure(ir::ExprId id, Place place) {
  const expr::Expr& node = project_.exprs[id];
  const auto is_integer = [&](ir::ExprId child) { return IsInteger(child); };
  const bool is_sum =
      Computes(node) && std::ranges::all_of(project_.exprs.children(node), is_integer);
  const bool is_applied = node.op == Op::Call || node.op == Op::Index || Divides(node) || is_sum;
  if (place.is_unreached || IsTotal(node)) return std::nullopt;
  if (!is_applied || IsCall(node, Builtin::Dyn) || types_.of(id).IsDyn()) return std::nullopt;
  return FindFailure(node, Length::Short, place) ? FindFailure(node, Length::Long, place)
                                                 : std::nullopt;
}

Values With(Values operands, const Value& sample) {
  operands.push_back(sample);
  return operands;
}

/// All combinations of one sample for each operand; empty if there are too many.
std::vector<Values> ErrorCheck::Combine(std::span<const Values> of_operands) {
  std::vector<Values> combinations(1);
  for (const Values& samples : of_operands) {
    if (samples.size() * combinations.size() > kMaxCombinations) return {};
    std::vector<Values> longer;
    for (const Value& sample : samples) {
      for (const Values& each : combinations) longer.push_back(With(each, sample));
    }
    combinations = std::move(longer);
  }
  return combinations;
}

std::optional<Value> ErrorCheck::FindFailure(const expr::Expr& node, Length length, Place place) {
  const auto children = project_.exprs.children(node);
  llvm::SmallVector<Values, 4> of_operands;
  for (size_t i = 0; i < children.size(); ++i) {
    of_operands.push_back(FindSamples(node, children[i], i, length));
    if (of_operands.back().empty()) return std::nullopt;
  }
  const std::vector<Values> combinations = Combine(of_operands);
  if (combinations.empty()) return std::nullopt;
  std::optional<Value> failure;
  for (const Values& operands : combinations) {
    const bool is_beyond = !Computes(node) && std::ranges::any_of(operands, IsBeyondSamples);
    if (is_beyond || IsKnownToPass(node, operands)) {
      return std::nullopt;
    }
    Value result = EvaluateWith(node, operands);
    const bool is_tolerated = result.is_absent() && place.tolerates_absence;
    const bool fails =
        result.is_error() && !is_tolerated && result.error_code() != EvalError::Unknown;
    if (!fails) {
      constexpr size_t kMostKept = 16;
      if (passed_.size() < kMostKept) passed_.push_back({node.op, node.payload, operands});
      return std::nullopt;
    }
    if (!failure) failure = std::move(result);
  }
  return failure;
}

bool ErrorCheck::IsKnownToPass(const expr::Expr& node, const Values& operands) const {
  return std::ranges::any_of(passed_, [&](const Applied& passed) {
    return passed.op == node.op && passed.payload == node.payload &&
           std::ranges::equal(passed.operands, operands, Identical);
  });
}

/// Values of an operand such that the operation always fails if it fails for each of them; empty if
/// there is no such set.
Values ErrorCheck::FindSamples(const expr::Expr& parent, ir::ExprId id, size_t index,
                               Length length) {
  if (expr::IsFixed(project_.exprs, id)) {
    std::optional<Value> value = expr::Fold(project_.exprs, id);
    return value && !value->is_error() ? Values{*value} : Values();
  }
  if (IsCall(parent, Builtin::Format) && index == 1) return FindFormatted(id);
  const expr::Type& type = types_.of(id);
  const bool is_whole = type.IsOnly(KindsOf(Kind::Int));
  if (Divides(parent) && index == 0) return is_whole ? Values{Value::Int(1)} : Values();
  const bool is_list = type.IsOnly(KindsOf(Kind::List));
  if (parent.op == Op::Index && index == 0 && !is_list) return {};
  if (index == 0 && (HasLenientReceiver(parent) || parent.op == Op::Index)) {
    const std::optional<Value> sample = Sample(type, length);
    return sample ? Values{*sample} : Values();
  }
  if (type.IsDyn() || type.IsNever() || !type.schema.has_value()) return {};
  if (!is_whole && !type.IsOnly(KindsOf(Kind::String))) return {};
  const auto listed = project_.schemas.FiniteValues(type.schema);
  if (listed && listed->size() <= kMaxCombinations) return *listed;
  return is_whole ? FindIntegers(parent, id) : Values();
}

bool ErrorCheck::IsInteger(ir::ExprId id) const {
  const expr::Type& type = types_.of(id);
  return !type.IsNever() && type.IsOnly(KindsOf(Kind::Int));
}

/// Samples of an int between bounds. What an operation accepts of an int is an interval that begins
/// at 0 or 1, or at another operand, or everything but 0; so if it accepts any number within the
/// bounds, it accepts the one next to 0, to 1 or to a bound of an operand.
Values ErrorCheck::FindIntegers(const expr::Expr& parent, ir::ExprId id) {
  const expr::IntegerBounds bounds = types_.table().BoundsOf(types_.of(id));
  if (!bounds.least && !bounds.most) return {};
  std::vector<int64_t> wanted = {0, 1};
  for (const ir::ExprId operand : project_.exprs.children(parent)) {
    if (!IsInteger(operand)) continue;
    const expr::IntegerBounds other = types_.table().BoundsOf(types_.of(operand));
    if (other.least) wanted.push_back(*other.least);
    if (other.most) wanted.push_back(*other.most);
  }
  for (int64_t& number : wanted) {
    if (bounds.least) number = std::max(number, *bounds.least);
    if (bounds.most) number = std::min(number, *bounds.most);
  }
  std::ranges::sort(wanted);
  const auto repeated = std::ranges::unique(wanted);
  wanted.erase(repeated.begin(), repeated.end());
  Values samples;
  for (const int64_t number : wanted) samples.push_back(Value::Int(number));
  return samples;
}

/// Samples of the values that `format` inserts, by their kinds.
Values ErrorCheck::FindFormatted(ir::ExprId list) {
  const expr::Expr& node = project_.exprs[list];
  if (node.op != Op::List) return {};
  Values items;
  for (const ir::ExprId child : project_.exprs.children(node)) {
    const expr::Type& type = types_.of(child);
    const std::optional<Value> constant = expr::Fold(project_.exprs, child);
    const std::optional<Value> sample =
        constant && !constant->is_error() ? constant : Sample(type, Length::Long);
    if (!sample || project_.exprs[child].op == Op::OptionalElement) return {};
    items.push_back(*sample);
  }
  return {Value::List(std::move(items))};
}

/// A value of the type; none unless the type has a single kind. A text or a list has as many parts
/// as the type allows, but at most `length`.
std::optional<Value> ErrorCheck::Sample(const expr::Type& type, Length length) {
  if (type.IsDyn() || type.IsNever()) return std::nullopt;
  const auto is = [&](Kind kind) { return type.IsOnly(KindsOf(kind)); };
  if (is(Kind::Bool)) return Value::Bool(true);
  if (is(Kind::Int)) return Value::Int(1);
  if (is(Kind::Double)) return Value::Double(1.5);
  if (is(Kind::Timestamp)) return Value::Timestamp({});
  if (is(Kind::Duration)) return Value::Duration({});
  if (!is(Kind::String) && !is(Kind::List)) return std::nullopt;
  const auto parts = static_cast<uint64_t>(length);
  const size_t count = std::min(types_.table().CountIn(type).most.value_or(parts), parts);
  if (is(Kind::String)) return Value::String(std::string(count, 'a'));
  return Value::List(std::vector<Value>(count, Value::Null()));
}

}  // namespace

void CheckConstantErrors(PassContext& context) {
  ErrorCheck(context).Run();
}

}  // namespace wfc::passes
