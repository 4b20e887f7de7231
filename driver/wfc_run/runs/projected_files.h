// The files of a run's folder that follow from its record, made again from it. Called by the verbs
// that check and rebuild them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/store/manifest.h"
#include "driver/wfc_run/runs/recorded_run.h"

namespace wfc::driver {

struct ProjectedFiles {
  std::map<std::string, std::string> contents;  ///< by the path in the run's folder
  store::Manifest manifest;                     ///< without a seal and the time of a heartbeat
  std::string manifest_text;                    ///< as the file would hold it
};

/// Makes the files of the run in memory. The error is for people, and names the record that is
/// damaged.
[[nodiscard]] Result<ProjectedFiles> ProjectFiles(RecordedRun& run);

/// The first `most` bytes of a file of the run's folder; nothing if there is none that can be read.
[[nodiscard]] std::optional<std::string> ReadFileOf(const std::string& folder,
                                                    const std::string& name, size_t most);

/// The files of the folder that should not be there: in `transcripts` and `errors`, those that do
/// not follow from the record.
[[nodiscard]] std::vector<std::string> FindStrangers(const std::string& folder,
                                                     const ProjectedFiles& files);

}  // namespace wfc::driver
