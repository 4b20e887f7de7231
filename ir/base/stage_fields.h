// The fields that expressions can read of a settled stage, and when each field is present. The rows
// are in stage_fields.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ir/base/words.h"

namespace wfc {

/// A set of stage statuses: one bit per StageStatus.
using StatusSet = uint8_t;
/// The set of the given statuses.
template <class... Statuses>
[[nodiscard]] constexpr StatusSet StatusesOf(Statuses... statuses) {
  return static_cast<StatusSet>(((1U << static_cast<unsigned>(statuses)) | ... | 0U));
}

/// The fields, in the order of stage_fields.def.
enum class StageField : uint8_t {
#define WFC_STAGE_FIELD(id, name, owner, type, need, always, sometimes, when) id,
#include "ir/base/stage_fields.def"
};

/// Which stages have a field. No stage has a field of owner Later yet.
enum class FieldOwner : uint8_t { Any, Command, Decide, Later };

/// The type of a field's value.
enum class FieldType : uint8_t {
  Output,   ///< the type that the stage yields
  Status,   ///< one of the spellings of StageStatus
  Error,    ///< the built-in schema `error`
  Count,    ///< an integer of at least 1
  Integer,  ///< any integer
  Text,
  /// The ids of the stages on a decide's chosen route; where routes are bodies, the chosen one's
  /// key or index.
  Chosen,
  Later,  ///< not known yet: the field is not supported
};

/// One row of stage_fields.def.
struct FieldRule {
  std::string_view name;  ///< as the language spells it
  FieldOwner owner;
  FieldType type;
  StatusSet always;  ///< the field is always present with these statuses
  /// The field may be present with these statuses; with any other it is absent.
  StatusSet sometimes;
  std::string_view when;  ///< when the field is present, in words
};

namespace internal {

using enum StageStatus;

inline constexpr FieldRule kFieldRules[] = {
#define WFC_STAGE_FIELD(id, name, owner, type, need, always, sometimes, when) \
  {name, FieldOwner::owner, FieldType::type, StatusesOf always, StatusesOf sometimes, when},
#include "ir/base/stage_fields.def"
};

}  // namespace internal

/// The number of fields.
inline constexpr uint32_t kStageFieldCount = std::size(internal::kFieldRules);

/// The rule of a field; every field has one.
[[nodiscard]] constexpr const FieldRule& RuleOf(StageField field) {
  return internal::kFieldRules[static_cast<size_t>(field)];
}
/// The field as the language spells it: "output", "status".
[[nodiscard]] constexpr std::string_view GetName(StageField field) {
  return RuleOf(field).name;
}
/// Whether a stage that settled with `status` can have the field.
[[nodiscard]] constexpr bool MayHave(StageStatus status, StageField field) {
  const FieldRule& rule = RuleOf(field);
  return ((rule.always | rule.sometimes) >> static_cast<unsigned>(status) & 1) != 0;
}

}  // namespace wfc
