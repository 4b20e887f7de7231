// RunTrash: removes runs of a run root so that a crash in between leaves nothing that could be
// taken for a run. Called by the verb `runs prune`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "driver/wfc_run/runs/find_run.h"
#include "ir/base/result.h"
#include "ir/files/files.h"

namespace wfc::driver {

/// The bytes that the files in a folder take on the disk. Links are not followed.
[[nodiscard]] int64_t SizeOnDisk(const std::string& folder);

/// One folder of runs, which is held open: what is removed is in it, also if links are put into its
/// path meanwhile.
class RunTrash {
 public:
  /// The folder of a workflow's runs. It must not be a link.
  [[nodiscard]] static Result<RunTrash> Open(const std::string& folder);

  /// What an earlier prune has left behind, by name.
  [[nodiscard]] std::vector<std::string> Leftovers() const;
  /// Removes that.
  [[nodiscard]] Result<void> Empty(const std::string& leftover) const;

  /// Removes the run of that id: it is renamed to `.trash-ID` first. Refuses one that somebody
  /// drives, or that does not say that it has ended.
  [[nodiscard]] Result<void> Remove(const RunPlace& run) const;

 private:
  explicit RunTrash(files::OwnedDescriptor folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::string PathOf(const std::string& name) const;

  files::OwnedDescriptor folder_;
};

}  // namespace wfc::driver
