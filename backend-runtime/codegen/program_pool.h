// ProgramPool: expressions as bytecode and constants, each distinct one once, numbered by first
// use.
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "backend-runtime/codegen/reach.h"
#include "backend-runtime/plan/writer.h"
#include "ir/expr/compiler.h"

namespace wfc::codegen {

class ProgramPool {
 public:
  ProgramPool(const ir::Project& project, const Layout& layout, const Reach& reach,
              std::span<const expr::KindSet> kinds, plan::PlanBuilder& builder)
      : project_(project), layout_(layout), reach_(reach), kinds_(kinds), builder_(builder) {}

  /// The program of `expr`; none for none.
  plan::ProgramId Add(ir::ExprId expr);
  plan::ConstantId AddConstant(const Value& value) {
    return plan::ConstantId(module_.AddConstant(value));
  }

  /// Writes the constants; nothing may be added afterwards.
  void Finish();

 private:
  [[nodiscard]] Root MapRoot(const Root& root) const;

  const ir::Project& project_;
  const Layout& layout_;
  const Reach& reach_;
  std::span<const expr::KindSet> kinds_;  // by ExprId; none: not known
  plan::PlanBuilder& builder_;
  expr::Module module_;
  std::unordered_map<std::string, plan::ProgramId> index_;  // by words; only looked up
};

}  // namespace wfc::codegen
