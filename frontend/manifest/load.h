// From a path on the command line to the typed syntax of the whole project: finds its files, reads
// them, and parses them by fields.def. The first phase of the pipeline.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/files/project_folder.h"
#include "ir/support/source_map.h"

namespace wfc::manifest {

enum class LoadStatus : uint8_t {
  Done,
  Unreadable,      ///< no such path, or it cannot be read
  NothingToCheck,  ///< no wfc.yaml, or no workflow in it
};

struct LoadResult {
  LoadStatus status = LoadStatus::Done;
  std::string message;  ///< why not Done
};

struct LoadOptions {
  /// The project's folder, its root file or any manifest of it; empty: the working directory and
  /// the folders around it are searched for wfc.yaml.
  std::string path = {};
  files::Outside outside = files::Outside::Refuse;
};

/// Findings do not stop it: as long as there is a root file `syntax` is filled and usable, entities
/// in the order of their names.
[[nodiscard]] LoadResult LoadProject(const LoadOptions& options, SourceMap& sources,
                                     diag::Sink& sink, Syntax& syntax);

/// What a file of a project holds.
enum class FileRole : uint8_t { Root, Section, Schema };

/// One file of a project, already in the source map.
struct ProjectFile {
  FileId file;
  FileRole role = FileRole::Section;
  std::string_view section;  ///< Section: whose own file it is, "agents"
};

/// Parses files that were read before, the root among them; in any order. For tests and standard
/// input; `LoadProject` ends here.
void ParseProject(std::span<const ProjectFile> files, const SourceMap& sources, diag::Sink& sink,
                  Syntax& syntax);

}  // namespace wfc::manifest
