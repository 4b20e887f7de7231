// Which arguments an agent or a tool takes: those of its input or, where it declares none, those
// that its prompts or its command read. The checks of arguments ask.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ir/project.h"

namespace wfc::passes {

/// The names are sorted. `is_open` says that others are taken too.
struct TakenArguments {
  std::vector<std::string_view> names;
  std::vector<std::string_view> required;
  bool is_open = false;
};

/// What the agent or the tool takes; none if it takes any argument.
[[nodiscard]] std::optional<TakenArguments> FindTaken(const ir::Project& project,
                                                      const ir::Agent& agent);
[[nodiscard]] std::optional<TakenArguments> FindTaken(const ir::Project& project,
                                                      const ir::Tool& tool);
/// What the stage's agent or tool takes. A prompt of the stage replaces the agent's, and so
/// determines which names are read.
[[nodiscard]] std::optional<TakenArguments> FindTaken(const ir::Project& project,
                                                      const ir::Stage& stage);

}  // namespace wfc::passes
