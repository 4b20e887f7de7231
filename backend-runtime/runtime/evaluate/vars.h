// The values of a plan's `vars`, which are constants or come from the environment, and the types by
// which the values of its secrets are passed on. The driver reads the variables before a run.
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

/// One value per variable.
using VarValues = IdVector<plan::VarId, Value>;
/// One entry per secret; without a value if it is not set.
using SecretValues = IdVector<plan::SecretId, std::optional<std::string>>;

/// Reads an environment variable; nothing if it is not set.
using ReadVariable = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads one variable, as ReadVars does.
[[nodiscard]] Result<Value> ReadVar(const plan::PlanView& plan, plan::VarId id,
                                    const ReadVariable& read);

/// Reads all variables. A text from the environment stays text if the variable's schema accepts it,
/// and is read as JSON otherwise. Fails, with a message for people, at the first variable that is
/// neither set nor has a default, is not UTF-8, or does not fit; the message names the variable,
/// the text and what was expected.
[[nodiscard]] Result<VarValues> ReadVars(const plan::PlanView& plan, const ReadVariable& read);

}  // namespace wfc::runtime
