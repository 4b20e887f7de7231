// The stable form for machines; docs/json-output.md is its contract. It is written key by key
// because this folder cannot depend on the JSON value (ir/value).
#include <fmt/core.h>

#include "ir/base/json_string.h"
#include "ir/diag/findings.h"
#include "ir/diag/render.h"

namespace wfc::diag {
namespace {

class JsonWriter {
 public:
  explicit JsonWriter(const SourceMap& sources) : sources_(sources) {}

  void AddFinding(const Diagnostic& finding) {
    const CodeInfo& info = GetInfo(finding.code);
    out_ += "\n    {";
    AddText("code", info.name);
    out_ += ", ";
    AddText("slug", info.slug);
    out_ += ", ";
    AddText("severity", GetName(finding.severity));
    out_ += ",\n     ";
    AddText("message", finding.message);
    out_ += ",\n     ";
    AddPlace(finding.span);
    out_ += ",\n     \"notes\": [";
    AddList(finding.notes, [&](const Note& note) { AddNote(note); });
    out_ += ']';
    if (finding.fix) AddFix(*finding.fix);
    out_ += '}';
  }

  template <class List, class Add>
  void AddList(const List& list, Add add) {
    bool is_first = true;
    for (const auto& entry : list) {
      if (!is_first) out_ += ", ";
      is_first = false;
      add(entry);
    }
  }

  std::string& out() { return out_; }

 private:
  void AddText(std::string_view key, std::string_view text) {
    out_ += fmt::format("\"{}\": ", key);
    AppendJsonString(out_, text);
  }

  void AddPlace(Span span) {
    if (!span.has_value()) {
      out_ += R"("file": null, "line": null, "column": null, "end_line": null, "end_column": null)";
      return;
    }
    const Position begin = sources_.Locate(span.file, span.begin);
    const Position end = sources_.Locate(span.file, span.end);
    AddText("file", sources_.path(span.file));
    out_ += fmt::format(R"(, "line": {}, "column": {}, "end_line": {}, "end_column": {})",
                        begin.line, begin.column, end.line, end.column);
  }

  void AddNote(const Note& note) {
    out_ += "\n       {";
    AddText("message", note.message);
    out_ += ", ";
    AddPlace(note.span);
    out_ += '}';
  }

  void AddFix(const Fix& fix) {
    out_ += ",\n     \"fix\": {";
    AddText("title", fix.title);
    out_ += ", ";
    AddText("safety", fix.safety == FixSafety::Safe ? "safe" : "unsafe");
    out_ += ", \"edits\": [";
    AddList(fix.edits, [&](const Edit& edit) {
      out_ += "\n       {";
      AddPlace(edit.span);
      out_ += ", ";
      AddText("text", edit.text);
      out_ += '}';
    });
    out_ += "]}";
  }

  const SourceMap& sources_;
  std::string out_;
};

}  // namespace

std::string RenderJson(const std::vector<Diagnostic>& findings, const SourceMap& sources) {
  JsonWriter writer(sources);
  writer.out() += "{\n  \"version\": 1,\n  \"diagnostics\": [";
  writer.AddList(findings, [&](const Diagnostic& finding) { writer.AddFinding(finding); });
  const FindingCounts counts = CountFindings(findings);
  writer.out() +=
      fmt::format("{}],\n  \"summary\": {{\"errors\": {}, \"warnings\": {}, \"notes\": {}}}\n}}\n",
                  findings.empty() ? "" : "\n  ", counts.errors, counts.warnings, counts.notes);
  return std::move(writer.out());
}

}  // namespace wfc::diag
