// The output forms of findings, one file each (render_FORM.cpp). Findings are sorted already
// (findings.h); every form shows all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/support/source_map.h"

namespace wfc::diag {

enum class Color : uint8_t { Never, Always };

/// For people: the source line with carets under the whole span, notes with their own source lines,
/// the fix as `help:`. Each finding ends with an empty line.
[[nodiscard]] std::string RenderText(const std::vector<Diagnostic>& findings,
                                     const SourceMap& sources, Color color);

/// `file:line:column: error[K001]: message`, one line a finding.
[[nodiscard]] std::string RenderConcise(const std::vector<Diagnostic>& findings,
                                        const SourceMap& sources);

/// One JSON document, as docs/json-output.md describes it.
[[nodiscard]] std::string RenderJson(const std::vector<Diagnostic>& findings,
                                     const SourceMap& sources);

}  // namespace wfc::diag
