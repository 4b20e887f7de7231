// Shows the story of a run to people and to programs. Called by the verb `runs show`.
#pragma once

#include <string>

#include "driver/wfc_run/runs/story.h"

namespace wfc::driver {

/// How much of a story is shown.
struct StoryForm {
  bool shows_all_attempts = false;  ///< rather than the last one alone
  bool shortens_values = false;     ///< for a terminal
};

/// The story in lines. Of what programs printed, the last lines are shown.
[[nodiscard]] std::string ToText(const RunStory& story, const StoryForm& form);

/// The whole story as JSON: {input, next, output, stage, status}.
[[nodiscard]] Value ToValue(const RunStory& story);

}  // namespace wfc::driver
