// Root: a value that an expression reads from outside. Lowering resolves names to roots, and the
// machine asks its context for their values. Plans store roots by number.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "ir/base/stage_fields.h"

namespace wfc {

/// The kinds of roots, numbered as in plans, with the meaning of Root::a and Root::b.
enum class RootKind : uint8_t {
  Input,     ///< the whole input of the workflow
  Var,       ///< a: index of the variable
  RunField,  ///< a: RunField
  /// a: index of the stage; b: StageField in bits 0-7, and from bit 8 on what `files.NAME` adds.
  StageField,
  With,    ///< `with` as a whole
  Error,   ///< the failure that the body of a fallback handles
  Output,  ///< the output of the stage itself, in `by` and `remember`
  Item,    ///< a: which enclosing `map`, counted outwards; 0 is the innermost
  Index,   ///< a: as for Item
  Last,
  Round,
  Param,   ///< a: index of the parameter
  Secret,  ///< a: index of the secret
  Memory,  ///< a: index of the memory store
  Vars,    ///< `vars` as a whole
};
inline constexpr uint32_t kRootKindCount = static_cast<uint32_t>(RootKind::Vars) + 1;

/// The fields of `run`, numbered as in plans.
enum class RunField : uint8_t { Id, Mode, Seed, StartedAt, Dir, Status };
inline constexpr uint32_t kRunFieldCount = static_cast<uint32_t>(RunField::Status) + 1;

/// The name as the language spells it.
[[nodiscard]] std::string_view GetName(RunField field);
[[nodiscard]] std::string_view GetName(RootKind kind);

/// A root; what `a` and `b` mean depends on the kind, and they are 0 if it does not use them.
struct Root {
  RootKind kind = RootKind::Input;
  uint32_t a = 0;
  uint32_t b = 0;
  friend constexpr auto operator<=>(const Root&, const Root&) = default;
};

/// The field that a root of kind StageField reads.
constexpr StageField StageFieldOf(const Root& root) {
  return static_cast<StageField>(root.b & 0xFF);
}
/// Whether the root is `stages.ID.output`.
constexpr bool IsStageOutput(const Root& root) {
  return root.kind == RootKind::StageField && StageFieldOf(root) == StageField::Output;
}

}  // namespace wfc
