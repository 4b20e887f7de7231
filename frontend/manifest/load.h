// From the files of a project to the typed syntax of the whole: finds the manifests, reads them,
// and parses them by fields.def. The first phase of an analysis.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "frontend/manifest/find_project.h"
#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/files/project_files.h"
#include "ir/support/source_map.h"

namespace wfc::manifest {

/// Reads and parses the project. `named` is the file of it that the command line names; empty:
/// none. Findings do not stop it: as long as there is a root file the syntax is filled and usable,
/// entities in the order of their names. It owns `files`, and looks into `sources`.
[[nodiscard]] Result<Syntax, LoadFailure> LoadProject(std::unique_ptr<files::ProjectFiles> files,
                                                      const std::string& named, SourceMap& sources,
                                                      diag::Sink& sink);

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
