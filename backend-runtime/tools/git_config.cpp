#include "backend-runtime/tools/git_config.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

/// Settings that keep git from running, fetching or writing anything, make it map packs in small
/// windows, and make it treat large files as binary, so that no large file is held in memory.
constexpr std::string_view kFixedSettings = R"([core]
	bare = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	quotePath = false
	bigFileThreshold = 16m
	packedGitWindowSize = 16m
	packedGitLimit = 256m
	deltaBaseCacheLimit = 64m
[diff]
	ignoreSubmodules = all
[gc]
	auto = 0
[index]
	threads = 1
[log]
	mailmap = false
	showSignature = false
[maintenance]
	auto = false
[pack]
	threads = 1
[protocol]
	allow = never
[submodule]
	recurse = false
)";

constexpr std::array<std::string_view, 4> kBooleans = {"filemode", "ignorecase",
                                                       "precomposeunicode", "symlinks"};

std::string Lowercase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// `true` or `false`, or empty if git would not accept the text as a boolean.
std::string_view ToBoolean(std::string_view value) {
  const std::string word = Lowercase(value);
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return "true";
  }
  for (const std::string_view no : {"false", "no", "off", "0", ""}) {
    if (word == no) return "false";
  }
  return {};
}

/// The value without its quotes, escapes and trailing comment.
std::string Unquote(std::string_view text) {
  std::string value;
  bool is_quoted = false;
  size_t kept = 0;  // length without trailing blanks, which do not count
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!is_quoted && (c == '#' || c == ';')) break;
    if (c == '"') {
      is_quoted = !is_quoted;
      continue;
    }
    if (c == '\\' && at + 1 < text.size()) {
      const char next = text[++at];
      value += next == 'n' ? '\n' : next == 't' ? '\t' : next;
    } else {
      value += c;
    }
    if (is_quoted || (c != ' ' && c != '\t')) kept = value.size();
  }
  value.resize(kept);
  return value;
}

/// Reads one line after another. `section_` is empty within sections that have a subsection name.
class ConfigReader {
 public:
  Result<GitSettings> Read(std::string_view bytes) {
    while (!bytes.empty() && unsupported_.empty()) ReadLine(TakeLine(bytes));
    if (!unsupported_.empty()) return Error{unsupported_};
    return std::move(settings_);
  }

 private:
  /// Removes the first line, joined with the lines that a backslash at its end continues.
  static std::string TakeLine(std::string_view& bytes) {
    std::string line;
    while (!bytes.empty()) {
      const size_t end = std::min(bytes.find('\n'), bytes.size());
      line += bytes.substr(0, end);
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
      if (line.ends_with('\r')) line.pop_back();
      if (!line.ends_with('\\')) break;
      line.pop_back();
    }
    return line;
  }

  void ReadLine(std::string_view line) {
    line = Trim(line);
    if (line.starts_with('[')) {
      const size_t end = line.find(']');
      if (end == std::string_view::npos) return;
      const std::string_view name = line.substr(1, end - 1);
      section_ = name.find('"') == std::string_view::npos ? Lowercase(Trim(name)) : "";
      line = Trim(line.substr(end + 1));
    }
    if (line.empty() || line[0] == '#' || line[0] == ';') return;
    const size_t equals = line.find('=');
    const std::string key = Lowercase(Trim(line.substr(0, equals)));
    Take(key, equals == std::string_view::npos ? "true" : Unquote(Trim(line.substr(equals + 1))));
  }

  void Take(const std::string& key, const std::string& value) {
    if (section_ == "core") {
      TakeCore(key, value);
    } else if (section_ == "extensions" && key == "objectformat") {
      settings_.is_sha256 = value == "sha256";
    } else if (section_ == "extensions" && key == "refstorage" && value != "files") {
      unsupported_ =
          fmt::format("the repository keeps its references as `{}`, and only `files` is read",
                      ReplaceInvalidUtf8(value));
    }
  }

  void TakeCore(const std::string& key, const std::string& value) {
    const auto keep = [&](std::string_view plain) {
      settings_.core.push_back(fmt::format("{} = {}", key, plain));
    };
    if (key == "worktree") {
      settings_.work_tree = value;
    } else if (std::ranges::find(kBooleans, key) != kBooleans.end()) {
      if (const std::string_view plain = ToBoolean(value); !plain.empty()) keep(plain);
    } else if (key == "autocrlf") {
      const std::string_view plain = Lowercase(value) == "input" ? "input" : ToBoolean(value);
      if (!plain.empty()) keep(plain);
    } else if (key == "eol") {
      const std::string plain = Lowercase(value);
      if (plain == "lf" || plain == "crlf" || plain == "native") keep(plain);
    }
  }

  std::string section_;
  std::string unsupported_;
  GitSettings settings_;
};

}  // namespace

Result<GitSettings> ReadGitConfig(std::string_view bytes) {
  return ConfigReader().Read(bytes);
}

std::string MakeGitConfig(const GitSettings& settings) {
  std::string config(kFixedSettings);
  config += fmt::format("[core]\n\trepositoryFormatVersion = {}\n", settings.is_sha256 ? 1 : 0);
  for (const std::string& line : settings.core) config += fmt::format("\t{}\n", line);
  if (settings.is_sha256) config += "[extensions]\n\tobjectFormat = sha256\n";
  return config;
}

}  // namespace wfc::tools
