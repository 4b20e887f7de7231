// What is known of a text before anything runs: for needs, and for the check of fixed paths.
#pragma once

#include <string>
#include <string_view>

#include "ir/project.h"

namespace wfc::passes {

/// Known text at the beginning of an expression's value.
struct KnownText {
  std::string text;
  bool is_whole = false;
};

[[nodiscard]] KnownText FindKnownText(const ir::Project& project, ir::ExprId id);

/// Why every run would refuse a path of which this is known (workspace_path.h); "": some may take
/// it.
[[nodiscard]] std::string_view FindPathProblem(const KnownText& known);

}  // namespace wfc::passes
