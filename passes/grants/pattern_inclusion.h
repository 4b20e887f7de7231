// Decides containment of path patterns on automata: is every path of one pattern a path of at least
// one of several others?
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace wfc::passes {

/// A set of relative paths: those that a pattern describes (ir/base/path_pattern.h), or the single
/// path that is written.
struct PathSet {
  std::string_view text;
  bool is_literal = false;  ///< `*` and `?` stand for themselves
};

/// Whether a set is contained in the union of others.
enum class Answer : uint8_t { No, Yes, Unknown };

/// Whether each path of `inner` is in one of `outers`. Unknown beyond a budget of automaton states,
/// which patterns written by people do not exceed.
[[nodiscard]] Answer IsIncluded(PathSet inner, std::span<const PathSet> outers);

/// Whether some path is in both sets.
[[nodiscard]] bool Overlap(PathSet left, PathSet right);

}  // namespace wfc::passes
