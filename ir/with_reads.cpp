#include "ir/with_reads.h"

#include <algorithm>

#include "ir/expr/reads.h"
#include "ir/expressions.h"

namespace wfc::ir {

namespace {

void SortOnce(std::vector<std::string_view>& names) {
  std::ranges::sort(names);
  auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
}

}  // namespace

void CollectWithReads(const Project& project, ExprId id, WithReads& reads) {
  if (!id.has_value()) return;
  auto visit = [&](const expr::Read& read, std::span<const std::string_view> fields) {
    if (read.root.kind != RootKind::With) return;
    if (fields.empty()) {
      reads.reads_whole = true;
      return;
    }
    reads.names.push_back(fields.front());
    if (read.tolerance == expr::Tolerance::Plain) reads.required.push_back(fields.front());
  };
  expr::ForEachPath(project.exprs, id, visit);
}

void CollectWithReads(const Project& project, CommandId id, WithReads& reads) {
  if (!id.has_value()) return;
  const Command& command = project.commands[id];
  ForEachExpression(project, command,
                    [&](const ExprPlace& place) { CollectWithReads(project, place.id, reads); });
  if (command.stdin_is_json) reads.reads_whole = true;
}

void Normalize(WithReads& reads) {
  SortOnce(reads.names);
  SortOnce(reads.required);
}

}  // namespace wfc::ir
