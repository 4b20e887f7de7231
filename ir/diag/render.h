// The output forms of findings, each implemented in its own file (render_FORM.cpp). The findings
// must already be sorted (findings.h); every form shows all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

/// Whether the text form contains ANSI colour escapes.
enum class Color : uint8_t { Never, Always };

/// The form for people: the source line with carets under the whole span, notes with their own
/// source lines, and the fix as `help:`. An empty line follows each finding.
[[nodiscard]] std::string RenderText(const std::vector<Diagnostic>& findings,
                                     const SourceMap& sources, Color color);

/// One line per finding: `file:line:column: error[K001]: message`. The position is left out when
/// there is none.
[[nodiscard]] std::string RenderConcise(const std::vector<Diagnostic>& findings,
                                        const SourceMap& sources);

/// One JSON document, as specified in docs/json-output.md.
[[nodiscard]] std::string RenderJson(const std::vector<Diagnostic>& findings,
                                     const SourceMap& sources);

}  // namespace wfc::diag
