// Where programs are looked up: those of a plan's commands, and those that built-in tools start.
// The executor and the preflight use it, so that both find the same.
#pragma once

#include <string>
#include <string_view>

#include "backend-runtime/host/files.h"
#include "backend-runtime/plan/view.h"
#include "ir/base/builtin_tools.h"
#include "ir/base/result.h"

namespace wfc::tools {

/// The folders, separated by colons, in which the plan's commands are looked up. It is also the
/// PATH of these commands.
[[nodiscard]] std::string SearchPath(const plan::PlanView& plan);

/// The PATH of the programs that built-in tools start.
[[nodiscard]] std::string SystemPath();

/// The absolute path of a program that a built-in tool starts. It is looked up in SystemPath and
/// then in `own_path`, the PATH of this process. The plan must not influence which one it is, so a
/// program in the workspace is refused. The error is for people.
[[nodiscard]] Result<std::string> FindSystemProgram(const std::string& name,
                                                    const std::string& own_path,
                                                    host::Files& workspace);

/// The program that the built-in tool starts; empty if it starts none.
[[nodiscard]] std::string_view ProgramOf(BuiltinTool tool);

}  // namespace wfc::tools
