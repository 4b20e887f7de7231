#include "ir/expr/reads.h"

#include <algorithm>

#include "llvm/ADT/SmallVector.h"

namespace wfc::expr {
namespace {

// Limit on the guards kept. A read whose guard is dropped counts as plain, which only demands more
// of a stage.
constexpr size_t kMaxGuards = 64;

struct ReadPath {
  Root root;
  llvm::SmallVector<std::string_view, 4> fields;
};

bool IsStep(Op op) {
  return op == Op::Select || op == Op::SelectOptional;
}

/// Walks one tree. `guards_` holds the paths that are known to be present at the current node.
class Walker {
 public:
  using Visit = llvm::function_ref<void(const Read&, std::span<const std::string_view>)>;

  Walker(const ExprStore& store, Visit visit) : store_(store), visit_(visit) {}

  void Walk(ExprId id, bool is_soft) {
    const Expr& expr = store_[id];
    switch (expr.op) {
      case Op::Load:
        return Report(id, {}, is_soft);
      case Op::Select:
      case Op::SelectOptional:
        return WalkSteps(id, is_soft);
      case Op::Has:
      case Op::Present:
      case Op::IndexOptional:
      case Op::Coalesce:
        return WalkChildren(expr, true);
      case Op::Conditional:
        return WalkConditional(expr, is_soft);
      case Op::And:
        return WalkGuarded(expr, true, is_soft);
      case Op::Or:
        return WalkGuarded(expr, false, is_soft);
      default:
        return WalkChildren(expr, is_soft);
    }
  }

 private:
  /// Walks the children, except constants, which read nothing. Most others are names.
  void WalkChildren(const Expr& expr, bool is_soft) {
    for (const ExprId child : store_.children(expr)) {
      if (store_[child].op == Op::Load) {
        Report(child, {}, is_soft);
      } else if (!store_[child].is_constant) {
        Walk(child, is_soft);
      }
    }
  }

  /// Walks a chain of field accesses such as `load.a.b` down to the value from which the fields are
  /// selected.
  void WalkSteps(ExprId id, bool is_soft) {
    llvm::SmallVector<std::string_view, 4> fields;
    while (IsStep(store_[id].op)) {
      is_soft |= store_[id].op == Op::SelectOptional;
      fields.push_back(store_.name(store_[id]));
      id = store_.child(id, 0);
    }
    if (store_[id].op != Op::Load) return Walk(id, is_soft);
    std::ranges::reverse(fields);
    Report(id, fields, is_soft);
  }

  [[nodiscard]] bool IsGuarded(const Root& root, std::span<const std::string_view> fields) const {
    return std::ranges::any_of(guards_, [&](const ReadPath& guard) {
      const size_t shared = std::min(guard.fields.size(), fields.size());
      const auto asked = std::span(guard.fields).first(shared);
      return guard.root == root && std::ranges::equal(asked, fields.first(shared));
    });
  }

  void Report(ExprId load, std::span<const std::string_view> fields, bool is_soft) {
    const Root& root = store_.root(load);
    is_soft = is_soft || (!guards_.empty() && IsGuarded(root, fields));
    visit_({.id = load,
            .root = root,
            .span = store_[load].span,
            .tolerance = is_soft ? Tolerance::Soft : Tolerance::Plain},
           fields);
  }

  void WalkConditional(const Expr& expr, bool is_soft) {
    const auto children = store_.children(expr);
    Walk(children[0], is_soft);
    for (const bool truth : {true, false}) {
      const size_t before = guards_.size();
      AddGuards(children[0], truth);
      Walk(children[truth ? 1 : 2], is_soft);
      guards_.truncate(before);
    }
  }

  /// Walks the operands of `&&` or `||`. A failing operand is absorbed if another one decides the
  /// result, so each operand guards all others, including those before it.
  void WalkGuarded(const Expr& expr, bool truth, bool is_soft) {
    const size_t before = guards_.size();
    for (const ExprId child : store_.children(expr)) AddGuards(child, truth);
    WalkChildren(expr, is_soft);
    guards_.truncate(before);
  }

  /// Adds the paths that are known to be present if `id` evaluates to `truth`.
  void AddGuards(ExprId id, bool truth) {
    const Expr& expr = store_[id];
    if (guards_.size() >= kMaxGuards) return;
    if (expr.op == Op::Not) return AddGuards(store_.child(id, 0), !truth);
    const bool spreads = (expr.op == Op::And && truth) || (expr.op == Op::Or && !truth);
    if (spreads) {
      for (const ExprId child : store_.children(expr)) AddGuards(child, truth);
    }
    if (!truth || (expr.op != Op::Has && expr.op != Op::Present)) return;
    ReadPath path;
    if (expr.op == Op::Has) path.fields.push_back(store_.name(expr));
    ExprId base = store_.child(id, 0);
    for (; IsStep(store_[base].op); base = store_.child(base, 0)) {
      path.fields.push_back(store_.name(store_[base]));
    }
    if (store_[base].op != Op::Load) return;
    std::ranges::reverse(path.fields);
    path.root = store_.root(base);
    guards_.push_back(std::move(path));
  }

  const ExprStore& store_;
  Visit visit_;
  llvm::SmallVector<ReadPath, 0> guards_;
};

}  // namespace

void ForEachPath(
    const ExprStore& store, ExprId id,
    llvm::function_ref<void(const Read&, std::span<const std::string_view> fields)> visit) {
  if (!store[id].is_constant) Walker(store, visit).Walk(id, false);
}

void ForEachRead(const ExprStore& store, ExprId id, llvm::function_ref<void(const Read&)> visit) {
  ForEachPath(store, id, [&](const Read& read, std::span<const std::string_view>) { visit(read); });
}

}  // namespace wfc::expr
