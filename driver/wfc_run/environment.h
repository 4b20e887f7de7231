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
#include "ir/files/project_folder.h"

namespace wfc::driver {

using runtime::ReadVariable;

/// Of this process.
[[nodiscard]] std::optional<std::string> ReadProcessVariable(std::string_view name);

struct Secrets {
  /// None where the variable or file is missing, which matters only to a stage that needs it. A
  /// file's last line break is not part of the secret.
  runtime::SecretValues values = {};
  /// What people should know: files that could not be read, or that lie outside the project.
  std::vector<std::string> remarks = {};
};

/// The project's folder, where files with a relative path lie, and whether links may lead out of
/// it.
struct SecretFolder {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
};

[[nodiscard]] Secrets ReadSecrets(const plan::PlanView& plan, const ReadVariable& read,
                                  const SecretFolder& folder);

/// A redactor that knows all of them.
[[nodiscard]] store::Redactor MakeRedactor(const plan::PlanView& plan,
                                           const runtime::SecretValues& secrets);

}  // namespace wfc::driver
