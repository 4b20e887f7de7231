// The one-line form of compilers and grep, which editors can parse.
#include <fmt/core.h>

#include "ir/base/visible_text.h"
#include "ir/diag/render.h"

namespace wfc::diag {

std::string RenderConcise(const std::vector<Diagnostic>& findings, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& finding : findings) {
    if (finding.span.has_value()) {
      const Position at = sources.Locate(finding.span.file, finding.span.begin);
      out += fmt::format("{}:{}:{}: ", VisibleText(sources.path(finding.span.file)), at.line,
                         at.column);
    }
    out += fmt::format("{}[{}]: {}\n", GetName(finding.severity), GetInfo(finding.code).name,
                       VisibleText(finding.message));
  }
  return out;
}

}  // namespace wfc::diag
