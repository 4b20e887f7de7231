// Reads manifest.json but for its list of stages, which grows with the plan. Called by whoever
// looks at many runs, or needs to know how a run was left.
#pragma once

#include <optional>
#include <string>

#include "ir/base/digest.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// The manifest of the run in `folder`, as a map, with an empty list of `stages`. However large the
/// file is, its beginning and its end alone are read. The error is for people.
[[nodiscard]] Result<Value> ReadManifestHead(const std::string& folder);

/// The text of an entry; empty where there is none.
[[nodiscard]] std::string TextAt(const Value& map, std::string_view key);

/// The seal of a run that rests; none if it has none.
[[nodiscard]] std::optional<Sha256Digest> SealIn(const Value& manifest);

}  // namespace wfc::driver
