#include "ir/base/exec_pattern.h"

#include <algorithm>

#include "ir/base/json_string.h"

namespace wfc {
namespace {

constexpr std::string_view kBlanks = " \t";

bool IsPlain(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return c > ' ' && c != '"' && c != '\'' && c != '\\' && c != '\x7f';
  });
}

}  // namespace

std::vector<std::string_view> SplitExecPattern(std::string_view pattern) {
  std::vector<std::string_view> words;
  for (size_t at = pattern.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const size_t end = std::min(pattern.find_first_of(kBlanks, at), pattern.size());
    words.push_back(pattern.substr(at, end - at));
    at = pattern.find_first_not_of(kBlanks, end);
  }
  return words;
}

bool MatchesExecPattern(std::string_view pattern, std::span<const std::string> argv) {
  // The pattern is not split into a vector: a project may have thousands of grants, and each is
  // tried against each command.
  size_t at = pattern.find_first_not_of(kBlanks);
  if (at == std::string_view::npos) return false;
  const bool may_match = pattern[at] == '*' || (!argv.empty() && argv[0].starts_with(pattern[at]));
  if (!may_match) return false;
  if (pattern.substr(at, pattern.find_last_not_of(kBlanks) + 1 - at) == "*") return true;
  for (const std::string& word : argv) {
    const size_t end = std::min(pattern.find_first_of(kBlanks, at), pattern.size());
    if (pattern.substr(at, end - at) != word) return false;
    at = pattern.find_first_not_of(kBlanks, end);
    if (at == std::string_view::npos) return true;
  }
  return false;
}

std::string ShowCommand(std::span<const std::string> argv) {
  std::string shown;
  for (const std::string& word : argv) {
    if (!shown.empty()) shown += ' ';
    if (IsPlain(word)) {
      shown += word;
    } else {
      AppendJsonString(shown, word);
    }
  }
  return shown;
}

}  // namespace wfc
