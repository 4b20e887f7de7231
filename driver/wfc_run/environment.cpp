#include "driver/wfc_run/environment.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "driver/wfc_run/read_file.h"

namespace wfc::driver {

std::optional<std::string> ReadProcessVariable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string FindMissingVariable(const plan::PlanView& plan, const ReadVariable& read) {
  for (const plan::fb::Var& var : plan.vars) {
    if (var.value() != plan::kNone || var.environment() == plan::kNone) continue;
    const std::string_view name = plan.text(var.environment());
    if (!read(name)) return std::string(name);
  }
  return {};
}

std::vector<std::optional<std::string>> ReadSecrets(const plan::PlanView& plan,
                                                    const ReadVariable& read,
                                                    const std::string& folder) {
  std::vector<std::optional<std::string>> secrets;
  for (const plan::fb::Secret& secret : plan.secrets) {
    if (secret.environment() != plan::kNone) {
      secrets.push_back(read(plan.text(secret.environment())));
      continue;
    }
    const std::filesystem::path path = std::filesystem::path(folder) / plan.text(secret.file());
    Result<std::string> text = ReadFile(path.string());
    if (!text) {
      secrets.emplace_back();
      continue;
    }
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    secrets.emplace_back(std::move(*text));
  }
  return secrets;
}

store::Redactor MakeRedactor(const plan::PlanView& plan,
                             const std::vector<std::optional<std::string>>& secrets) {
  std::vector<store::NamedSecret> named;
  for (size_t index = 0; index < secrets.size(); ++index) {
    if (secrets[index]) named.push_back({plan.text(plan.secrets[index].name()), *secrets[index]});
  }
  store::Redactor redactor;
  redactor.Add(named);
  return redactor;
}

}  // namespace wfc::driver
