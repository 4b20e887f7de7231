// Workflows of which only the chances are known, and all that can happen in them by the reference
// model of "When a stage runs".
#pragma once

#include "tests/backend-runtime/runtime/drive/reference.h"

namespace wfc::presence {

/// What may become of a stage.
enum class Chance : uint8_t {
  Plain,        ///< it succeeds
  Fails,        ///< it fails
  MayFail,      ///< or succeed, as the next two
  MayTolerate,  ///< fails with `on_error: continue`
  MayRecover,   ///< fails with `on_error: {value: …}`
  Decides,      ///< any of its routes, or none
  OwnIf,        ///< `if`, which may hold
  SharedIf,     ///< `if` of something that other stages ask as well
  SharedIfNot,  ///< the negation of the same
  Asserts,      ///< an `assert` of the same
};
inline constexpr int kChanceCount = 10;

struct Shape {
  runtime::reference::Case plain;  ///< with no behaviours
  std::array<Chance, runtime::reference::kMaxStages> chance{};
};

/// Calls `visit` with everything that can happen: whatever becomes of each stage, in every order in
/// which they can settle, and whenever someone cancels the run. Some come more than once.
void ForEachOutcome(const Shape& shape,
                    const std::function<void(const runtime::reference::Outcome&)>& visit);

/// Calls `visit` with every shape of exactly `count` stages; of those that differ in the writing
/// alone (`any` without hard dependencies, a shared `if` that nobody shares), with one.
void ForEachShape(int count, const std::function<void(const Shape&)>& visit);

/// One shape of `count` stages, drawn from all of them.
[[nodiscard]] Shape DrawShape(int count, std::mt19937_64& random);

[[nodiscard]] std::string Describe(const Shape& shape);

}  // namespace wfc::presence
