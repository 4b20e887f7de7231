// The regular expressions of schemas: the part of ECMAScript's syntax that a linear-time matcher
// can run. An expression is parsed once, translated to RE2's syntax, and kept as a tree for
// questions about what it matches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace wfc::types {

/// The code points from `first` to `last`, inclusive.
struct CodePointRange {
  char32_t first = 0;
  char32_t last = 0;
};

/// A set of code points: those in `ranges` or with one of `properties`; if negated, all others.
struct CodePointSet {
  struct Property {
    std::string name;  ///< a Unicode property by RE2's name
    bool is_negated = false;
  };
  std::vector<CodePointRange> ranges;
  std::vector<Property> properties;
  bool is_negated = false;
};

/// The kinds of nodes. The comments list the members that each uses.
enum class RegexKind : uint8_t {
  Set,              ///< one code point of `set`
  Concatenation,    ///< `children` in order; without children, the empty text
  Alternation,      ///< one of `children`
  Repetition,       ///< the only child, `least` to `most` times
  Begin,            ///< the assertion ^
  End,              ///< the assertion $
  WordBoundary,     ///< the assertion \b
  NotWordBoundary,  ///< the assertion \B
};
/// The value of RegexNode::most for a repetition without an upper limit.
inline constexpr uint32_t kUnboundedRepetition = 0xFFFFFFFF;

/// A node of an expression.
struct RegexNode {
  RegexKind kind = RegexKind::Concatenation;
  CodePointSet set;  ///< for Set
  std::vector<uint32_t> children;
  uint32_t least = 0;
  uint32_t most = 0;
};

/// A parsed expression.
struct Regex {
  std::vector<RegexNode> nodes;  ///< children come before their parents
  uint32_t root = 0;
  std::string re2;  ///< the expression in RE2's syntax
};

/// Parses an expression in ECMAScript's syntax. The error is a noun phrase that
/// names what is malformed or cannot be matched in linear time: "a look-ahead, which cannot be
/// matched in linear time".
[[nodiscard]] Result<Regex> ParseRegex(std::string_view source);

}  // namespace wfc::types
