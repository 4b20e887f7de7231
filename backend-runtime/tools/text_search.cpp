// The built-in tool text.search: the lines of files that match a regular expression.
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <re2/re2.h>

#include "backend-runtime/tools/file_tools.h"
#include "backend-runtime/tools/search_text.h"
#include "ir/base/path_pattern.h"

namespace wfc::tools {
namespace {

constexpr uint64_t kMostMatches = 100'000;
constexpr size_t kLongestPattern = 10'000;
/// Larger files are taken for data and skipped, which makes the search incomplete.
constexpr uint64_t kLargestFile = 16 << 20;
constexpr uint64_t kMostSearchedBytes = uint64_t{1} << 30;
/// The product of the bytes of one file and the instructions of the pattern. RE2 may examine each
/// such pair, and cannot be interrupted.
constexpr uint64_t kMostPairs = uint64_t{1} << 30;

class Search {
 public:
  Search(const Workspace& workspace, const re2::RE2& pattern, uint64_t max_matches)
      : workspace_(workspace), pattern_(pattern), max_matches_(max_matches) {}

  Walk Visit(const WalkedFile& file) {
    if (workspace_.is_cancelled) return Walk::Stop;
    const bool is_too_large =
        file.size > kLargestFile || file.size > kMostSearchedBytes - bytes_read_;
    if (is_too_large || file.size * static_cast<uint64_t>(pattern_.ProgramSize()) > kMostPairs) {
      is_complete_ = false;
      return Walk::GoOn;
    }
    const Result<host::FileContent, runtime::Failure> content =
        ReadAllowed(workspace_, file.path, kLargestFile);
    if (!content) {
      is_complete_ = false;
      return Walk::GoOn;
    }
    bytes_read_ += content->bytes.size();
    if (IsBinary(content->bytes)) return Walk::GoOn;
    const size_t wanted = max_matches_ - matches_.size() + 1;
    for (const TextMatch& match : SearchText(pattern_, content->bytes, wanted)) {
      if (matches_.size() == max_matches_) return Walk::Stop;
      Add(file.path, match);
    }
    return Walk::GoOn;
  }

  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] std::vector<Value> TakeMatches() { return std::move(matches_); }

 private:
  void Add(const std::string& path, const TextMatch& match) {
    matches_.push_back(Value::Record({{"path", Value::String(path)},
                                      {"line", Value::Int(static_cast<int64_t>(match.line))},
                                      {"column", Value::Int(static_cast<int64_t>(match.column))},
                                      {"text", Value::String(match.text)}}));
  }

  const Workspace& workspace_;
  const re2::RE2& pattern_;
  const uint64_t max_matches_;
  std::vector<Value> matches_;
  uint64_t bytes_read_ = 0;
  bool is_complete_ = true;
};

}  // namespace

ToolResult SearchFiles(const Value& with, const Workspace& workspace) {
  Arguments arguments(with);
  const std::string expression = arguments.Text("pattern");
  const std::string root = arguments.Text("root", ".");
  const std::string glob = arguments.Text("glob", "**");
  const uint64_t max_matches = arguments.Count("max_matches", 200, kMostMatches);
  if (expression.size() > kLongestPattern) arguments.Refuse("the argument `pattern` is too long");
  if (arguments.failure()) return *arguments.failure();
  const re2::RE2 pattern(expression, re2::RE2::Quiet);
  if (!pattern.ok()) {
    return MakeFailure(
        FailureCode::Schema,
        fmt::format("the argument `pattern` is not a regular expression: {}", pattern.error()));
  }
  Result<std::string, runtime::Failure> path = UsePath(workspace, Capability::FsRead, root);
  if (!path) return path.error();

  Search search(workspace, pattern, max_matches);
  const auto visit = [&](const WalkedFile& file) {
    return MatchesPathPattern(glob, file.path) ? search.Visit(file) : Walk::GoOn;
  };
  const Result<bool, runtime::Failure> saw_all = WalkFiles(workspace, *path, visit);
  if (!saw_all) return saw_all.error();
  if (workspace.is_cancelled) {
    return MakeFailure(FailureCode::Cancelled, "the call was cancelled");
  }
  return Value::Record({{"matches", Value::List(search.TakeMatches())},
                        {"truncated", Value::Bool(!*saw_all || !search.is_complete())}});
}

}  // namespace wfc::tools
