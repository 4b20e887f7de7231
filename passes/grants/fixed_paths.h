// Finds what is known of a text before a run, for needs and for the check of fixed paths.
#pragma once

#include <string>
#include <string_view>

#include "ir/project.h"

namespace wfc::passes {

/// The known text at the beginning of an expression's value. `is_whole` says that nothing follows
/// it.
struct KnownText {
  std::string text;
  bool is_whole = false;
};

/// What is known before a run of the text that the expression yields.
[[nodiscard]] KnownText FindKnownText(const ir::Project& project, ir::ExprId id);

/// Why every run would refuse a path of which `known` is the beginning (the rules of
/// workspace_path.h); "" if some run may accept it.
[[nodiscard]] std::string_view FindPathProblem(const KnownText& known);

}  // namespace wfc::passes
