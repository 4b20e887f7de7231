// Regular expressions of schemas: the part of ECMAScript's that a linear-time matcher can run. They
// are parsed here once, written out for RE2, and kept as a tree for questions about what they
// match.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace wfc::types {

struct CodePointRange {
  char32_t first = 0;
  char32_t last = 0;
};

/// A set of code points: `ranges` and those with a Unicode property, or all others.
struct CodePointSet {
  struct Property {
    std::string name;  ///< as RE2 knows it
    bool is_negated = false;
  };
  std::vector<CodePointRange> ranges;
  std::vector<Property> properties;
  bool is_negated = false;
};

enum class RegexKind : uint8_t {
  Set,              ///< one code point of `set`
  Concatenation,    ///< of `children`; none: the empty text
  Alternation,      ///< of `children`
  Repetition,       ///< of the one child, `least` to `most` times
  Begin,            ///< ^
  End,              ///< $
  WordBoundary,     ///< \b
  NotWordBoundary,  ///< \B
};
inline constexpr uint32_t kUnboundedRepetition = 0xFFFFFFFF;

struct RegexNode {
  RegexKind kind = RegexKind::Concatenation;
  CodePointSet set;
  std::vector<uint32_t> children;
  uint32_t least = 0;
  uint32_t most = 0;
};

struct Regex {
  std::vector<RegexNode> nodes;  ///< children before parents
  uint32_t root = 0;
  std::string re2;
};

/// The error says what cannot be expressed, or what is malformed: "a look-ahead `(?=`…".
[[nodiscard]] Result<Regex> ParseRegex(std::string_view source);

}  // namespace wfc::types
