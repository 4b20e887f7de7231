#include "ir/expr/kind_findings.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/type_names.h"
#include "ir/types/vm/describe.h"

namespace wfc::expr {
namespace {

/// An example value for the message, ", such as `\"a\"`"; "" for values that would not help the
/// reader, such as objects.
std::string ShowWitness(TypeTable& table, const KindFinding& finding) {
  const bool is_scalar =
      (finding.odd & ~(KindsOf(Kind::Bool, Kind::String) | kNumberKinds | kNull)) == 0;
  if (!is_scalar || !finding.subject.empty()) return "";
  const std::optional<Value> witness = table.FindWitness(finding.type, finding.odd & ~kNull);
  return witness ? fmt::format(", such as `{}`", types::DescribeValue(*witness)) : "";
}

/// Whether `has(operand)` can be asked: the operand is a path to a field.
bool IsFieldPath(std::string_view operand) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  return operand.find('.') != std::string_view::npos &&
         operand.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

/// The condition to test before using the operand: it holds where the kind is right. One condition
/// also asks whether the operand is there, so that no second finding follows.
std::string WriteQuestion(const KindFinding& finding, std::string_view operand) {
  const bool may_be_missing =
      finding.subject.empty() && finding.type.may_be_absent && IsFieldPath(operand);
  const std::string there = may_be_missing ? fmt::format("has({}) && ", operand) : "";
  if (finding.odd == kNull) return fmt::format("{}{} != null", there, operand);
  const KindSet left = finding.type.kinds & ~finding.odd;
  const bool is_one = std::has_single_bit(left);
  const auto asked = static_cast<Kind>(std::countr_zero(is_one ? left : finding.odd));
  return fmt::format("{}type({}) {} {}", there, operand, is_one ? "==" : "!=", GetName(asked));
}

std::string WriteAdvice(const KindFinding& finding) {
  const bool is_named = finding.shown.starts_with('`') && finding.subject.empty();
  const std::string advice = "to fix it, ";
  std::string instead = finding.instead.empty() ? "" : ", or " + finding.instead;
  const bool is_coalesced = finding.odd == kNull && finding.shown.starts_with("`coalesce(");
  if (is_coalesced) instead += "; `coalesce` passes over what is missing, not over null";
  if (!is_named) {
    const std::string question = WriteQuestion(finding, "v");
    const std::string how = finding.subject.empty()
                                ? fmt::format("ask first (`{} ? … : …`)", question)
                                : fmt::format("leave those out (`.filter(v, {})`)", question);
    return advice + how + instead;
  }
  const std::string operand = finding.shown.substr(1, finding.shown.size() - 2);
  const std::string question = WriteQuestion(finding, operand);
  const std::string_view use = finding.use.empty() ? std::string_view("…") : finding.use;
  if (finding.is_local)
    return fmt::format("{}ask first (`{} ? {} : …`){}", advice, question, use, instead);
  return fmt::format("{}ask first, here (`{} ? {} : …`) or in an `if`{}", advice, question, use,
                     instead);
}

}  // namespace

bool ReadsLocal(const ExprStore& store, ExprId id) {
  if (store[id].op == Op::Binding) return true;
  return std::ranges::any_of(store.children(id),
                             [&](ExprId child) { return ReadsLocal(store, child); });
}

diag::Reported ReportKind(diag::Sink& sink, TypeTable& table, Span span,
                          const KindFinding& finding) {
  const std::string& subject = finding.subject.empty() ? finding.shown : finding.subject;
  diag::Reported reported =
      finding.odd == kNull ? sink.Report(diag::CanBeNull, span, subject, finding.rule)
                           : sink.Report(diag::CanBeOther, span, subject, NameOneOf(finding.odd),
                                         ShowWitness(table, finding), finding.rule);
  reported.AddNote({}, WriteAdvice(finding));
  return reported;
}

}  // namespace wfc::expr
