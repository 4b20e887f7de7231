#include "backend-runtime/tools/git_command.h"

#include <algorithm>

#include <fmt/format.h>

namespace wfc::tools {

std::vector<std::pair<std::string, std::string>> SafeGitSettings() {
  return {{"core.fsmonitor", "false"},  {"core.hooksPath", "/dev/null"},
          {"core.pager", "cat"},        {"core.quotePath", "false"},
          {"core.sshCommand", "false"}, {"diff.external", ""},
          {"diff.noprefix", "false"},   {"diff.mnemonicPrefix", "false"},
          {"diff.submodule", "short"},  {"log.showSignature", "false"},
          {"protocol.allow", "never"},  {"submodule.recurse", "false"}};
}

std::vector<std::pair<std::string, std::string>> DisarmedFilters(std::string_view names) {
  std::vector<std::pair<std::string, std::string>> settings;
  while (!names.empty()) {
    const size_t end = std::min(names.find('\0'), names.size());
    const std::string_view name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    if (name.empty()) continue;
    settings.emplace_back(name, name.ends_with(".required") ? "false" : "");
  }
  return settings;
}

std::vector<std::string> GitEnvironment(
    std::string_view workspace, std::string_view search_path,
    const std::vector<std::pair<std::string, std::string>>& settings) {
  const size_t slash = workspace.find_last_of('/');
  const std::string_view above = slash == 0 ? "/" : workspace.substr(0, slash);
  std::vector<std::string> environment = {
      fmt::format("PATH={}", search_path),
      fmt::format("GIT_CEILING_DIRECTORIES={}", above),
      "GIT_ALLOW_PROTOCOL=",
      "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_LITERAL_PATHSPECS=1",
      "GIT_NO_LAZY_FETCH=1",
      "GIT_OPTIONAL_LOCKS=0",
      "GIT_TERMINAL_PROMPT=0",
      "LC_ALL=C.UTF-8",
      fmt::format("GIT_CONFIG_COUNT={}", settings.size()),
  };
  for (size_t at = 0; at < settings.size(); ++at) {
    environment.push_back(fmt::format("GIT_CONFIG_KEY_{}={}", at, settings[at].first));
    environment.push_back(fmt::format("GIT_CONFIG_VALUE_{}={}", at, settings[at].second));
  }
  return environment;
}

std::string PathFrom(std::string_view root, std::string_view path) {
  if (root == ".") return std::string(path);
  std::string up;
  const auto levels = std::ranges::count(root, '/') + 1;
  for (auto level = levels; level > 0; --level) up += "../";
  return path == "." ? up : up + std::string(path);
}

}  // namespace wfc::tools
