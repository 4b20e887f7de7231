#include "driver/wfc_run/who_asks.h"

#include <array>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "backend-runtime/host/process_identity.h"
#include "ir/base/utf8.h"

namespace wfc::driver {

std::string WhoAsks() {
  std::array<char, 4096> texts{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(getuid(), &entry, texts.data(), texts.size(), &found);
  const std::string user = found != nullptr ? found->pw_name : fmt::format("{}", getuid());
  const std::string host = host::OwnIdentity().host;
  return ReplaceInvalidUtf8(host.empty() ? user : fmt::format("{}@{}", user, host));
}

}  // namespace wfc::driver
