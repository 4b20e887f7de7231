// Makes fixes for grants: edits of the manifest's text that add needed grants or remove unused
// ones. Comments in the manifest are preserved.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ir/diag/diagnostic.h"
#include "ir/project.h"
#include "ir/support/source_map.h"
#include "passes/grants/needs.h"

namespace wfc::passes {

/// `pattern` as an entry of a YAML list, quoted if YAML would otherwise read it as something other
/// than this text.
[[nodiscard]] std::string Quoted(const std::string& pattern);

/// The advice that grants exactly `needs`: "grant it with `security: {allow: {exec: [git log]}}`".
[[nodiscard]] std::string DescribeMinimalGrants(std::span<const Need> needs);

/// A fix that adds `needs` to the project's `security.allow` and makes the section if there is
/// none; empty if the text cannot be edited safely.
[[nodiscard]] std::optional<diag::Fix> MakeGrantFix(const ir::Project& project,
                                                    const SourceMap& sources,
                                                    std::span<const Need> needs);

/// A fix that removes entry `index` of Security::patterns from `scope`, together with the
/// capability's key if it is the key's last entry; empty if the text cannot be edited safely.
[[nodiscard]] std::optional<diag::Fix> MakeRemovalFix(const ir::Project& project,
                                                      const SourceMap& sources,
                                                      const ir::Scope& scope, uint32_t index);

}  // namespace wfc::passes
