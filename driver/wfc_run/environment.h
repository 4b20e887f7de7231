// Reads what a plan takes from the environment of `wfc-run`: only the variables and files that the
// plan lists. Called while a run is prepared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/vars.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "ir/files/project_folder.h"

namespace wfc::driver {

using runtime::ReadVariable;

/// The value of an environment variable of this process; nullopt if it is not set.
[[nodiscard]] std::optional<std::string> ReadProcessVariable(std::string_view name);

/// The secrets of a plan.
struct Secrets {
  /// By SecretId; nullopt if the variable or file is missing, which matters only to a stage that
  /// needs the secret. A final line break of a file is not part of the secret.
  runtime::SecretValues values = {};
  /// By SecretId: why the secret's file could not be read; empty if it was, or if there is no file.
  IdVector<plan::SecretId, std::string> problems = {};
  /// Sentences for the user: files that are outside the project.
  std::vector<std::string> remarks = {};
};

/// The project's folder, to which the paths of secret files are relative, and whether links may
/// lead out of it.
struct SecretFolder {
  std::string path;
  files::Outside outside = files::Outside::Refuse;
};

/// Reads the secrets that the plan lists, from variables with `read` and from files.
[[nodiscard]] Secrets ReadSecrets(const plan::PlanView& plan, const ReadVariable& read,
                                  const SecretFolder& folder);

/// A redactor that hides all secrets that have a value.
[[nodiscard]] redact::Redactor MakeRedactor(const plan::PlanView& plan,
                                            const runtime::SecretValues& secrets);

}  // namespace wfc::driver
