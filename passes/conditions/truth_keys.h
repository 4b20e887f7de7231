// Keys of routes such as `yes` and `no`, where a boolean is decided: for the check of decisions.
#pragma once

#include <optional>
#include <span>

#include "ir/diag/sink.h"
#include "passes/context/pass.h"

namespace wfc::passes {

/// How other tools, and YAML 1.1, write booleans.
[[nodiscard]] std::optional<bool> ReadTruth(const Value& key);

/// Of keys such as `yes` where a boolean is decided: writes `true` and `false`. That YAML 1.1 reads
/// the same is then no finding of its own. Keys of JSON files are texts always.
void SetTruthFix(PassContext& context, diag::Reported& reported, std::span<const ir::Route> routes,
                 std::span<const Value> possible);

}  // namespace wfc::passes
