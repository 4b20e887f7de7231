#include "backend-runtime/tools/git_output.h"

#include <utility>

#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

/// Removes and returns the text before `separator`, and removes `separator` itself; all of the text
/// when there is none.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  const size_t end = rest.find(separator);
  const std::string_view head = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return head;
}

Value Text(std::string_view bytes) {
  return Value::String(ReplaceInvalidUtf8(bytes));
}

bool IsOctal(char c) {
  return c >= '0' && c <= '7';
}

/// Decodes the character after a backslash and moves `at` past it; empty if it is not an escape of
/// git's.
std::optional<char> Unescape(std::string_view text, size_t& at) {
  static constexpr std::string_view kLetters = "abtnvfr\"\\";
  static constexpr std::string_view kMeanings = "\a\b\t\n\v\f\r\"\\";
  if (at >= text.size()) return std::nullopt;
  const size_t letter = kLetters.find(text[at]);
  if (letter != std::string_view::npos) {
    ++at;
    return kMeanings[letter];
  }
  if (at + 3 > text.size() || !IsOctal(text[at]) || !IsOctal(text[at + 1]) ||
      !IsOctal(text[at + 2])) {
    return std::nullopt;
  }
  const int code = (text[at] - '0') * 64 + (text[at + 1] - '0') * 8 + (text[at + 2] - '0');
  at += 3;
  return static_cast<char>(code);
}

/// Parses `:100644 100644 abc def M<TAB>path[<TAB>path]`. An unmerged file has an entry of kind U,
/// for which git prints a placeholder as its patch, and another entry of kind M.
std::optional<ChangedFile> ParseRawLine(std::string_view line) {
  std::string_view fields = TakeUntil(line, '\t');
  for (int skipped = 0; skipped < 4; ++skipped) TakeUntil(fields, ' ');
  if (fields.empty()) return std::nullopt;
  const std::optional<std::string> first = UnquoteGitPath(TakeUntil(line, '\t'));
  if (!first) return std::nullopt;
  ChangedFile file = {.path = *first, .status = "modified", .is_other_kind = fields[0] == 'T'};
  switch (fields[0]) {
    case 'A':
    case 'C':
      file.status = "added";
      return file;
    case 'D':
      file.status = "deleted";
      return file;
    case 'M':
    case 'T':
    case 'U':
      return file;
    case 'R': {
      const std::optional<std::string> second = UnquoteGitPath(line);
      if (!second) return std::nullopt;
      file.status = "renamed";
      file.old_path = std::exchange(file.path, *second);
      return file;
    }
    default:
      return std::nullopt;
  }
}

bool BeginsPatch(std::string_view text) {
  return text.starts_with("diff --git ") || text.starts_with("* Unmerged path ");
}

/// Splits the text into patches. Content lines begin with a space, `+`, `-`, `\` or `@`, and paths
/// in headers are quoted, so a line that looks like the beginning of a patch is one.
std::vector<std::string_view> SplitPatches(std::string_view text) {
  std::vector<std::string_view> patches;
  while (!text.empty()) {
    size_t end = text.find('\n');
    while (end != std::string_view::npos && !BeginsPatch(text.substr(end + 1))) {
      end = text.find('\n', end + 1);
    }
    const size_t length = end == std::string_view::npos ? text.size() : end + 1;
    patches.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return patches;
}

/// Assigns the patches to the files. Each file has one patch, or two under the same name if its
/// type changed: a deletion and an addition.
Result<std::vector<ChangedFile>> AddPatches(std::vector<ChangedFile> files,
                                            const std::vector<std::string_view>& patches) {
  size_t next = 0;
  for (ChangedFile& file : files) {
    size_t wanted = file.is_other_kind ? 2 : 1;
    for (; wanted > 0 && next < patches.size(); --wanted) {
      file.patch += ReplaceInvalidUtf8(patches[next++]);
    }
    if (wanted > 0) return Error{"git diff printed fewer patches than files"};
  }
  if (next != patches.size()) return Error{"git diff printed more patches than files"};
  return files;
}

}  // namespace

std::optional<std::string> UnquoteGitPath(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  if (text.size() < 2 || !text.ends_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string path;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c != '\\') {
      path += c;
      continue;
    }
    const std::optional<char> escaped = Unescape(text, at);
    if (!escaped) return std::nullopt;
    path += *escaped;
  }
  return path;
}

Result<Value> ParseGitLog(std::string_view output) {
  std::vector<Value> commits;
  while (!output.empty()) {
    std::string_view record = TakeUntil(output, '\0');
    const std::string_view sha = TakeUntil(record, '\x1f');
    const std::string_view author = TakeUntil(record, '\x1f');
    const std::string_view date = TakeUntil(record, '\x1f');
    if (sha.empty() || date.empty()) return Error{"git log printed what is not a commit"};
    commits.push_back(Value::Record({{"sha", Text(sha)},
                                     {"author", Text(author)},
                                     {"date", Text(date)},
                                     {"subject", Text(record)}}));
  }
  return Value::Record({{"commits", Value::List(std::move(commits))}});
}

Result<std::vector<ChangedFile>> ParseGitDiff(std::string_view output) {
  std::vector<ChangedFile> files;
  while (output.starts_with(':')) {
    std::optional<ChangedFile> file = ParseRawLine(TakeUntil(output, '\n'));
    if (!file) return Error{"git diff printed what is not a changed file"};
    files.push_back(std::move(*file));
  }
  if (output.starts_with('\n')) output.remove_prefix(1);
  return AddPatches(std::move(files), SplitPatches(output));
}

}  // namespace wfc::tools
