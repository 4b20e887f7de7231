// Where an unquoted `${…}` or expression ends, by the lexical rules of CEL (strings, brackets,
// comments), so that a brace in a string ends nothing.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc::yaml {

inline constexpr uint32_t kNoEnd = 0xFFFFFFFF;

/// `begin` is just after a `${`; the offset just after its `}`, or kNoEnd if there is none before
/// `limit`.
[[nodiscard]] uint32_t FindExpressionEnd(std::string_view source, uint32_t begin, uint32_t limit);

/// The end of a bare expression inside `[ ]` or `{ }`: at the first `,`, `]` or `}` that it does
/// not contain, else `limit`.
[[nodiscard]] uint32_t FindFlowExpressionEnd(std::string_view source, uint32_t begin,
                                             uint32_t limit);

}  // namespace wfc::yaml
