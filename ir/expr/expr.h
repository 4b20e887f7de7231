// The expression tree: EXPR fields, VALUE fields and templates alike. Nodes are named by ExprId;
// names of the workflow are already resolved to Roots.
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

enum class Op : uint8_t {
#define WFC_OP(id, name) id,
#include "ir/expr/ops.def"
};
inline constexpr uint32_t kOpCount = static_cast<uint32_t>(Op::Render) + 1;

[[nodiscard]] std::string_view GetName(Op op);

/// Goes through the items of a list or the entries of a map.
constexpr bool IsLoop(Op op) {
  return op >= Op::All && op <= Op::TransformMapEntry;
}
/// Whether the body of a loop has a name for the key or index, and one for the value.
constexpr bool NamesPairs(Op op) {
  return op >= Op::AllPairs && op <= Op::TransformMapEntry;
}
/// Its children but the first see names that it makes.
constexpr bool BindsNames(Op op) {
  return IsLoop(op) || op == Op::OptMap || op == Op::OptFlatMap || op == Op::Bind;
}

/// Not all of its children are evaluated each time.
constexpr bool Chooses(Op op) {
  return op == Op::And || op == Op::Or || op == Op::Conditional || op == Op::Coalesce;
}

struct Expr {
  Op op = Op::Poison;
  bool has_poison : 1 = false;  ///< itself or below
  /// Nothing below has a name (a Load, a Binding), and no `dyn` hides what is known of its value.
  bool is_constant : 1 = false;
  bool has_choice : 1 = false;  ///< itself or below decides what else is evaluated (Chooses)
  bool has_loop : 1 = false;    ///< itself or below goes through items (IsLoop)
  bool has_claim : 1 = false;   ///< itself or below is a comparison, or `!`
  /// Itself or below is more than names, fields, texts and what YAML can write.
  bool computes : 1 = false;
  uint16_t depth = 1;    ///< levels of the tree below and with this node (saturating)
  uint32_t payload = 0;  ///< as Op says
  Range children = {};   ///< in the store's pool of children
  Span span = {};
};

class ExprStore {
 public:
  ExprId AddPoison(Span span);
  ExprId AddConst(Value value, Span span);
  ExprId AddLoad(const Root& root, Span span);
  ExprId AddSelect(Op op, ExprId operand, std::string_view name, Span span);
  ExprId Add(Op op, std::span<const ExprId> children, Span span, uint32_t payload = 0);
  /// `keys_and_values` alternate; lowering adds them sorted by key.
  ExprId AddMap(std::span<const ExprId> keys_and_values, Span span);
  ExprId AddList(std::span<const ExprId> items, Span span);

  [[nodiscard]] const Expr& Get(ExprId id) const { return exprs_[id]; }
  const Expr& operator[](ExprId id) const { return exprs_[id]; }
  [[nodiscard]] std::span<const ExprId> children(const Expr& expr) const {
    return {children_.data() + expr.children.first, expr.children.count};
  }
  [[nodiscard]] std::span<const ExprId> children(ExprId id) const { return children(exprs_[id]); }
  [[nodiscard]] ExprId child(ExprId id, uint32_t index) const { return children(id)[index]; }

  [[nodiscard]] const Value& constant(const Expr& expr) const { return constants_[expr.payload]; }
  [[nodiscard]] const Value& constant(ExprId id) const { return constant(exprs_[id]); }
  [[nodiscard]] const Root& root(const Expr& expr) const { return roots_[expr.payload]; }
  [[nodiscard]] const Root& root(ExprId id) const { return root(exprs_[id]); }
  [[nodiscard]] std::string_view name(const Expr& expr) const {
    return names_.Get(StringId(expr.payload));
  }
  /// Keeps `text` for as long as the store lives.
  std::string_view Keep(std::string_view text) { return names_.Get(names_.Intern(text)); }
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

/// Whether `id` is a Const of a String: plain text of the manifest.
[[nodiscard]] bool IsConstText(const ExprStore& store, ExprId id);

/// Whether the tree holds a Poison: later passes then keep silent about it.
[[nodiscard]] inline bool HasPoison(const ExprStore& store, ExprId id) {
  return store[id].has_poison;
}

}  // namespace wfc::expr
