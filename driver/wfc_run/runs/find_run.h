// Where runs are: finds the folder of the run that a person names, and all runs of a run root.
// Called by every verb on a run.
#pragma once

#include <string>
#include <vector>

#include "ir/base/result.h"

namespace wfc::driver {

/// How people name a run, for help texts.
inline constexpr const char* kRunHelp =
    "the run: its folder, its id or the beginning of that, or `latest`";

/// The folder of a run.
struct RunPlace {
  std::string folder;  ///< an absolute path
  std::string workflow;
  std::string id;
};

/// The folders of workflows in the folder `root`, as RunsIn finds them.
[[nodiscard]] std::vector<std::string> WorkflowFoldersIn(const std::string& root);
/// The folder of the run's workflow.
[[nodiscard]] std::string WorkflowFolderOf(const RunPlace& run);

/// The runs in the folder `root`, the newest first. Links are not followed, and what begins with a
/// dot is no run.
[[nodiscard]] std::vector<RunPlace> RunsIn(const std::string& root);

/// The folders `.wfc/runs` of the working directory and of the folders around it, from the inside
/// out; those that are there.
[[nodiscard]] std::vector<std::string> FindRunRoots();

/// The run root that `typed` names, as an absolute path; if that is empty, the first of
/// FindRunRoots. The error says that there is none.
[[nodiscard]] Result<std::string> ChooseRunRoot(const std::string& typed);

/// The folder of the run that a person has named, as an absolute path: by its folder, by its id in
/// the first of FindRunRoots that has it, by the beginning of the id, or as `latest` of those that
/// have a record. The error says where it was looked for.
[[nodiscard]] Result<std::string> FindRunFolder(const std::string& run);

/// What names the run in `folder` on the command line from here: its id if that is found, or else
/// its folder.
[[nodiscard]] std::string NameFromHere(const std::string& folder);

}  // namespace wfc::driver
