// Handles route keys such as `yes` and `no` in a decide over a boolean, for the check of decisions.
#pragma once

#include <optional>
#include <span>

#include "ir/diag/sink.h"
#include "passes/context/pass.h"

namespace wfc::passes {

/// The boolean that other tools, or YAML 1.1, would read in the text `key`; none if there is none.
[[nodiscard]] std::optional<bool> ReadTruth(const Value& key);

/// The fix for keys such as `yes` in a decide over a boolean: it writes `true` and `false`. None if
/// `possible` holds anything but booleans, if a key cannot be read or repeats another, or if the
/// keys are in a JSON file, where they are always texts.
[[nodiscard]] std::optional<diag::Fix> FindTruthFix(const SourceMap& sources,
                                                    std::span<const ir::Route> routes,
                                                    std::span<const Value> possible);

/// Removes the findings about scalars that YAML 1.1 reads differently where `fix` rewrites them.
/// Call it before the finding with the fix is reported: it moves the findings that are there.
void DropAmbiguousScalars(diag::Sink& sink, const diag::Fix& fix);

}  // namespace wfc::passes
