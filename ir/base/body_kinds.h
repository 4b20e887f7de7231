// The kinds of bodies, and what each kind means to the stage that owns the body. The compiler, the
// plan's verifier and the runtime read the same rows.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

/// What a body is to its owner. Plans store these numbers as the kinds of their regions.
enum class BodyKind : uint8_t {
#define WFC_BODY_KIND(id, word, is_attempt, recovers, sees_error) id,
#include "ir/base/body_kinds.def"
};

/// One row of body_kinds.def, whose header describes the columns.
struct BodyRule {
  std::string_view name;
  bool is_attempt;
  bool recovers;
  bool sees_error;
};

/// The rows of body_kinds.def, by kind.
inline constexpr BodyRule kBodyRules[] = {
#define WFC_BODY_KIND(id, word, is_attempt, recovers, sees_error) \
  {word, is_attempt, recovers, sees_error},
#include "ir/base/body_kinds.def"
};

/// The rule of a kind; every kind has one.
[[nodiscard]] constexpr const BodyRule& RuleOf(BodyKind kind) {
  return kBodyRules[static_cast<size_t>(kind)];
}

}  // namespace wfc
