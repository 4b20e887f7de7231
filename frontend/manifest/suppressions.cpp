// Whether a comment is a suppression depends on its text alone; the span that it covers depends on
// the line that it applies to.
#include "frontend/manifest/suppressions.h"

#include <algorithm>
#include <string_view>

namespace wfc::manifest {
namespace {

constexpr std::string_view kSpaces = " \t";

/// Advances `at` past blanks and `word`; false if `word` does not follow the blanks.
bool Skip(std::string_view text, size_t& at, std::string_view word) {
  at = std::min(text.find_first_not_of(kSpaces, at), text.size());
  if (!text.substr(at).starts_with(word)) return false;
  at += word.size();
  return true;
}

Span Part(Span comment, std::string_view text, size_t begin, size_t end) {
  while (begin < end && kSpaces.find(text[begin]) != std::string_view::npos) ++begin;
  while (end > begin && kSpaces.find(text[end - 1]) != std::string_view::npos) --end;
  return {.file = comment.file,
          .begin = comment.begin + static_cast<uint32_t>(begin),
          .end = comment.begin + static_cast<uint32_t>(end)};
}

/// Fills `row` from the text of a comment; false if the comment is not a suppression.
bool ReadComment(std::string_view text, Suppression& row) {
  size_t at = 0;
  if (!Skip(text, at, "#") || !Skip(text, at, "wfc:") || !Skip(text, at, "ignore")) return false;
  const size_t close = text.find(']', at);
  if (!Skip(text, at, "[") || close == std::string_view::npos) return true;
  while (at < close) {
    const size_t end = std::min(text.find(',', at), close);
    const Span code = Part(row.comment, text, at, end);
    if (code.begin < code.end) row.codes.push_back(code);
    at = end + 1;
  }
  row.reason = Part(row.comment, text, close + 1, text.size());
  return true;
}

bool IsCommentOrBlank(std::string_view line) {
  const size_t at = line.find_first_not_of(kSpaces);
  return at == std::string_view::npos || line[at] == '#';
}

/// The line that the comment applies to: its own or, when it stands alone, the next line with
/// content. Lines are numbered from 1.
uint32_t CoveredLine(const SourceMap& sources, Span comment) {
  uint32_t line = sources.Locate(comment.file, comment.begin).line;
  while (line < sources.line_count(comment.file) &&
         IsCommentOrBlank(sources.line(comment.file, line))) {
    ++line;
  }
  return line;
}

/// The span of a stage's key, and where the stage ends.
struct StageKey {
  Span name;
  uint32_t end;  ///< byte offset after the whole stage
};

std::vector<StageKey> CollectStageKeys(const Syntax& syntax) {
  std::vector<StageKey> keys;
  for (const StageSyntax& stage : syntax.stages.all) {
    if (stage.tree == nullptr || !stage.name.has_value() || !stage.node.has_value()) continue;
    keys.push_back({.name = stage.tree->span(stage.name), .end = stage.tree->span(stage.node).end});
  }
  std::ranges::sort(keys, {}, &StageKey::name);
  return keys;
}

Span CoveredSpan(const SourceMap& sources, const std::vector<StageKey>& keys, Span comment) {
  const uint32_t line = CoveredLine(sources, comment);
  Span covered = {.file = comment.file, .begin = sources.line_begin(comment.file, line)};
  covered.end = covered.begin + static_cast<uint32_t>(sources.line(comment.file, line).size()) + 1;
  const auto key = std::ranges::lower_bound(
      keys, Span{.file = covered.file, .begin = covered.begin}, {}, &StageKey::name);
  const bool is_stage =
      key != keys.end() && key->name.file == covered.file && key->name.begin < covered.end;
  if (is_stage) covered.end = std::max(covered.end, key->end);
  return covered;
}

}  // namespace

std::vector<Suppression> FindSuppressions(const Syntax& syntax, const SourceMap& sources) {
  std::vector<Suppression> rows;
  std::vector<StageKey> keys;
  for (const yaml::TreePtr& tree : syntax.trees) {
    for (const yaml::Comment& comment : tree->comments()) {
      Suppression row = {
          .comment = {.file = tree->file(), .begin = comment.begin, .end = comment.end}};
      if (!ReadComment(sources.text(row.comment), row)) continue;
      if (keys.empty()) keys = CollectStageKeys(syntax);
      row.covered = CoveredSpan(sources, keys, row.comment);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace wfc::manifest
