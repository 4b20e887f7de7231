// A project from texts: parsed and lowered, for the tests of lowering.
#pragma once

#include <string>
#include <string_view>

#include "frontend/lower/lower.h"
#include "frontend/manifest/load.h"
#include "ir/printer.h"
#include "ir/verifier.h"

namespace wfc::lower {

struct Lowered {
  SourceMap sources;
  diag::Sink sink;
  manifest::Syntax syntax;
  ir::Project project;

  explicit Lowered(std::string_view text) {
    FileId file = sources.Add("wfc.yaml", std::string(text));
    const manifest::ProjectFile files[] = {{.file = file, .role = manifest::FileRole::Root}};
    manifest::ParseProject(files, sources, sink, syntax);
    project = Lower(syntax, sources, sink);
  }

  /// "N010 N011": the codes in the order in which they were reported.
  [[nodiscard]] std::string Codes() const {
    std::string codes;
    for (const diag::Diagnostic& finding : sink.diagnostics()) {
      codes += (codes.empty() ? "" : " ") + std::string(diag::GetInfo(finding.code).name);
    }
    return codes;
  }
  [[nodiscard]] const ir::Stage* FindStage(std::string_view path) const {
    for (const ir::Stage& stage : project.stages) {
      if (project.text(stage.path) == path) return &stage;
    }
    return nullptr;
  }
  /// "a hard output, b soft": what the stage with this path waits for.
  [[nodiscard]] std::string Needs(std::string_view path) const {
    static constexpr std::string_view kKinds[] = {"control", "hard", "soft", "order", "wait"};
    static constexpr std::string_view kNeeds[] = {"", " after", " output", " ran"};
    const ir::Stage* stage = FindStage(path);
    if (stage == nullptr) return "no such stage";
    std::string needs;
    for (const ir::Dependency& edge : project.dependencies_of(*stage)) {
      needs += needs.empty() ? "" : ", ";
      needs += project.text(project.stages[edge.from].path);
      needs += " " + std::string(kKinds[static_cast<size_t>(edge.kind)]);
      needs += kNeeds[static_cast<size_t>(edge.need)];
    }
    return needs;
  }
};

}  // namespace wfc::lower
