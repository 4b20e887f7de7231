// The verb `runs show`.
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/story_text.h"
#include "driver/wfc_run/runs/verbs.h"
#include "driver/wfc_run/terminal.h"
#include "ir/value/json.h"

namespace wfc::driver {

ExitCode ShowRun(const ShowOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  const Result<RunStory> story = ReadStory(*folder, options.stage);
  if (!story) return Fail(ExitCode::Usage, story.error().message);
  const StoryForm form = {.shows_all_attempts = !options.stage.empty(),
                          .shortens_values = OutputColumns().has_value()};
  const std::string text = options.form == RunForm::Json
                               ? WriteJson(ToValue(*story), JsonStyle::Pretty) + "\n"
                               : ToText(*story, form);
  return PrintResult(text) ? ExitCode::Completed : ExitCode::Storage;
}

}  // namespace wfc::driver
