// Expression tree to bytecode, into one code vector and one constant pool for a whole project or
// plan.
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

/// Where programs are collected. Constants are pooled: equal ones of one kind are stored once,
/// numbered by first use.
class Module {
 public:
  [[nodiscard]] std::span<const uint32_t> code() const { return code_; }
  [[nodiscard]] std::span<const Value> constants() const { return constants_; }
  [[nodiscard]] std::span<const uint32_t> code(Range program) const {
    return code().subspan(program.first, program.count);
  }
  [[nodiscard]] ProgramView view(Range program) const { return {code(program), constants_}; }

  uint32_t AddConstant(const Value& value);
  void Clear();

 private:
  friend class Compiler;
  std::vector<uint32_t> code_;
  std::vector<Value> constants_;
  llvm::DenseMap<uint64_t, llvm::SmallVector<uint32_t, 1>> index_;
};

struct CompileOptions {
  /// Renumbers roots from the IR's ids to the plan's; none: as they are.
  llvm::function_ref<Root(const Root&)> map_root = {};
  /// What inference found that a node yields: its numbers are then what its type says
  /// (number_kinds.h). None: they stay as they were read.
  llvm::function_ref<KindSet(ExprId)> kinds_of = {};
};

/// Appends the program of `id` to `module`; its words are the range. A Poison yields an error, as
/// CEL has it for what is evaluated unchecked; what goes into a plan holds none.
Range Compile(const ExprStore& store, ExprId id, Module& module,
              const CompileOptions& options = {});

/// Whether nothing below `id` is a Load or a Poison.
[[nodiscard]] bool IsConstant(const ExprStore& store, ExprId id);

/// The value (which may be an Error) of a tree for which IsConstant holds; empty for any other.
[[nodiscard]] std::optional<Value> Fold(const ExprStore& store, ExprId id);

/// The value of the tree when `known` answers for some roots (empty: not known). Empty when the
/// value depends on one that is not known, or the tree holds a Poison.
[[nodiscard]] std::optional<Value> EvaluatePartial(
    const ExprStore& store, ExprId id, llvm::function_ref<std::optional<Value>(const Root&)> known);

}  // namespace wfc::expr
