// The expression tree of EXPR fields, VALUE fields and templates. The parser and lowering build it;
// inference, passes and the compiler to bytecode read it. Nodes are named by ExprId, and names of
// the workflow are already resolved to Roots.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ir/base/id.h"
#include "ir/base/span.h"
#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/root.h"
#include "ir/support/interner.h"
#include "ir/support/store.h"
#include "ir/value/value.h"

namespace wfc::expr {

struct ExprTag;
using ExprId = Id<ExprTag>;

/// The kind of a node. ops.def says what its payload and its children are.
enum class Op : uint8_t {
#define WFC_OP(id, name) id,
#include "ir/expr/ops.def"
};
inline constexpr uint32_t kOpCount = static_cast<uint32_t>(Op::Render) + 1;

/// The name of the operation in printed trees and messages.
[[nodiscard]] std::string_view GetName(Op op);

/// Whether the node iterates over the items of a list or the entries of a map.
constexpr bool IsLoop(Op op) {
  return op >= Op::All && op <= Op::TransformMapEntry;
}
/// Whether the body of a loop sees two names: one for the key or index, and one for the value.
constexpr bool NamesPairs(Op op) {
  return op >= Op::AllPairs && op <= Op::TransformMapEntry;
}
/// Whether all children but the first see names that the node binds.
constexpr bool BindsNames(Op op) {
  return IsLoop(op) || op == Op::OptMap || op == Op::OptFlatMap || op == Op::Bind;
}

/// Whether some children may remain unevaluated, depending on the values of others.
constexpr bool Chooses(Op op) {
  return op == Op::And || op == Op::Or || op == Op::Conditional || op == Op::Coalesce;
}

/// A node. The flags and the depth are derived from the node and everything below it when the node
/// is added.
struct Expr {
  Op op = Op::Poison;
  bool has_poison : 1 = false;  ///< whether this node or one below it is a Poison
  /// Whether no node of the tree is a Load, a Binding or a Poison, and none is a call of `dyn`,
  /// which hides what is known of its argument.
  bool is_constant : 1 = false;
  /// Whether this node or one below it decides what else is evaluated (Chooses).
  bool has_choice : 1 = false;
  bool has_loop : 1 = false;   ///< whether this node or one below it iterates (IsLoop)
  bool has_claim : 1 = false;  ///< whether this node or one below it is a comparison, `in` or `!`
  /// Whether this node or one below it computes something. References, field accesses, constants,
  /// lists, maps, templates and `coalesce` do not compute.
  bool computes : 1 = false;
  uint16_t depth = 1;    ///< number of levels of this subtree, including this node; saturates
  uint32_t payload = 0;  ///< its meaning depends on `op` (ops.def)
  Range children = {};   ///< indices into the store's pool of children
  Span span = {};
};

/// All expressions of a project, with their constants, roots and names. Nodes are added bottom-up
/// and never change or disappear; children precede their parents.
class ExprStore {
 public:
  /// A placeholder for something that did not parse or resolve and has been reported.
  ExprId AddPoison(Span span);
  /// A constant.
  ExprId AddConst(Value value, Span span);
  /// A read of a root.
  ExprId AddLoad(const Root& root, Span span);
  /// `op` is an operation on a named field: Select, SelectOptional or Has.
  ExprId AddSelect(Op op, ExprId operand, std::string_view name, Span span);
  /// A node of any other kind. The caller has checked the number of children and that they are of
  /// this store.
  ExprId Add(Op op, std::span<const ExprId> children, Span span, uint32_t payload = 0);
  /// A map written in YAML. `keys_and_values` alternate; lowering adds them sorted by key. Unlike a
  /// map written in an expression it does not compute, because its keys are constants.
  ExprId AddMap(std::span<const ExprId> keys_and_values, Span span);
  /// A list written in YAML or in an expression.
  ExprId AddList(std::span<const ExprId> items, Span span);

  /// The node. The reference is valid until the next node is added, as are the spans below.
  [[nodiscard]] const Expr& Get(ExprId id) const { return exprs_[id]; }
  const Expr& operator[](ExprId id) const { return exprs_[id]; }
  /// The children in the order of ops.def.
  [[nodiscard]] std::span<const ExprId> children(const Expr& expr) const {
    return {children_.data() + expr.children.first, expr.children.count};
  }
  [[nodiscard]] std::span<const ExprId> children(ExprId id) const { return children(exprs_[id]); }
  [[nodiscard]] ExprId child(ExprId id, uint32_t index) const { return children(id)[index]; }

  /// The constant of a Const.
  [[nodiscard]] const Value& constant(const Expr& expr) const { return constants_[expr.payload]; }
  [[nodiscard]] const Value& constant(ExprId id) const { return constant(exprs_[id]); }
  /// The root of a Load.
  [[nodiscard]] const Root& root(const Expr& expr) const { return roots_[expr.payload]; }
  [[nodiscard]] const Root& root(ExprId id) const { return root(exprs_[id]); }
  /// The roots of all Loads, for questions about what is read anywhere.
  [[nodiscard]] std::span<const Root> roots() const { return roots_; }
  /// The field name of a Select, SelectOptional or Has.
  [[nodiscard]] std::string_view name(const Expr& expr) const {
    return names_.Get(StringId(expr.payload));
  }
  /// Returns a copy of `text` that lives as long as the store.
  std::string_view Keep(std::string_view text) { return names_.Get(names_.Intern(text)); }
  /// Makes room for `count` nodes.
  void Reserve(size_t count) {
    exprs_.Reserve(count);
    children_.reserve(count);
  }
  [[nodiscard]] uint32_t size() const { return exprs_.size(); }
  [[nodiscard]] auto ids() const { return exprs_.ids(); }

 private:
  ExprId Add(Op op, std::span<const ExprId> children, Span span, uint32_t payload, bool computes);

  Store<ExprId, Expr> exprs_;
  std::vector<ExprId> children_;
  std::vector<Value> constants_;
  std::vector<Root> roots_;
  Interner names_;
};

/// Whether the expression is a string constant: plain text of the manifest, or a string literal.
[[nodiscard]] bool IsConstText(const ExprStore& store, ExprId id);

/// Whether the tree contains a Poison; later passes then say nothing about it.
[[nodiscard]] inline bool HasPoison(const ExprStore& store, ExprId id) {
  return store[id].has_poison;
}

}  // namespace wfc::expr
