// ProgramPool: compiles expressions to bytecode and constants for the plan. Each distinct program
// and constant is stored once, numbered by first use. The emitter uses it.
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "backend-runtime/codegen/reach.h"
#include "backend-runtime/plan/writer.h"
#include "ir/expr/compiler.h"

namespace wfc::codegen {

/// The arguments of the constructor must outlive the pool.
class ProgramPool {
 public:
  ProgramPool(const ir::Project& project, const Layout& layout, const Reach& reach,
              std::span<const expr::KindSet> kinds, plan::PlanBuilder& builder)
      : project_(project), layout_(layout), reach_(reach), kinds_(kinds), builder_(builder) {}

  /// The program of `expr`; none if `expr` is none.
  plan::ProgramId Add(ir::ExprId expr);
  /// The constant with this value.
  plan::ConstantId AddConstant(const Value& value) {
    return plan::ConstantId(module_.AddConstant(value));
  }

  /// Writes the constants to the builder; nothing may be added afterwards.
  void Finish();

 private:
  [[nodiscard]] Root MapRoot(const Root& root) const;

  const ir::Project& project_;
  const Layout& layout_;
  const Reach& reach_;
  std::span<const expr::KindSet> kinds_;  // indexed by ExprId; empty if not known
  plan::PlanBuilder& builder_;
  expr::Module module_;
  // By the words of the program; only looked up.
  std::unordered_map<std::string, plan::ProgramId> index_;
};

}  // namespace wfc::codegen
