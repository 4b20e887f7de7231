// Scan is one linear lexical pass over YAML. It gives the exact places of scalars, indicators and
// comments, which yaml-cpp's events do not. It also finds errors that yaml-cpp accepts
// (unterminated quotes, stray commas, unclosed brackets) and input on which yaml-cpp would be slow
// (deep nesting). Called by read_yaml.cpp and recover.cpp. All offsets are bytes of the whole file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

/// The kinds of tokens. Those up to `Alias` become nodes: they are scalars or replace one.
enum class TokenKind : uint8_t {
  Plain,
  Single,
  Double,
  Literal,
  Folded,
  Alias,
  Anchor,
  Tag,
  Dash,
  Comma,
  MapOpen,
  MapClose,
  ListOpen,
  ListClose,
};

/// Whether a token is a scalar or an alias: both make one node.
[[nodiscard]] constexpr bool IsScalar(TokenKind kind) {
  return kind <= TokenKind::Alias;
}

/// Properties of a token, as bits.
enum TokenFlag : uint8_t {
  kIsKey = 1,       ///< a `:` follows
  kManyLines = 2,   ///< contains a line break
  kHasEscapes = 4,  ///< contains `''` or a backslash escape
  kBroken = 8,      ///< there is a `Repair` for it
  kPatch = 16,      ///< contains characters that end it for yaml-cpp, but not by YAML 1.2
  kShallow = 32,    ///< is not indented deeper than the enclosing block, as only a key may be
};

/// The bytes [begin, end) of a scalar, an indicator, an anchor, an alias or a tag.
struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint16_t indent = 0;  ///< block scalars: the column of their content
  TokenKind kind = TokenKind::Plain;
  uint8_t flags = 0;  ///< bits of TokenFlag
};

/// How YAML would cut off or misread an unquoted expression (Y008): at a ` #` inside `${…}`, at a
/// ` #` before it, at a `,` or bracket inside `[ ]` or `{ }`, at a `: `, or by a leading `!`.
enum class Cut : uint8_t { Comment, CommentBefore, Flow, Colon, Bang };

/// A plain scalar [begin, end) that is read as a whole although YAML would have ended it at `at`.
struct Repair {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t at = 0;
  Cut cut = Cut::Comment;
};

/// The errors that the scan finds; read_yaml.cpp has the message of each.
enum class ScanErrorKind : uint8_t {
  UnterminatedQuote,
  UnknownEscape,
  UnclosedBracket,
  WrongClose,
  MismatchedClose,
  CommaOutside,
  EmptyEntry,
  ExplicitKey,
  ReservedCharacter,
  SecondDocument,
  TooDeep,
  TooMany,
};

/// An error at bytes [begin, end).
struct ScanError {
  ScanErrorKind kind;
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// The result of the pass. All lists are in the order of the file.
struct Scan {
  std::vector<Token> tokens;
  std::vector<Comment> comments;
  std::vector<Repair> repairs;
  std::optional<ScanError> error;  ///< the first error; the scan stops there
  std::optional<uint32_t> tab;     ///< the first tab that indents a line outside brackets
  bool needs_patch = false;        ///< some token is an alias or has kBroken or kPatch
};

/// Scans bytes [begin, end) of `source`; `begin` must be the start of a line. A plain scalar that
/// YAML would cut inside an unquoted expression becomes a single token, as if it had been quoted.
/// `expression_keys` are the keys whose values are expressions. The time is linear in the bytes.
[[nodiscard]] Scan ScanYaml(std::string_view source, uint32_t begin, uint32_t end,
                            std::span<const std::string_view> expression_keys);

}  // namespace wfc::yaml
