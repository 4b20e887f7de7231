#include "backend-runtime/simulate/uses.h"

#include <string_view>
#include <variant>

#include <fmt/core.h>

#include "backend-runtime/runtime/evaluate/authority.h"
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

std::vector<Use> FindUsesOf(const runtime::Call& call, const runtime::CommandCall& command) {
  Use program{.kind = Use::Kind::Command, .node = call.site.node, .attempt = call.site.attempt};
  for (const std::string& word : command.argv) {
    program.subject += (program.subject.empty() ? "" : " ") + word;
  }
  if (call.authority != nullptr && !call.authority->AllowsExec(command.argv)) {
    program.denial = fmt::format("exec of `{}` is not allowed", program.subject);
  }
  Use folder{.kind = Use::Kind::Folder,
             .node = call.site.node,
             .attempt = call.site.attempt,
             .subject = command.cwd};
  const std::string_view problem = command.cwd.empty() ? "" : FindPathProblem(command.cwd);
  if (!problem.empty()) folder.denial = fmt::format("the path `{}` {}", command.cwd, problem);
  return {program, folder};
}

std::vector<Use> FindUsesOf(const runtime::Call& call, const runtime::BuiltinCall& builtin) {
  const BuiltinToolInfo& info = GetInfo(builtin.builtin);
  const Value* path = builtin.arguments.kind() == Kind::Map && info.need != BuiltinNeed::None
                          ? builtin.arguments.Find(info.argument)
                          : nullptr;
  if (path == nullptr || !path->is_string()) return {};
  const Capability capability = CapabilityOf(info.need);
  return {{.kind = Use::Kind::Path,
           .node = call.site.node,
           .attempt = call.site.attempt,
           .subject = std::string(path->AsString()),
           .denial = ExplainPath(call.authority, capability, path->AsString())}};
}

std::vector<Use> FindUsesOf(const runtime::Call&, const runtime::ModelCall&) {
  return {};
}

}  // namespace

std::vector<Use> FindUses(const runtime::Call& call) {
  return std::visit([&](const auto& target) { return FindUsesOf(call, target); }, call.target);
}

}  // namespace wfc::simulate
