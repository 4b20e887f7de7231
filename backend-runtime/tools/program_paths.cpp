#include "backend-runtime/tools/program_paths.h"

#include <fmt/format.h>

#include "backend-runtime/tools/executables.h"
#include "ir/files/regular_file.h"

namespace wfc::tools {
namespace {

constexpr std::string_view kDefaultSearchPath = "/usr/local/bin:/usr/bin:/bin";

}  // namespace

std::string SearchPath(const plan::PlanView& plan) {
  const plan::StringId path(plan.root().path());
  return std::string(path.has_value() ? plan.text(path) : kDefaultSearchPath);
}

std::string SystemPath() {
  return std::string(kDefaultSearchPath);
}

Result<std::string> FindSystemProgram(const std::string& name, const std::string& own_path,
                                      host::Files& workspace) {
  const std::string path = own_path.empty() ? SystemPath() : SystemPath() + ":" + own_path;
  Result<std::string> found = FindProgramPath(name, path, workspace);
  if (!found || !files::PathBeneath(workspace.root(), *found)) return found;
  return Error{
      fmt::format("the only program `{}` there is lies in the workspace: {}", name, *found)};
}

std::string_view ProgramOf(BuiltinTool tool) {
  switch (tool) {
    case BuiltinTool::GitDiff:
    case BuiltinTool::GitLog:
      return "git";
    case BuiltinTool::Echo:
    case BuiltinTool::FsList:
    case BuiltinTool::FsRead:
    case BuiltinTool::FsWrite:
    case BuiltinTool::TextSearch:
      return {};
  }
  return {};
}

}  // namespace wfc::tools
