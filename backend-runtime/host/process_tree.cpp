#include "backend-runtime/host/process_tree.h"

#include <array>
#include <charconv>
#include <csignal>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ir/files/folder_stream.h"

namespace wfc::host {
namespace {

OwnedDescriptor OpenToRead(const std::string& path) {
  return OwnedDescriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

/// Reads a file from its beginning; empty when it is not open.
std::string ReadAll(const OwnedDescriptor& file) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t count = 1; file.is_open() && count > 0;) {
    count = pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  }
  return text;
}

/// Removes the next number from `text`, together with the blanks before it.
template <class Number = pid_t>
std::optional<Number> TakeNumber(std::string_view& text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

std::vector<pid_t> NumbersIn(const std::string& folder) {
  std::vector<pid_t> numbers;
  OwnedDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return numbers;
  files::FolderStream stream(std::move(opened));
  while (const std::optional<std::string> name = stream.Next()) {
    std::string_view text = *name;
    if (const auto number = TakeNumber(text)) numbers.push_back(*number);
  }
  return numbers;
}

OwnedDescriptor OpenChildrenOfThread(pid_t process, pid_t thread) {
  return OpenToRead(fmt::format("/proc/{}/task/{}/children", process, thread));
}

void AppendListed(const OwnedDescriptor& file, std::vector<pid_t>& children) {
  const std::string listed = ReadAll(file);
  for (std::string_view text = listed; const auto child = TakeNumber(text);) {
    children.push_back(*child);
  }
}

/// For kernels without a list of children: looks at the parent of every process.
std::vector<pid_t> SearchChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  for (const pid_t each : NumbersIn("/proc")) {
    const auto status = FindProcess(each);
    if (status && status->parent == pid) children.push_back(each);
  }
  return children;
}

bool HasChildrenFiles() {
  static const bool kHas =
      access(fmt::format("/proc/{0}/task/{0}/children", getpid()).c_str(), R_OK) == 0;
  return kHas;
}

OwnedDescriptor OpenProcess(pid_t pid) {
  return OwnedDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

}  // namespace

std::optional<ProcessStatus> FindProcess(pid_t pid) {
  const std::string text = ReadAll(OpenToRead(fmt::format("/proc/{}/stat", pid)));
  // The form is `PID (NAME) STATE PARENT GROUP …`. NAME can contain any character, also
  // parentheses.
  const size_t name_end = text.rfind(") ");
  if (name_end == std::string::npos || name_end + 3 > text.size()) return std::nullopt;
  const char state = text[name_end + 2];
  std::string_view rest = std::string_view(text).substr(name_end + 3);
  const auto parent = TakeNumber(rest);
  const auto group = TakeNumber(rest);
  // The start is the 22nd field, and the group the fifth.
  for (int field = 6; field < 22; ++field) TakeNumber<int64_t>(rest);
  const auto start_ticks = TakeNumber<uint64_t>(rest);
  if (!parent || !group || !start_ticks) return std::nullopt;
  return ProcessStatus{.parent = *parent,
                       .group = *group,
                       .is_dead = state == 'Z' || state == 'X',
                       .start_ticks = *start_ticks};
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  if (!HasChildrenFiles()) return SearchChildrenOf(pid);
  std::vector<pid_t> children;
  for (const pid_t thread : NumbersIn(fmt::format("/proc/{}/task", pid))) {
    AppendListed(OpenChildrenOfThread(pid, thread), children);
  }
  return children;
}

std::optional<HeldProcess> Hold(pid_t pid) {
  OwnedDescriptor handle = OpenProcess(pid);
  const auto status = FindProcess(pid);
  if (!handle.is_open() || !status) return std::nullopt;
  return HeldProcess{.handle = std::move(handle), .pid = pid, .group = status->group};
}

std::vector<HeldProcess> HoldDescendants(pid_t root) {
  std::vector<HeldProcess> held;
  std::unordered_set<pid_t> seen = {root};
  std::vector<pid_t> parents = {root};
  while (!parents.empty()) {
    const pid_t parent = parents.back();
    parents.pop_back();
    for (const pid_t child : ChildrenOf(parent)) {
      if (!seen.insert(child).second) continue;
      OwnedDescriptor handle = OpenProcess(child);
      const auto status = FindProcess(child);
      // If the number now belongs to another process, that process has another parent.
      if (!handle.is_open() || !status || status->parent != parent) continue;
      parents.push_back(child);
      held.push_back({.handle = std::move(handle), .pid = child, .group = status->group});
    }
  }
  return held;
}

void Signal(const HeldProcess& process, int signal) {
  static_cast<void>(syscall(SYS_pidfd_send_signal, process.handle.get(), signal, nullptr, 0));
}

/// Orphans are reparented to the main thread of a subreaper, so its list of children holds them.
Leftovers::Leftovers() : own_children_(OpenChildrenOfThread(getpid(), getpid())) {
  for (const pid_t child : ChildrenOf(getpid())) strangers_.insert(child);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<pid_t> Leftovers::FindAll() {
  std::vector<pid_t> children;
  if (own_children_.is_open()) {
    AppendListed(own_children_, children);
  } else {
    children = SearchChildrenOf(getpid());
  }
  std::erase_if(children, [&](pid_t child) {
    return expected_.contains(child) || strangers_.contains(child);
  });
  return children;
}

std::vector<pid_t> Leftovers::Find(pid_t own_group) {
  std::vector<pid_t> left;
  for (const pid_t child : FindAll()) {
    const auto status = FindProcess(child);
    if (!status || status->is_dead) {
      waitpid(child, nullptr, WNOHANG);
      continue;
    }
    if (status->group == own_group || !expected_.contains(status->group)) left.push_back(child);
  }
  return left;
}

}  // namespace wfc::host
