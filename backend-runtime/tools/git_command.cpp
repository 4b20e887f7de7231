#include "backend-runtime/tools/git_command.h"

#include <algorithm>

#include <fmt/core.h>

#include "backend-runtime/tools/git_output.h"

namespace wfc::tools {

std::vector<std::string> GitEnvironment(const GitFolders& folders, std::string_view search_path) {
  return {
      fmt::format("PATH={}", search_path),
      fmt::format("GIT_DIR={}", folders.git),
      fmt::format("GIT_OBJECT_DIRECTORY={}", folders.objects),
      fmt::format("GIT_WORK_TREE={}", folders.work_tree),
      "GIT_ALLOW_PROTOCOL=",
      "GIT_ATTR_NOSYSTEM=1",
      "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_LITERAL_PATHSPECS=1",
      "GIT_NO_LAZY_FETCH=1",
      "GIT_NO_REPLACE_OBJECTS=1",
      "GIT_OPTIONAL_LOCKS=0",
      "GIT_TERMINAL_PROMPT=0",
      "LC_ALL=C.UTF-8",
  };
}

host::ProcessLimits GitLimits() {
  constexpr uint64_t kCpuSeconds = 120;
  constexpr uint64_t kDataBytes = 1 << 30;  // packs and the index are mapped and do not count
  return {.cpu_seconds = kCpuSeconds, .data_bytes = kDataBytes};
}

int64_t GitDeadline() {
  constexpr int64_t kSeconds = 300;
  return kSeconds * kNsPerSecond;
}

std::vector<std::string> LogArguments(uint64_t max, const std::string& path) {
  std::vector<std::string> arguments = {"git",
                                        "--no-pager",
                                        "log",
                                        "-z",
                                        "--no-color",
                                        "--no-decorate",
                                        "--no-ext-diff",
                                        "--no-mailmap",
                                        "--no-notes",
                                        "--no-show-signature",
                                        "--no-textconv",
                                        "--encoding=UTF-8",
                                        fmt::format("--format={}", kGitLogFormat),
                                        "-n",
                                        fmt::format("{}", max),
                                        "--"};
  if (!path.empty()) arguments.push_back(path);
  return arguments;
}

std::vector<std::string> DiffArguments(const std::string& base, const std::string& path) {
  // git rejects an annotated tag here, so it is resolved to its commit. After `:/` the rest is a
  // text to search for, to which nothing may be added.
  const bool is_search = base.starts_with(':');
  return {"git",
          "--no-pager",
          "diff",
          "--merge-base",
          "--raw",
          "--patch",
          "--no-color",
          "-M",
          "--no-ext-diff",
          "--no-textconv",
          "--submodule=short",
          "--ignore-submodules=all",
          "--src-prefix=a/",
          "--dst-prefix=b/",
          "--relative",
          is_search ? base : base + "^{commit}",
          "--",
          path};
}

std::string PathFrom(std::string_view root, std::string_view path) {
  if (root == ".") return std::string(path);
  std::string up;
  const auto levels = std::ranges::count(root, '/') + 1;
  for (auto level = levels; level > 0; --level) up += "../";
  return path == "." ? up : up + std::string(path);
}

}  // namespace wfc::tools
