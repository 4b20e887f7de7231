// Finds the end of an unquoted `${…}` or of a bare expression by the lexical rules of CEL for
// strings, brackets and comments, so that a brace inside a string does not end it. Called by the
// scanner.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc::yaml {

/// The result of a search that found no end.
inline constexpr uint32_t kNoEnd = 0xFFFFFFFF;

/// The offset after the `}` that closes a `${`, where `begin` is the offset after that `${`. kNoEnd
/// if it is not closed before `limit`, or a comment (`//`) begins first. Offsets are in bytes.
[[nodiscard]] uint32_t FindExpressionEnd(std::string_view source, uint32_t begin, uint32_t limit);

/// The end of a bare expression inside `[ ]` or `{ }`: the offset of the first `,`, `]` or `}` that
/// is not part of the expression itself, or `limit` if there is none.
[[nodiscard]] uint32_t FindFlowExpressionEnd(std::string_view source, uint32_t begin,
                                             uint32_t limit);

}  // namespace wfc::yaml
