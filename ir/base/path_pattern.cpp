#include "ir/base/path_pattern.h"

#include <cstddef>
#include <vector>

#include "ir/base/utf8.h"

namespace wfc {
namespace {

/// The segments of a path; empty segments and `.` are left out.
std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty() && segment != ".") segments.push_back(segment);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return segments;
}

/// Backtracks to the latest star only: if extending that star by one character at a time finds no
/// match, extending an earlier one cannot find one either.
bool MatchesSegment(std::string_view pattern, std::string_view text) {
  size_t at = 0;
  size_t in_text = 0;
  size_t after_star = std::string_view::npos;
  size_t star_begin = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      after_star = ++at;
      star_begin = in_text;
    } else if (at < pattern.size() && pattern[at] == '?') {
      ++at;
      in_text += DecodeUtf8(text, in_text).length;
    } else if (at < pattern.size() && pattern[at] == text[in_text]) {
      ++at;
      ++in_text;
    } else if (after_star != std::string_view::npos) {
      star_begin += DecodeUtf8(text, star_begin).length;
      at = after_star;
      in_text = star_begin;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace

bool MatchesPathPattern(std::string_view pattern, std::string_view path) {
  // The same search over segments, with `**` as the star.
  const std::vector<std::string_view> wanted = Segments(pattern);
  const std::vector<std::string_view> given = Segments(path);
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t at = 0;
  size_t in_path = 0;
  size_t after_stars = kNone;
  size_t stars_begin = 0;
  while (in_path < given.size()) {
    if (at < wanted.size() && wanted[at] == "**") {
      after_stars = ++at;
      stars_begin = in_path;
    } else if (at < wanted.size() && MatchesSegment(wanted[at], given[in_path])) {
      ++at;
      ++in_path;
    } else if (after_stars != kNone) {
      at = after_stars;
      in_path = ++stars_begin;
    } else {
      return false;
    }
  }
  while (at < wanted.size() && wanted[at] == "**") ++at;
  return at == wanted.size();
}

}  // namespace wfc
