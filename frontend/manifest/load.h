// Turns the files of a project into the typed syntax of the whole: finds the manifests, reads them,
// and parses them by fields.def. This is the first phase of an analysis.
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

/// Reads and parses the project behind `files`. `named` is the path of the project file that the
/// command line names, or empty. Fails if a file cannot be read, if `named` is not a manifest of
/// the project, or if there is no workflow and no error to explain why. Findings do not stop it:
/// what could be parsed is usable, with entities sorted by name. The returned syntax owns `files`
/// and refers to texts in `sources`, which must outlive it.
[[nodiscard]] Result<Syntax, LoadFailure> LoadProject(std::unique_ptr<files::ProjectFiles> files,
                                                      const std::string& named, SourceMap& sources,
                                                      diag::Sink& sink);

/// What a project file contains: wfc.yaml, one section, or a single JSON Schema.
enum class FileRole : uint8_t { Root, Section, Schema };

/// A project file whose text is already in the source map.
struct ProjectFile {
  FileId file;
  FileRole role = FileRole::Section;
  std::string_view section;  ///< the section that the file belongs to: "agents"; Root: empty
};

/// Parses files that have been read already, in any order; the root file should be among them. This
/// is a step of `LoadProject`; tests call it directly, with texts that are not on disk.
void ParseProject(std::span<const ProjectFile> files, const SourceMap& sources, diag::Sink& sink,
                  Syntax& syntax);

}  // namespace wfc::manifest
