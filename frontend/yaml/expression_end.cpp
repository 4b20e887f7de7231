// Counts brackets and skips CEL's string literals; no more of CEL's grammar is needed.
#include "frontend/yaml/expression_end.h"

namespace wfc::yaml {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether the quote at `at` opens a raw string such as `r"…"` or `br'…'`.
bool IsRaw(std::string_view source, uint32_t begin, uint32_t at) {
  uint32_t first = at;
  while (first > begin && at - first < 3 && IsWord(source[first - 1])) --first;
  const std::string_view prefix = source.substr(first, at - first);
  return prefix.size() <= 2 && prefix.find_first_of("rR") != std::string_view::npos &&
         prefix.find_first_not_of("rRbB") == std::string_view::npos;
}

/// The offset after the string whose opening quote is at `at`, or `limit` if it is not closed.
uint32_t SkipString(std::string_view source, uint32_t begin, uint32_t at, uint32_t limit) {
  const bool raw = IsRaw(source, begin, at);
  const char quote = source[at];
  const bool triple = at + 3 <= limit && source[at + 1] == quote && source[at + 2] == quote;
  for (uint32_t i = at + (triple ? 3 : 1); i < limit; ++i) {
    if (source[i] == '\\' && !raw) {
      ++i;
    } else if (source[i] == quote) {
      if (!triple) return i + 1;
      if (i + 3 <= limit && source[i + 1] == quote && source[i + 2] == quote) return i + 3;
    }
  }
  return limit;
}

}  // namespace

uint32_t FindExpressionEnd(std::string_view source, uint32_t begin, uint32_t limit) {
  uint32_t depth = 1;
  for (uint32_t i = begin; i < limit;) {
    const char c = source[i];
    if (c == '"' || c == '\'') {
      i = SkipString(source, begin, i, limit);
      continue;
    }
    if (c == '/' && i + 1 < limit && source[i + 1] == '/') return kNoEnd;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return i + 1;
    ++i;
  }
  return kNoEnd;
}

uint32_t FindFlowExpressionEnd(std::string_view source, uint32_t begin, uint32_t limit) {
  uint32_t depth = 0;
  for (uint32_t i = begin; i < limit;) {
    const char c = source[i];
    if (c == '"' || c == '\'') {
      i = SkipString(source, begin, i, limit);
      continue;
    }
    const bool closes = c == ')' || c == ']' || c == '}';
    if (depth == 0 && (c == ',' || c == ']' || c == '}')) return i;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (closes && depth > 0) --depth;
    ++i;
  }
  return limit;
}

}  // namespace wfc::yaml
