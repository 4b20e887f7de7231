// Scan: one linear lexical pass over YAML. It says exactly where scalars, indicators and comments
// stand, which yaml-cpp's events cannot, and finds what yaml-cpp lets pass (unterminated quotes,
// stray commas, unclosed brackets) and what would make it costly (nesting). Called by
// read_yaml.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

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

[[nodiscard]] constexpr bool IsScalar(TokenKind kind) {
  return kind <= TokenKind::Alias;
}

enum TokenFlag : uint8_t {
  kIsKey = 1,       ///< a `:` follows
  kManyLines = 2,   ///< goes over a line break
  kHasEscapes = 4,  ///< `''` or a backslash
  kBroken = 8,      ///< there is a `Repair` for it
  kPatch = 16,      ///< holds characters that yaml-cpp stops at and YAML 1.2 does not
  kShallow = 32,    ///< begins no deeper than the block around it: only a key may
};

struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint16_t indent = 0;  ///< block scalars: the column of their content
  TokenKind kind = TokenKind::Plain;
  uint8_t flags = 0;
};

/// How YAML cuts or breaks an unquoted `${…}` (Y008).
enum class Cut : uint8_t { Comment, CommentBefore, Flow, Colon, Bang };

/// A plain scalar [begin, end) that was meant as a whole; `at` is where YAML would have ended it.
struct Repair {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t at = 0;
  Cut cut = Cut::Comment;
};

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

struct ScanError {
  ScanErrorKind kind;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Scan {
  std::vector<Token> tokens;
  std::vector<Comment> comments;
  std::vector<Repair> repairs;
  std::optional<ScanError> error;  ///< the first; tokens end there
  std::optional<uint32_t> tab;     ///< the first that indents a line outside of brackets
  bool needs_patch = false;        ///< some token is an alias, kBroken or kPatch
};

/// Scans bytes [begin, end) of `source`; `begin` must be the start of a line. A plain scalar that
/// an unquoted `${…}` breaks is one token, as if it had been quoted.
[[nodiscard]] Scan ScanYaml(std::string_view source, uint32_t begin, uint32_t end,
                            std::span<const std::string_view> expression_keys);

}  // namespace wfc::yaml
