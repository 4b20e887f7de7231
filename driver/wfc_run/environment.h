// What a plan takes from the environment of `wfc-run`: by the names that the plan lists, and by no
// other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/vars.h"
#include "backend-runtime/store/redactor.h"

namespace wfc::driver {

using runtime::ReadVariable;

/// Of this process.
[[nodiscard]] std::optional<std::string> ReadProcessVariable(std::string_view name);

/// By index of the plan's secrets; none where the variable or file is missing, which matters only
/// to a stage that needs it. A file's last line break is not part of the secret. `folder` is where
/// relative files start.
[[nodiscard]] std::vector<std::optional<std::string>> ReadSecrets(const plan::PlanView& plan,
                                                                  const ReadVariable& read,
                                                                  const std::string& folder);

/// A redactor that knows all of them.
[[nodiscard]] store::Redactor MakeRedactor(const plan::PlanView& plan,
                                           const std::vector<std::optional<std::string>>& secrets);

}  // namespace wfc::driver
