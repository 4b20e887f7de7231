// Shared by the parser's tests: parses files given as texts, and shows findings as
// "CODE@file:line:column 'span'".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "frontend/manifest/load.h"

namespace wfc::manifest {

struct Parsing {
  using File = std::pair<std::string_view, std::string_view>;  ///< path, text

  explicit Parsing(std::string_view text) : Parsing({File{"wfc.yaml", text}}) {}
  Parsing(std::initializer_list<File> texts) {
    std::vector<ProjectFile> files;
    for (const auto& [path, text] : texts) {
      ProjectFile file = {.file = sources.Add(std::string(path), std::string(text))};
      if (path == "wfc.yaml") file.role = FileRole::Root;
      if (path.starts_with("schemas/")) file.role = FileRole::Schema;
      file.section = path.substr(0, path.find_first_of("./"));
      files.push_back(file);
    }
    ParseProject(files, sources, sink, syntax);
  }

  [[nodiscard]] std::vector<std::string> Findings() const {
    std::vector<std::string> out;
    for (const diag::Diagnostic& found : sink.diagnostics()) {
      const Position at = sources.Locate(found.span.file, found.span.begin);
      out.push_back(fmt::format("{}@{}:{}:{} '{}'", diag::GetInfo(found.code).name,
                                sources.path(found.span.file), at.line, at.column,
                                sources.text(found.span)));
    }
    return out;
  }

  [[nodiscard]] std::vector<std::string> Messages() const {
    std::vector<std::string> out;
    for (const diag::Diagnostic& found : sink.diagnostics()) {
      out.push_back(fmt::format("{} {}", diag::GetInfo(found.code).name, found.message));
    }
    return out;
  }

  /// The text of the first file with the fix of finding `index` applied.
  [[nodiscard]] std::string Fixed(size_t index = 0) const {
    const auto& fix = sink.diagnostics().at(index).fix;
    if (!fix) return {};
    std::string text(sources.text(fix->edits[0].span.file));
    for (auto edit = fix->edits.rbegin(); edit != fix->edits.rend(); ++edit) {
      text.replace(edit->span.begin, edit->span.end - edit->span.begin, edit->text);
    }
    return text;
  }

  template <class S>
  [[nodiscard]] std::vector<std::string> Ids(const Syntax::Pool<S>& pool, Range range) const {
    std::vector<std::string> out;
    for (uint32_t i = range.first; i < range.end(); ++i) {
      out.emplace_back(static_cast<const Section&>(pool.all[pool.lists[i]]).id);
    }
    return out;
  }

  /// The only workflow's stages.
  [[nodiscard]] const WorkflowSyntax& Workflow() const {
    return syntax.workflows.all[syntax.workflows.lists[syntax.project.workflows.range.first]];
  }
  [[nodiscard]] const StageSyntax& Stage(uint32_t index = 0) const {
    return syntax.stages.all[syntax.stages.lists[Workflow().stages.range.first + index]];
  }

  SourceMap sources;
  diag::Sink sink;
  Syntax syntax;
};

/// A project of one workflow `w` whose stages are `stages`, indented by six.
inline std::string WithStages(std::string_view stages) {
  return fmt::format("wfc: 1\nworkflows:\n  w:\n    stages:\n{}", stages);
}

}  // namespace wfc::manifest
