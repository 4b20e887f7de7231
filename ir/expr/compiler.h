// Compiles expression trees to bytecode. All programs of a project or plan share one code vector
// and one constant pool. Codegen compiles with it; inference and passes fold constants with it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"
#include "ir/expr/type.h"
#include "ir/expr/vm/vm.h"

namespace wfc::expr {

/// The programs and constants compiled so far. Constants are pooled: equal constants of one kind
/// are stored once and numbered in the order of their first use.
class Module {
 public:
  /// The words of all programs. Invalidated by the next Compile, as are the spans and views below.
  [[nodiscard]] std::span<const uint32_t> code() const { return code_; }
  /// The constant pool.
  [[nodiscard]] std::span<const Value> constants() const { return constants_; }
  /// The words of one program.
  [[nodiscard]] std::span<const uint32_t> code(Range program) const {
    return code().subspan(program.first, program.count);
  }
  /// One program with the pool, ready for Evaluate.
  [[nodiscard]] ProgramView view(Range program) const { return {code(program), constants_}; }

  /// The index of the constant in the pool. Adds it if it is not there yet.
  uint32_t AddConstant(const Value& value);
  /// Removes all programs and constants. Ranges and indices handed out before are then meaningless.
  void Clear();

 private:
  friend class Compiler;
  std::vector<uint32_t> code_;
  std::vector<Value> constants_;
  llvm::DenseMap<uint64_t, llvm::SmallVector<uint32_t, 1>> index_;
};

/// How Compile adapts the tree to where the program runs.
struct CompileOptions {
  /// Maps a root from the IR's ids to the plan's. Null means that roots keep their ids.
  llvm::function_ref<Root(const Root&)> map_root = {};
  /// The kinds that inference found for an expression. If given, numbers are converted to the kind
  /// that the type of their place requires (number_kinds.h). Null means that numbers stay as they
  /// were read.
  llvm::function_ref<KindSet(ExprId)> kinds_of = {};
};

/// Appends the program of `id` to `module` and returns the range of its words in Module::code(). A
/// Poison compiles to an error constant, because CEL evaluates unchecked expressions to errors;
/// expressions that go into a plan contain no Poison.
Range Compile(const ExprStore& store, ExprId id, Module& module,
              const CompileOptions& options = {});

/// Whether the value of the expression depends on nothing outside of it: it contains no Load, no
/// Poison, and no name that is bound outside.
[[nodiscard]] bool IsConstant(const ExprStore& store, ExprId id);

/// The value, which may be an Error, of an expression for which IsConstant holds. Empty for any
/// other expression, and when evaluation exceeds the budget for folding.
[[nodiscard]] std::optional<Value> Fold(const ExprStore& store, ExprId id);

/// The value of the expression if `known` returns the values of some roots and an empty optional
/// for those that are not known. Empty when the value depends on a root that is not known, when the
/// tree contains a Poison, and when evaluation exceeds the budget for folding.
[[nodiscard]] std::optional<Value> EvaluatePartial(
    const ExprStore& store, ExprId id, llvm::function_ref<std::optional<Value>(const Root&)> known);

}  // namespace wfc::expr
