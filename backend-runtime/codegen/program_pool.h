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

  /// The index of the program of `expr`; `plan::kNone` for none.
  uint32_t Add(ir::ExprId expr);
  uint32_t AddConstant(const Value& value) { return module_.AddConstant(value); }

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
  std::unordered_map<std::string, uint32_t> index_;  // words to program; only looked up
};

}  // namespace wfc::codegen
