#include "ir/expr/compiler.h"

#include <algorithm>
#include <utility>

#include "ir/expr/fixed.h"
#include "ir/expr/number_kinds.h"
#include "ir/expr/vm/bytecode.h"

namespace wfc::expr {
namespace {

// Every expression of a project is folded at compile time, so folding gets far less than an
// evaluation at run time.
constexpr Budget kFoldBudget = {
    .steps = 20'000, .allocated_bytes = 1 << 20, .value_bytes = 1 << 20};

Opcode OpcodeOfOperator(Op op) {
  switch (op) {
#define WFC_EXPR_OPERATOR(id, name) \
  case Op::id:                      \
    return Opcode::id;
#include "ir/expr/vm/operators.def"
    default:
      WFC_CHECK(false);
  }
  return Opcode::Return;
}

LoopKind LoopKindOf(Op op) {
  switch (op) {
    case Op::All:
    case Op::AllPairs:
      return LoopKind::All;
    case Op::Exists:
    case Op::ExistsPair:
      return LoopKind::Exists;
    case Op::ExistsOne:
    case Op::ExistsOnePair:
      return LoopKind::ExistsOne;
    case Op::Filter:
      return LoopKind::Filter;
    case Op::TransformMap:
      return LoopKind::TransformMap;
    case Op::TransformMapEntry:
      return LoopKind::TransformMapEntry;
    default:
      return LoopKind::Transform;
  }
}

}  // namespace

/// Emits one program. The recursion is bounded by the depth of trees: kMaxTreeDepth for parsed
/// ones, and the depth limits of the YAML and JSON readers for the others.
class Compiler {
 public:
  Compiler(const ExprStore& store, Module& module, const CompileOptions& options)
      : store_(store),
        module_(module),
        options_(options),
        code_(module.code_),
        base_(static_cast<uint32_t>(code_.size())) {}

  Range Compile(ExprId id) {
    Emit(id);
    Word(Opcode::Return);
    return {.first = base_, .count = Here()};
  }

 private:
  [[nodiscard]] uint32_t Here() const { return static_cast<uint32_t>(code_.size()) - base_; }
  void Word(Opcode opcode, uint32_t operand = 0) { code_.push_back(MakeWord(opcode, operand)); }
  void Operand(uint32_t word) { code_.push_back(word); }
  /// Appends a placeholder for a jump target and returns its index. Patch sets it to the current
  /// position.
  size_t Hole() {
    code_.push_back(0);
    return code_.size() - 1;
  }
  void Patch(size_t hole) { code_[hole] = Here(); }

  void EmitConstant(const Value& value) {
    Word(Opcode::Const);
    Operand(module_.AddConstant(value));
  }

  void EmitChildren(const Expr& expr) {
    for (const ExprId child : store_.children(expr)) Emit(child);
  }

  /// Emits a child whose number must be converted where its place distinguishes int from double.
  void EmitOperand(ExprId parent, uint32_t index) {
    const ExprId operand = store_.child(parent, index);
    Emit(operand);
    if (!options_.kinds_of) return;
    const std::optional<Kind> kind = FindConversion(store_, parent, index, options_.kinds_of);
    if (kind) Word(Opcode::AsNumber, *kind == Kind::Double ? 1 : 0);
  }

  void EmitOperands(ExprId id) {
    for (uint32_t i = 0; i < store_[id].children.count; ++i) EmitOperand(id, i);
  }

  void Emit(ExprId id) {
    const Expr& expr = store_[id];
    if (IsLoop(expr.op)) return EmitLoop(expr);
    switch (expr.op) {
      case Op::Poison:
        return EmitConstant(Value::Error(EvalError::Argument, "an expression in error"));
      case Op::Const:
        return EmitConstant(store_.constant(expr));
      case Op::Load:
        return EmitLoad(store_.root(expr));
      case Op::Binding:
        return Word(Opcode::Slot, expr.payload);
      case Op::Select:
      case Op::SelectOptional:
      case Op::Has:
        return EmitField(expr);
      case Op::And:
        return EmitLogic(expr, Opcode::JumpIfFalse, Opcode::And);
      case Op::Or:
        return EmitLogic(expr, Opcode::JumpIfTrue, Opcode::Or);
      case Op::Conditional:
        return EmitConditional(id);
      case Op::Call:
        EmitOperands(id);
        Word(Opcode::Call, expr.children.count);
        return Operand(expr.payload);
      case Op::Coalesce:
        return EmitCoalesce(id);
      case Op::OptMap:
      case Op::OptFlatMap:
        return EmitOption(expr);
      case Op::List:
        return EmitList(id);
      case Op::Map:
        return EmitMap(id);
      case Op::Bind:
        return EmitBind(expr);
      case Op::Concat:
        return EmitConcat(expr);
      case Op::Render:
      case Op::OptionalElement:
        return EmitChildren(expr);
      default:
        EmitOperands(id);
        return Word(OpcodeOfOperator(expr.op));
    }
  }

  void EmitLoad(const Root& root) {
    const Root mapped = options_.map_root ? options_.map_root(root) : root;
    Word(Opcode::Load, static_cast<uint32_t>(mapped.kind));
    Operand(mapped.a);
    Operand(mapped.b);
  }

  void EmitField(const Expr& expr) {
    EmitChildren(expr);
    Word(OpcodeOfOperator(expr.op));
    Operand(module_.AddConstant(Value::String(store_.name(expr))));
  }

  void EmitLogic(const Expr& expr, Opcode jump, Opcode combine) {
    llvm::SmallVector<size_t, 8> holes;
    bool first = true;
    for (const ExprId child : store_.children(expr)) {
      Emit(child);
      if (!first) Word(combine);
      first = false;
      if (child == store_.children(expr).back()) break;
      Word(jump);
      holes.push_back(Hole());
    }
    for (const size_t hole : holes) Patch(hole);
  }

  void EmitConditional(ExprId id) {
    Emit(store_.child(id, 0));
    Word(Opcode::Branch);
    const size_t otherwise = Hole();
    const size_t end_of_error = Hole();
    EmitOperand(id, 1);
    Word(Opcode::Jump);
    const size_t end = Hole();
    Patch(otherwise);
    EmitOperand(id, 2);
    Patch(end);
    Patch(end_of_error);
  }

  void EmitCoalesce(ExprId id) {
    llvm::SmallVector<size_t, 8> holes;
    for (uint32_t i = 0; i < store_[id].children.count; ++i) {
      EmitOperand(id, i);
      Word(Opcode::JumpIfPresent);
      holes.push_back(Hole());
    }
    Word(Opcode::AbsentCoalesce);
    for (const size_t hole : holes) Patch(hole);
  }

  void EmitOption(const Expr& expr) {
    const auto children = store_.children(expr);
    Emit(children[0]);
    Word(Opcode::OptionBegin);
    const size_t exit = Hole();
    Emit(children[1]);
    Word(Opcode::OptionEnd, expr.op == Op::OptMap ? 1 : 0);
    Patch(exit);
  }

  void EmitBind(const Expr& expr) {
    const auto children = store_.children(expr);
    Emit(children[0]);
    Word(Opcode::BindBegin);
    Emit(children[1]);
    Word(Opcode::BindEnd);
  }

  [[nodiscard]] bool IsOptional(ExprId id) const { return store_[id].op == Op::OptionalElement; }

  /// `[a, ?b, c]` compiles to `[a] + (a list of b if it has a value) + [c]`.
  void EmitList(ExprId id) {
    uint32_t pending = 0;
    bool has_list = false;
    const auto join = [&] {
      if (has_list) Word(Opcode::Add);
      has_list = true;
    };
    const auto flush = [&] {
      if (pending == 0 && has_list) return;
      Word(Opcode::MakeList);
      Operand(std::exchange(pending, 0));
      join();
    };
    for (uint32_t i = 0; i < store_[id].children.count; ++i) {
      const ExprId child = store_.child(id, i);
      if (IsOptional(child)) flush();
      EmitOperand(id, i);
      ++pending;
      if (!IsOptional(child)) continue;
      pending = 0;
      Word(Opcode::OptionToList);
      join();
    }
    flush();
  }

  void EmitMap(ExprId id) {
    const auto children = store_.children(id);
    uint32_t pending = 0;
    for (uint32_t i = 0; i + 1 < children.size(); i += 2) {
      if (IsOptional(children[i + 1])) continue;
      EmitOperand(id, i);
      Emit(children[i + 1]);
      ++pending;
    }
    Word(Opcode::MakeMap);
    Operand(pending);
    for (uint32_t i = 0; i + 1 < children.size(); i += 2) {
      if (!IsOptional(children[i + 1])) continue;
      EmitOperand(id, i);
      Emit(children[i + 1]);
      Word(Opcode::OptionToMap);
      Word(Opcode::Merge);
    }
  }

  void EmitLoop(const Expr& expr) {
    const auto children = store_.children(expr);
    Emit(children[0]);
    Word(Opcode::LoopBegin, PackLoop({LoopKindOf(expr.op), NamesPairs(expr.op)}));
    const size_t no_range = Hole();
    const uint32_t head = Here();
    Word(Opcode::LoopNext);
    const size_t at_end = Hole();
    size_t bad_test = 0;
    if (children.size() == 3) {
      Emit(children[1]);
      Word(Opcode::LoopTest);
      Operand(head);
      bad_test = Hole();
    }
    Emit(children.back());
    Word(Opcode::LoopStep);
    Operand(head);
    const size_t decided = Hole();
    Patch(no_range);
    Patch(at_end);
    Patch(decided);
    if (children.size() == 3) Patch(bad_test);
  }

  void EmitConcat(const Expr& expr) {
    EmitChildren(expr);
    Word(Opcode::Concat);
    Operand(expr.children.count);
  }

  const ExprStore& store_;
  Module& module_;
  CompileOptions options_;
  std::vector<uint32_t>& code_;
  uint32_t base_;
};

uint32_t Module::AddConstant(const Value& value) {
  // The shift keeps the key clear of DenseMap's two reserved keys, which have the top bit set.
  auto& candidates = index_[HashIdentical(value) >> 1];
  for (const uint32_t index : candidates) {
    if (Identical(constants_[index], value)) return index;
  }
  constants_.push_back(value);
  const auto index = static_cast<uint32_t>(constants_.size() - 1);
  candidates.push_back(index);
  return index;
}

void Module::Clear() {
  code_.clear();
  constants_.clear();
  index_.clear();
}

Range Compile(const ExprStore& store, ExprId id, Module& module, const CompileOptions& options) {
  return Compiler(store, module, options).Compile(id);
}

namespace {

/// `bound` holds the slots of the names that are bound inside the whole expression and visible
/// here.
bool IsConstantWith(const ExprStore& store, ExprId id, llvm::SmallVectorImpl<uint32_t>& bound) {
  const Expr& expr = store[id];
  if (expr.op == Op::Load || expr.has_poison) return false;
  if (expr.op == Op::Binding) return std::ranges::find(bound, expr.payload) != bound.end();
  const size_t outside = bound.size();
  bool is_first = true;
  for (const ExprId child : store.children(expr)) {
    if (!IsConstantWith(store, child, bound)) return false;
    if (std::exchange(is_first, false) && BindsNames(expr.op)) {
      bound.push_back(expr.payload);
      if (NamesPairs(expr.op)) bound.push_back(expr.payload + 1);
    }
  }
  bound.truncate(outside);
  return true;
}

}  // namespace

bool IsConstant(const ExprStore& store, ExprId id) {
  llvm::SmallVector<uint32_t, 4> bound;
  return IsConstantWith(store, id, bound);
}

std::optional<Value> Fold(const ExprStore& store, ExprId id) {
  if (store[id].op == Op::Const) return store.constant(id);
  if (!IsConstant(store, id) && !IsFixed(store, id)) return std::nullopt;
  return EvaluatePartial(store, id,
                         [](const Root&) -> std::optional<Value> { return std::nullopt; });
}

std::optional<Value> EvaluatePartial(const ExprStore& store, ExprId id,
                                     llvm::function_ref<std::optional<Value>(const Root&)> known) {
  if (HasPoison(store, id)) return std::nullopt;
  class Context : public LoadContext {
   public:
    explicit Context(llvm::function_ref<std::optional<Value>(const Root&)> all) : known_(all) {}
    const Value& Load(const Root& root, Value& made) override {
      auto value = known_(root);
      made = value ? *std::move(value) : Value::Error(EvalError::Unknown, "not known here");
      return made;
    }

   private:
    llvm::function_ref<std::optional<Value>(const Root&)> known_;
  };
  Module module;
  const Range program = Compile(store, id, module);
  Context context(known);
  Value value = Evaluate(module.view(program), context, kFoldBudget);
  const bool is_unknown = value.is_error() && (value.error_code() == EvalError::Unknown ||
                                               value.error_code() == EvalError::Budget);
  if (is_unknown) return std::nullopt;
  return value;
}

}  // namespace wfc::expr
