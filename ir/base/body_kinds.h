// The kinds of bodies, and what each means to the stage that owns it.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

enum class BodyKind : uint8_t {
#define WFC_BODY_KIND(id, word, is_attempt, recovers, sees_error) id,
#include "ir/base/body_kinds.def"
};

/// One row of body_kinds.def.
struct BodyRule {
  std::string_view name;
  bool is_attempt;
  bool recovers;
  bool sees_error;
};

inline constexpr BodyRule kBodyRules[] = {
#define WFC_BODY_KIND(id, word, is_attempt, recovers, sees_error) \
  {word, is_attempt, recovers, sees_error},
#include "ir/base/body_kinds.def"
};

[[nodiscard]] constexpr const BodyRule& RuleOf(BodyKind kind) {
  return kBodyRules[static_cast<size_t>(kind)];
}

}  // namespace wfc
