#include "driver/wfc_run/environment.h"

#include <cstdlib>
#include <utility>

#include <fmt/core.h>

namespace wfc::driver {

std::optional<std::string> ReadProcessVariable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

namespace {

constexpr uint64_t kMostSecretBytes = 1 << 20;

/// Reads the file of a secret. A relative path must stay in the project's folder; an absolute one
/// may lead anywhere on the machine, because it can only mean that place.
Result<std::string> ReadSecretFile(std::string_view path, const SecretFolder& folder,
                                   std::vector<std::string>& remarks) {
  const bool is_absolute = path.starts_with('/');
  Result<files::ProjectFolder> opened =
      files::ProjectFolder::Open(is_absolute ? "/" : folder.path, folder.outside);
  if (!opened) return opened.error();
  Result<files::FileContent> content =
      opened->Read(is_absolute ? path.substr(1) : path, kMostSecretBytes);
  if (!content) return content.error();
  if (content->is_truncated)
    return Error{fmt::format("it is larger than {} bytes", kMostSecretBytes)};
  for (const auto& [shown, target] : opened->outside_files()) {
    remarks.push_back(
        fmt::format("{} was read from outside the project: {} (--allow-outside)", shown, target));
  }
  std::string& text = content->bytes;
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return std::move(text);
}

}  // namespace

Secrets ReadSecrets(const plan::PlanView& plan, const ReadVariable& read,
                    const SecretFolder& folder) {
  Secrets secrets;
  for (const plan::fb::Secret& secret : plan.secrets) {
    if (const plan::StringId variable(secret.environment()); variable.has_value()) {
      secrets.values.Add(read(plan.text(variable)));
      secrets.problems.Add({});
      continue;
    }
    const std::string_view path = plan.text(plan::StringId(secret.file()));
    Result<std::string> text = ReadSecretFile(path, folder, secrets.remarks);
    secrets.values.Add(text ? std::optional(std::move(*text)) : std::nullopt);
    secrets.problems.Add(text ? std::string() : text.error().message);
  }
  return secrets;
}

redact::Redactor MakeRedactor(const plan::PlanView& plan, const runtime::SecretValues& secrets) {
  std::vector<redact::NamedSecret> named;
  for (const plan::SecretId id : secrets.ids()) {
    if (secrets[id]) named.push_back({plan.name(plan.secrets[id]), *secrets[id]});
  }
  redact::Redactor redactor;
  redactor.Add(named);
  return redactor;
}

}  // namespace wfc::driver
