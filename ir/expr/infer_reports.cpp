// The findings of inference: their wording, hints and fixes.
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/infer_state.h"
#include "ir/expr/printer.h"
#include "ir/expr/type_names.h"
#include "ir/support/suggest.h"

namespace wfc::expr {
namespace {

/// The length in bytes beyond which an operand is not shown.
constexpr size_t kMaxShown = 60;

/// "; it has `path` and `size`", or "" if there are too many names to list.
std::string ListFields(const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string list = ListNames(views);
  return list.empty() ? "" : "; it has " + list;
}

}  // namespace

std::string Inference::Name(const Type& type) {
  return NameType(table_, type);
}

/// The source text if it is known, short and on one line; otherwise the printed tree. "this value"
/// if that would be long or would contain a name of a comprehension, which the tree does not keep.
std::string Inference::Show(ExprId id) {
  const std::string_view written = context_.environment.TextOf(context_.store[id].span);
  const bool is_short = !written.empty() && written.size() <= kMaxShown;
  if (is_short && written.find_first_of("\n`") == std::string_view::npos) {
    return fmt::format("`{}`", written);
  }
  ExprId base = id;
  while (!context_.store.children(base).empty()) base = context_.store.child(base, 0);
  if (context_.store[base].op == Op::Binding) return "this value";
  const auto name = [&](const Root& root) { return context_.environment.NameOf(root); };
  std::string text = PrintExpr(context_.store, id, name);
  return text.size() > kMaxShown ? "this value" : fmt::format("`{}`", text);
}

std::string Inference::ExplainPartless(ExprId id) {
  const bool is_root = context_.store[id].op == Op::Load;
  return is_root ? context_.environment.ExplainPartless(context_.store.root(id)) : "";
}

/// Suggests removing the quotes if an operand is a string that spells a number or a bool, such as
/// "3".
std::string Inference::HintOfConstant(ExprId id) {
  for (const ExprId child : context_.store.children(id)) {
    const Value* value = ConstantOf(child);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view text = value->AsString();
    const bool is_number = !text.empty() && text.size() < 20 &&
                           text.find_first_not_of("0123456789.") == std::string_view::npos;
    if (is_number || text == "true" || text == "false") {
      return fmt::format("; without quotes it is {}: `{}`", is_number ? "a number" : "a bool",
                         text);
    }
  }
  return "";
}

Type Inference::ReportOverload(ExprId id, std::span<const Type> operands) {
  if (HasPoison(context_.store, id)) return kDyn;
  constexpr KindSet kText = KindsOf(Kind::String);
  const Op op = context_.store[id].op;
  const bool joins_text = op == Op::Add && operands[0].IsOnly(kText) != operands[1].IsOnly(kText);
  const auto is_order = [&](ExprId each) {
    const Op known = context_.store[each].op;
    return known == Op::Less || known == Op::LessEqual || known == Op::Greater ||
           known == Op::GreaterEqual;
  };
  const bool is_chain = is_order(id) && is_order(context_.store.child(id, 0));
  const bool joins_list = op == Op::Add && operands[0].IsOnly(kList) != operands[1].IsOnly(kList);
  const std::string hint = joins_list   ? "; a list grows by a list: `x + [y]`"
                           : joins_text ? "; `text(…)` makes a string of anything"
                           : is_chain   ? "; two comparisons are `a < b && b < c`"
                                        : HintOfConstant(id);
  context_.sink.Report(diag::NoOverload, context_.store[id].span, GetName(op),
                       fmt::format("{} and {}", Name(operands[0]), Name(operands[1])),
                       DescribeOperands(op), hint);
  return kDyn;
}

Type Inference::ReportOperand(ExprId operand, std::string_view what, std::string_view wanted) {
  context_.sink.Report(diag::WrongOperand, context_.store[operand].span, what, wanted,
                       Name(Known(operand)));
  return kDyn;
}

Span Inference::ReportUnknownField(ExprId id, const Type& map, std::string_view name) {
  const ExprId operand = context_.store.child(id, 0);
  const std::vector<std::string> names = table_.FieldNames(map);
  Suggester suggester(name);
  for (const std::string& known : names) suggester.Consider(known);
  const std::optional<Type> unasked = TypeWithoutFacts(operand);
  const bool is_excluded = unasked && table_.FieldOf(*unasked, name).presence != Presence::Never;
  const bool is_slip = !suggester.best().empty();
  // The text after the operand is the field, with its dot or brackets.
  const Span whole = context_.store[id].span;
  Span span = {whole.file, context_.store[operand].span.end, whole.end};
  const bool is_bare = span.end - span.begin == name.size() + 1;
  if (is_bare) ++span.begin;
  // What conditions exclude is declared, so that advice about declarations would mislead.
  const std::string hint = is_slip          ? suggester.Phrase()
                           : !names.empty() ? ListFields(names)
                           : is_excluded    ? ""
                                            : ExplainPartless(operand);
  diag::Reported reported =
      context_.sink.Report(diag::UnknownField, span, Show(operand), name, hint);
  if (is_excluded) {
    reported.AddNote({}, "the values that have it are excluded by the conditions that hold here");
  } else if (is_slip && is_bare) {
    reported.SetFix({.title = fmt::format("write `{}`", suggester.best()),
                     .safety = diag::FixSafety::Unsafe,
                     .edits = {{span, std::string(suggester.best())}}});
  }
  return span;
}

}  // namespace wfc::expr
