// The values of a plan's `vars`: constants, or texts of the environment read by their schemas; and
// how the values of its secrets are handed on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::runtime {

using VarValues = IdVector<plan::VarId, Value>;
/// None: it is not set.
using SecretValues = IdVector<plan::SecretId, std::optional<std::string>>;

/// A variable of the environment; none: it is not set.
using ReadVariable = std::function<std::optional<std::string>(std::string_view name)>;

/// A text stays text where its schema takes one, and is read as JSON where
/// it does not. An error, for people, for the first that is neither set nor has a value, or whose
/// text does not fit: it names the variable, the text and what was expected.
[[nodiscard]] Result<VarValues> ReadVars(const plan::PlanView& plan, const ReadVariable& read);

}  // namespace wfc::runtime
