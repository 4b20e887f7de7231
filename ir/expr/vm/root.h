// Root: what an expression reads from outside, as lowering resolves it and the machine asks for it.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "ir/base/stage_fields.h"

namespace wfc {

enum class RootKind : uint8_t {
  Input,       ///< the workflow's input; whole
  Var,         ///< a: the variable
  RunField,    ///< a: RunField
  StageField,  ///< a: the stage; b: StageField, and from bit 8 what `files.NAME` adds
  With,        ///< all of `with`
  Error,       ///< the failure that a fallback body sees
  Output,      ///< the output, in `by` and `remember`
  Item,        ///< a: levels of maps outwards, 0 the innermost
  Index,       ///< a: the same
  Last,
  Round,
  Param,   ///< a: the parameter
  Secret,  ///< a: the secret
  Memory,  ///< a: the store
  Vars,    ///< all of `vars`
};
inline constexpr uint32_t kRootKindCount = static_cast<uint32_t>(RootKind::Vars) + 1;

enum class RunField : uint8_t { Id, Mode, Seed, StartedAt, Dir, Status };
inline constexpr uint32_t kRunFieldCount = static_cast<uint32_t>(RunField::Status) + 1;

/// As the language spells them.
[[nodiscard]] std::string_view GetName(RunField field);
[[nodiscard]] std::string_view GetName(RootKind kind);

struct Root {
  RootKind kind = RootKind::Input;
  uint32_t a = 0;
  uint32_t b = 0;
  friend constexpr auto operator<=>(const Root&, const Root&) = default;
};

/// Which field, of a root of kind StageField.
constexpr StageField StageFieldOf(const Root& root) {
  return static_cast<StageField>(root.b & 0xFF);
}
/// `stages.ID.output`.
constexpr bool IsStageOutput(const Root& root) {
  return root.kind == RootKind::StageField && StageFieldOf(root) == StageField::Output;
}

}  // namespace wfc
