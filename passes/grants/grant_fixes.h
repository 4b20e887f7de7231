// Fixes of grants: edits of the manifest's text that add what is needed, or remove what is not.
// Comments stay as they are.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ir/diag/diagnostic.h"
#include "ir/project.h"
#include "ir/support/source_map.h"
#include "passes/grants/needs.h"

namespace wfc::passes {

/// `pattern` as an entry of a list in YAML: quoted where YAML would read it as something else.
[[nodiscard]] std::string Quoted(const std::string& pattern);

/// "grant it with `security: {allow: {exec: [git log]}}`".
[[nodiscard]] std::string DescribeMinimalGrants(std::span<const Need> needs);

/// Adds `needs` to the project's `security.allow`, making the section if there is none; empty where
/// the text cannot be edited safely.
[[nodiscard]] std::optional<diag::Fix> MakeGrantFix(const ir::Project& project,
                                                    const SourceMap& sources,
                                                    std::span<const Need> needs);

/// Removes entry `index` of Security::patterns from `scope`; the capability's key with it when it
/// is the last one.
[[nodiscard]] std::optional<diag::Fix> MakeRemovalFix(const ir::Project& project,
                                                      const SourceMap& sources,
                                                      const ir::Scope& scope, uint32_t index);

}  // namespace wfc::passes
