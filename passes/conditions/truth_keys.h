// Handles route keys such as `yes` and `no` in a decide over a boolean, for the check of decisions.
#pragma once

#include <optional>
#include <span>

#include "ir/diag/sink.h"
#include "passes/context/pass.h"

namespace wfc::passes {

/// The boolean that other tools, or YAML 1.1, would read in the text `key`; none if there is none.
[[nodiscard]] std::optional<bool> ReadTruth(const Value& key);

/// Adds a fix to a finding about keys such as `yes` in a decide over a boolean: it writes `true`
/// and `false`, and the findings about scalars that YAML 1.1 reads differently are removed for the
/// same keys. Does nothing if `possible` holds anything but booleans, if a key cannot be read or
/// repeats another, or if the keys are in a JSON file, where they are always texts.
void SetTruthFix(PassContext& context, diag::Reported& reported, std::span<const ir::Route> routes,
                 std::span<const Value> possible);

}  // namespace wfc::passes
