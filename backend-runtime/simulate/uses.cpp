#include "backend-runtime/simulate/uses.h"

#include <string_view>

#include <fmt/format.h>

#include "backend-runtime/runtime/authority.h"
#include "ir/base/builtin_tools.h"
#include "ir/base/workspace_path.h"

namespace wfc::simulate {
namespace {

std::string ExplainPath(const runtime::Authority* authority, Capability capability,
                        std::string_view path) {
  if (const std::string_view problem = FindPathProblem(path); !problem.empty()) {
    return fmt::format("the path `{}` {}", path, problem);
  }
  const std::string normal = NormalizeWorkspacePath(path);
  const bool is_allowed = authority == nullptr || authority->Allows(capability, normal);
  if (!is_allowed) {
    return fmt::format("{} of `{}` is not allowed", Spell(capability), normal);
  }
  const bool is_reserved = capability == Capability::FsWrite && IsReservedPath(normal);
  if (!is_reserved) return "";
  return fmt::format("`{}` is in `.git` or `.wfc`, which are never written", normal);
}

}  // namespace

std::vector<Use> FindUses(const runtime::CommandRequest& request) {
  Use command{.kind = Use::Kind::Command, .node = request.id.node, .attempt = request.id.attempt};
  for (const std::string& word : request.argv) {
    command.subject += (command.subject.empty() ? "" : " ") + word;
  }
  if (request.authority != nullptr && !request.authority->AllowsExec(request.argv)) {
    command.denial = fmt::format("exec of `{}` is not allowed", command.subject);
  }
  Use folder{.kind = Use::Kind::Folder,
             .node = request.id.node,
             .attempt = request.id.attempt,
             .subject = request.cwd};
  const std::string_view problem = request.cwd.empty() ? "" : FindPathProblem(request.cwd);
  if (!problem.empty()) folder.denial = fmt::format("the path `{}` {}", request.cwd, problem);
  return {command, folder};
}

std::vector<Use> FindUses(const runtime::BuiltinRequest& request) {
  const BuiltinToolInfo& info = GetInfo(request.builtin);
  const Value* path = request.arguments.kind() == Kind::Map && info.need != BuiltinNeed::None
                          ? request.arguments.Find(info.argument)
                          : nullptr;
  if (path == nullptr || !path->is_string()) return {};
  const Capability capability = CapabilityOf(info.need);
  return {{.kind = Use::Kind::Path,
           .node = request.id.node,
           .attempt = request.id.attempt,
           .subject = std::string(path->AsString()),
           .denial = ExplainPath(request.authority, capability, path->AsString())}};
}

}  // namespace wfc::simulate
