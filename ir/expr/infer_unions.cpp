// Checks operations on operands that may be of several kinds. It is a mistake if the operation
// fails for one of the kinds and no condition in force excludes that kind.
#include <algorithm>
#include <bit>

#include <fmt/core.h>

#include "ir/expr/infer_state.h"
#include "ir/expr/same_expression.h"
#include "ir/expr/type_names.h"

namespace wfc::expr {
namespace {

bool IsOneKind(KindSet kinds) {
  return std::has_single_bit(kinds);
}

/// Calls `visit` with each kind of `sure` separately or, if no kind is certain to occur, once with
/// all possible ones.
template <class Visit>
void ForEachKind(KindSet sure, KindSet possible, Visit visit) {
  if (sure == 0) return visit(possible);
  for (KindSet rest = sure; rest != 0; rest &= rest - 1) {
    visit(static_cast<KindSet>(rest & -rest));
  }
}

/// One kind among those of a list's items that cannot be ordered with the others; 0 if all can.
KindSet FindUnlike(KindSet kinds) {
  const KindSet others = kinds & ~kNumberKinds;
  const bool is_alike = others == 0 || (others == kinds && IsOneKind(others));
  return is_alike ? 0 : static_cast<KindSet>(others & -others);
}

/// Kinds of one operand of two that fail in combination with some kind of the other operand, and
/// with all of them.
struct Failing {
  KindSet with_some = 0;
  KindSet with_all = 0;
};

}  // namespace

KindSet Inference::SureKindsOf(const Type& type) {
  const bool is_sure = !has_dropped_facts_ || IsOneKind(type.kinds);
  return is_sure ? table_.SureKindsOf(type) : static_cast<KindSet>(0);
}

/// The kinds that certainly occur but are not accepted. Empty for types as declared: conditions may
/// still exclude such kinds.
KindSet Inference::RejectedKindsOf(const Type& type, KindSet taken) {
  if (context_.view == View::AsDeclared) return 0;
  return static_cast<KindSet>(SureKindsOf(type) & ~taken);
}

/// Whether the operand was reported before; marks it as reported. One mistake yields one finding.
bool Inference::IsReported(ExprId operand) {
  const bool is_reported = std::ranges::any_of(
      reported_, [&](ExprId earlier) { return AreAlike(context_.store, earlier, operand); });
  if (!is_reported) reported_.push_back(operand);
  return is_reported;
}

void Inference::ReportOddKinds(ExprId operand, KindSet odd, std::string rule) {
  if (HasPoison(context_.store, operand) || IsReported(operand)) return;
  ReportKind(context_.sink, table_, context_.store[operand].span,
             {.shown = Show(operand),
              .subject = "",
              .type = Known(operand),
              .odd = odd,
              .rule = std::move(rule),
              .use = "",
              .is_local = ReadsLocal(context_.store, operand),
              .instead = ""});
}

bool Inference::DemandKinds(ExprId operand, KindSet taken, std::string_view what,
                            std::string_view wanted) {
  const Type& type = Known(operand);
  if (type.IsNever()) return true;
  if (!type.CanBe(taken)) {
    if (HasPoison(context_.store, operand)) return false;
    ReportOperand(operand, what, wanted);
    return false;
  }
  const KindSet odd = RejectedKindsOf(type, taken);
  if (odd == 0) return true;
  ReportOddKinds(operand, odd, fmt::format("{} must be {}", what, wanted));
  return false;
}

/// Checks two operands of which some combination of kinds fits: reports the pair if another
/// combination that can occur does not.
bool Inference::DemandPairs(ExprId id, std::span<const Overload> overloads,
                            std::span<const Type> operands) {
  const KindSet sure[] = {SureKindsOf(operands[0]), SureKindsOf(operands[1])};
  // If each operand is of a single kind, the caller knows already that they fit.
  const auto is_judged = [&](size_t side) {
    return sure[side] == 0 || (IsOneKind(sure[side]) && sure[side] == operands[side].kinds);
  };
  if (context_.view == View::AsDeclared || (is_judged(0) && is_judged(1))) return true;
  const auto children = context_.store.children(id);
  const bool are_alike = AreAlike(context_.store, children[0], children[1]);
  Failing failing[2];
  failing[0].with_all = sure[0];
  failing[1].with_all = sure[1];
  const auto try_pair = [&](KindSet left, KindSet right) {
    const KindSet pair[] = {left, right};
    const bool fits = FindResult(overloads, pair) != 0;
    for (const int side : {0, 1}) {
      if (fits) failing[side].with_all &= ~pair[side];
      if (!fits) failing[side].with_some |= pair[side] & sure[side];
    }
  };
  ForEachKind(sure[0], operands[0].kinds, [&](KindSet left) {
    ForEachKind(sure[1], operands[1].kinds, [&](KindSet right) {
      // Two occurrences of one expression have the same kind at any time.
      if (!are_alike || left == right) try_pair(left, right);
    });
  });
  if (failing[0].with_some == 0 && failing[1].with_some == 0) return true;
  ReportPair(id, operands, {failing[0].with_all, failing[1].with_all},
             {failing[0].with_some, failing[1].with_some});
  return false;
}

/// Reports one of two operands that do not fit together: preferably one that may be null, otherwise
/// one with a kind that never fits, otherwise one of several kinds.
void Inference::ReportPair(ExprId id, std::span<const Type> operands,
                           std::array<KindSet, 2> fits_nowhere, std::array<KindSet, 2> fails) {
  const auto rank = [&](size_t side) {
    if (IsOneKind(SureKindsOf(operands[side])) || fails[side] == 0) return 0;
    if ((fits_nowhere[side] & kNull) != 0) return 3;
    return fits_nowhere[side] != 0 ? 2 : 1;
  };
  const size_t side = rank(1) > rank(0) ? 1 : 0;
  const KindSet odd = fits_nowhere[side] != 0 ? fits_nowhere[side] : fails[side];
  const Expr& expr = context_.store[id];
  const bool is_call = expr.op == Op::Call;
  const std::string_view name =
      is_call ? GetInfo(static_cast<Builtin>(expr.payload)).name : GetName(expr.op);
  const std::string given = side == 0 ? fmt::format("{} and {}", NameKinds(odd), Name(operands[1]))
                                      : fmt::format("{} and {}", Name(operands[0]), NameKinds(odd));
  const std::string rule =
      is_call ? fmt::format("`{}` does not take {}", name, given)
              : fmt::format("`{}` takes {}, not {}", name, DescribeOperands(expr.op), given);
  ReportOddKinds(context_.store.child(id, static_cast<uint32_t>(side)), odd, rule);
}

/// Checks the arguments of a call, each of which fits for some of its kinds.
bool Inference::DemandEveryArgument(ExprId id, Builtin builtin, std::span<const Type> arguments) {
  const auto overloads = FindOverloads(builtin, arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    const KindSet taken = FindTaken(overloads, i);
    const KindSet odd = RejectedKindsOf(arguments[i], taken);
    if (odd == 0) continue;
    ReportOddKinds(context_.store.child(id, static_cast<uint32_t>(i)), odd,
                   fmt::format("`{}` takes {} here", GetInfo(builtin).name, NameKinds(taken)));
    return false;
  }
  const bool has_pairs = arguments.size() == 2 && overloads.size() > 1;
  return !has_pairs || DemandPairs(id, overloads, arguments);
}

/// Checks the items of a list argument, some of which fit.
bool Inference::DemandEveryItem(ExprId list, Builtin builtin, KindSet taken) {
  const Type item = table_.ItemOf(Known(list));
  const KindSet sure = SureKindsOf(item);
  KindSet odd = RejectedKindsOf(item, taken);
  const bool is_sorted = builtin == Builtin::Sort && context_.view != View::AsDeclared;
  if (odd == 0 && is_sorted) odd = FindUnlike(sure);
  if (odd == 0) return true;
  if (HasPoison(context_.store, list) || IsReported(list)) return false;
  const std::string shown = Show(list);
  const std::string rule =
      builtin == Builtin::Sort
          ? "`sort` takes items of one kind"
          : fmt::format("`{}` takes a list of {}", GetInfo(builtin).name, NameKinds(taken));
  ReportKind(context_.sink, table_, context_.store[list].span,
             {.shown = shown,
              .subject = fmt::format("an item of {}", shown),
              .type = item,
              .odd = odd,
              .rule = rule,
              .use = "",
              .instead = ""});
  return false;
}

}  // namespace wfc::expr
