// What can be read of a stage that has settled, and when it is there. The rows are in
// stage_fields.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ir/base/words.h"

namespace wfc {

using StatusSet = uint8_t;  ///< a bit a StageStatus
template <class... Statuses>
[[nodiscard]] constexpr StatusSet StatusesOf(Statuses... statuses) {
  return static_cast<StatusSet>(((1U << static_cast<unsigned>(statuses)) | ... | 0U));
}

enum class StageField : uint8_t {
#define WFC_STAGE_FIELD(id, name, owner, type, need, always, sometimes, when) id,
#include "ir/base/stage_fields.def"
};

/// Which stages have a field.
enum class FieldOwner : uint8_t { Any, Command, Decide, Later };

enum class FieldType : uint8_t {
  Output,   ///< what the stage yields
  Status,   ///< a StageStatus
  Error,    ///< the built-in schema `error`
  Count,    ///< an integer from 1
  Integer,  ///< any
  Text,
  Chosen,  ///< the ids of a decide's route; of bodies the key or the index
  Later,   ///< not known yet
};

struct FieldRule {
  std::string_view name;  ///< as the language spells it
  FieldOwner owner;
  FieldType type;
  StatusSet always;       ///< it is there
  StatusSet sometimes;    ///< it may be there; with no other status it is
  std::string_view when;  ///< it is there, in words
};

namespace internal {

using enum StageStatus;

inline constexpr FieldRule kFieldRules[] = {
#define WFC_STAGE_FIELD(id, name, owner, type, need, always, sometimes, when) \
  {name, FieldOwner::owner, FieldType::type, StatusesOf always, StatusesOf sometimes, when},
#include "ir/base/stage_fields.def"
};

}  // namespace internal

inline constexpr uint32_t kStageFieldCount = std::size(internal::kFieldRules);

[[nodiscard]] constexpr const FieldRule& RuleOf(StageField field) {
  return internal::kFieldRules[static_cast<size_t>(field)];
}
/// "output", "status"… as the language spells them.
[[nodiscard]] constexpr std::string_view GetName(StageField field) {
  return RuleOf(field).name;
}
/// Whether a stage of that status can have the field.
[[nodiscard]] constexpr bool MayHave(StageStatus status, StageField field) {
  const FieldRule& rule = RuleOf(field);
  return ((rule.always | rule.sometimes) >> static_cast<unsigned>(status) & 1) != 0;
}

}  // namespace wfc
