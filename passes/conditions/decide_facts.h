// Which routes of a decide can never be taken, and whether some value has none, by what is written
// there alone; presence knows more. Shared by the checks of decisions and of reachability.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

enum class RouteFate : uint8_t {
  Possible,
  OtherConstant,  ///< the subject is a constant, and not this
  Repeated,       ///< an earlier key is the same value
  Impossible,     ///< the subject is never this value
  Exhausted,      ///< a default, and every value has a route
  Shadowed,       ///< a case after one that is always true
  NeverTrue,      ///< a case whose condition is a constant that is not true
};

struct DecideFacts {
  std::vector<RouteFate> fates;  ///< by route
  std::vector<uint32_t> causes;  ///< by route: the other route, for Repeated and Shadowed
  std::optional<Value> constant;
  /// No default, and some value has no route: "`reject`", "any other string"; empty: none, or not
  /// known.
  std::string left_over;
  bool holds_poison = false;  ///< something in it is wrong, and was reported
};

/// Nothing is known of a decide that holds poison: all routes are possible.
[[nodiscard]] DecideFacts FindDecideFacts(const ir::Project& project, const ExpressionTypes& types,
                                          const ir::Stage& stage);

/// A route's key as a message shows it: a string as it is, anything else as JSON.
[[nodiscard]] std::string ShowKey(const Value& key);

}  // namespace wfc::passes
