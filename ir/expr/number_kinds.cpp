#include "ir/expr/number_kinds.h"

#include <algorithm>

#include "ir/expr/signatures.h"

namespace wfc::expr {
namespace {

constexpr KindSet kBoth = kInt | kDouble;
/// A list literal with more items than this keeps them as they were read.
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

/// Whether the operand's numbers already have the kind that its type states: it is a literal, or
/// the result of an operation that converted its own operands. The result of a function that passes
/// on an argument (`math.greatest`, `orValue`) need not have it.
bool IsAsTyped(const Expr& operand) {
  if (operand.op != Op::Call) return operand.op == Op::Const || IsArithmetic(operand.op);
  return std::ranges::all_of(OverloadsOfCall(operand), [](const Overload& overload) {
    return (overload.result & (kInt | kDouble)) != (kInt | kDouble);
  });
}

/// Whether some overload takes the number kinds `kind` at `index` and no other kind of number.
bool Distinguishes(std::span<const Overload> overloads, size_t index, KindSet kind) {
  return std::ranges::any_of(overloads, [&](const Overload& overload) {
    return (FindTaken(std::span(&overload, 1), index) & (kInt | kDouble)) == kind;
  });
}

bool Distinguishes(const Expr& parent, size_t index, KindSet kind) {
  if (parent.op == Op::Negate) return true;
  if (parent.op == Op::Map) return index % 2 == 0;  // a double cannot be a key
  if (IsArithmetic(parent.op)) return Distinguishes(FindOverloads(parent.op), index, kind);
  if (parent.op != Op::Call) return false;
  const bool asks = static_cast<Builtin>(parent.payload) == Builtin::TypeOf;
  return asks || Distinguishes(OverloadsOfCall(parent), index, kind);
}

/// Whether the value of the operand can become the value of `parent`, as one of several
/// alternatives or items.
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

/// Whether `parent` passes on both ints and doubles.
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
    // The kinds that the optional holds are those of the whole that the other operand does not
    // have.
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
