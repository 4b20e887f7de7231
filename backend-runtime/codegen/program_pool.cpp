#include "backend-runtime/codegen/program_pool.h"

#include "ir/base/check.h"

namespace wfc::codegen {

plan::ProgramId ProgramPool::Add(ir::ExprId expr) {
  if (!expr.has_value()) return {};
  const Range range =
      expr::Compile(project_.exprs, expr, module_,
                    {.map_root = [this](const Root& root) { return MapRoot(root); },
                     .kinds_of =
                         [this](ir::ExprId id) {
                           return kinds_.empty() ? expr::kEveryKind : kinds_[id.index()];
                         }});
  const std::span<const uint32_t> code = module_.code(range);
  std::string words(reinterpret_cast<const char*>(code.data()), code.size_bytes());
  const auto [entry, is_new] = index_.try_emplace(std::move(words));
  if (is_new) entry->second = plan::ProgramId(builder_.AddProgram(code));
  return entry->second;
}

void ProgramPool::Finish() {
  for (const Value& constant : module_.constants()) builder_.AddConstant(constant);
}

Root ProgramPool::MapRoot(const Root& root) const {
  Root mapped = root;
  if (root.kind == RootKind::StageField) mapped.a = layout_.node_of[ir::StageId(root.a)].index();
  if (root.kind == RootKind::Var) mapped.a = reach_.vars.of(ir::VarId(root.a)).index();
  if (root.kind == RootKind::Secret) mapped.a = reach_.secrets.of(ir::SecretId(root.a)).index();
  WFC_CHECK(mapped.a != plan::kNone);  // a project with an unresolved name (N010) is not compiled
  return mapped;
}

}  // namespace wfc::codegen
