// Finds which routes of a decide can never be taken, and whether some value has no route, from the
// decide's keys and types alone. The presence analysis knows more. The checks of decisions and of
// reachability share these facts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// Whether a route can be taken, or why it cannot.
enum class RouteFate : uint8_t {
  Possible,
  OtherConstant,   ///< the subject is a constant, and not this
  Repeated,        ///< an earlier key is the same value
  Impossible,      ///< the subject is never this value
  Exhausted,       ///< a default, and every value has a route
  ImpossibleHere,  ///< as Impossible, by what conditions say where the decide stands
  ExhaustedHere,   ///< as Exhausted, by the same
  Shadowed,        ///< a case after one that is always true
  NeverTrue,       ///< a case whose condition is a constant that is not true
};

/// What the keys and types of one decide tell about its routes.
struct DecideFacts {
  std::vector<RouteFate> fates;  ///< by route
  std::vector<uint32_t> causes;  ///< by route: the other route, for Repeated and Shadowed
  std::optional<Value> constant;
  /// Some values without a route, for a message: "`reject`", "any other string". Empty if the
  /// decide has a default, every value has a route, or the values are not known.
  std::string left_over;
  bool holds_poison = false;  ///< a part of it is wrong and was reported
};

/// Every route is `Possible` in a decide that holds poison.
[[nodiscard]] DecideFacts FindDecideFacts(const ir::Project& project, const ExpressionTypes& types,
                                          const ir::Stage& stage);

}  // namespace wfc::passes
