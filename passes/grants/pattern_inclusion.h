// Containment of path patterns, decided on automata: is every path of one pattern a path of at
// least one of several others?
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace wfc::passes {

/// A set of relative paths: those that a pattern describes (ir/base/path_pattern.h), or just the
/// path that is written.
struct PathSet {
  std::string_view text;
  bool is_literal = false;  ///< `*` and `?` stand for themselves
};

enum class Answer : uint8_t { No, Yes, Unknown };

/// Whether each path of `inner` is in one of `outers`. Unknown past a budget of automaton states
/// (never for patterns that people write).
[[nodiscard]] Answer IsIncluded(PathSet inner, std::span<const PathSet> outers);

/// Whether some path is in both.
[[nodiscard]] bool Overlap(PathSet left, PathSet right);

}  // namespace wfc::passes
