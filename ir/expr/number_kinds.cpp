#include "ir/expr/number_kinds.h"

#include <algorithm>

#include "ir/expr/signatures.h"

namespace wfc::expr {
namespace {

constexpr KindSet kInt = KindsOf(Kind::Int);
constexpr KindSet kDouble = KindsOf(Kind::Double);
constexpr KindSet kBoth = kInt | kDouble;
/// Of a longer list that is written out, the items stay as they were read.
constexpr size_t kMaxItems = 64;

bool IsArithmetic(Op op) {
  switch (op) {
    case Op::Negate:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::Add:
    case Op::Subtract:
      return true;
    default:
      return false;
  }
}

std::span<const Overload> OverloadsOfCall(const Expr& call) {
  return FindOverloads(static_cast<Builtin>(call.payload), call.children.count);
}

/// Written in the expression, or worked out by what has converted its own operands; not what a
/// function passes on (`math.greatest`, `orValue`).
bool IsAsTyped(const Expr& operand) {
  if (operand.op != Op::Call) return operand.op == Op::Const || IsArithmetic(operand.op);
  return std::ranges::all_of(OverloadsOfCall(operand), [](const Overload& overload) {
    return (overload.result & (kInt | kDouble)) != (kInt | kDouble);
  });
}

/// Whether some overload takes `kind` at `index` and not the other kind of number.
bool Distinguishes(std::span<const Overload> overloads, size_t index, KindSet kind) {
  return std::ranges::any_of(overloads, [&](const Overload& overload) {
    return (FindTaken(std::span(&overload, 1), index) & (kInt | kDouble)) == kind;
  });
}

bool Distinguishes(const Expr& parent, size_t index, KindSet kind) {
  if (parent.op == Op::Negate) return true;
  if (parent.op == Op::Map) return index % 2 == 0;  // a double is no key
  if (IsArithmetic(parent.op)) return Distinguishes(FindOverloads(parent.op), index, kind);
  if (parent.op != Op::Call) return false;
  const bool asks = static_cast<Builtin>(parent.payload) == Builtin::TypeOf;
  return asks || Distinguishes(OverloadsOfCall(parent), index, kind);
}

/// Whether the operand's value can become the value of `parent`, beside those of others.
bool IsPassedOn(const Expr& parent, size_t index) {
  switch (parent.op) {
    case Op::Conditional:
      return index > 0;
    case Op::Coalesce:
    case Op::List:
      return true;
    case Op::Call:
      return parent.payload == static_cast<uint32_t>(Builtin::OptionalOrValue);
    default:
      return false;
  }
}

/// Whether numbers of both kinds are passed on.
bool MixesNumbers(const ExprStore& store, ExprId parent,
                  llvm::function_ref<KindSet(ExprId)> kinds_of) {
  KindSet kinds = 0;
  if (store[parent].op != Op::List) {
    kinds = kinds_of(parent);
  } else if (store[parent].children.count <= kMaxItems) {
    for (const ExprId item : store.children(parent)) kinds |= kinds_of(item);
  }
  return (kinds & kBoth) == kBoth;
}

}  // namespace

std::optional<Kind> FindConversion(const ExprStore& store, ExprId parent, size_t index,
                                   llvm::function_ref<KindSet(ExprId)> kinds_of) {
  const ExprId id = store.child(parent, static_cast<uint32_t>(index));
  if (IsAsTyped(store[id])) return std::nullopt;
  KindSet kinds = kinds_of(id);
  if (IsPassedOn(store[parent], index)) {
    if (!MixesNumbers(store, parent, kinds_of)) return std::nullopt;
    // What an optional holds is what the whole may be and the other operand is not.
    if (kinds == KindsOf(Kind::Optional)) {
      kinds = kinds_of(parent) & ~kinds_of(store.children(parent).back());
    }
  } else if (!Distinguishes(store[parent], index, kinds & kBoth)) {
    return std::nullopt;
  }
  kinds &= kBoth;
  if (kinds == 0 || kinds == kBoth) return std::nullopt;
  return kinds == kInt ? Kind::Int : Kind::Double;
}

}  // namespace wfc::expr
