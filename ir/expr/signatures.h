// The overloads of operators and functions by kinds of operands (signatures.def). Inference and the
// conversion of numbers read them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ir/expr/expr.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// One overload: the kinds that each parameter accepts, and the kinds that can result.
struct Overload {
  static constexpr uint8_t kMaxParameters = 4;

  KindSet result = 0;
  uint8_t parameter_count = 0;
  /// The accepted kinds of each parameter.
  std::array<KindSet, kMaxParameters> parameters = {};
};

/// The kinds that a parameter accepts. Beyond the last parameter, the last one is repeated.
[[nodiscard]] inline KindSet ParameterAt(const Overload& overload, size_t index) {
  if (overload.parameter_count == 0) return 0;
  return overload.parameters[std::min<size_t>(index, overload.parameter_count - 1U)];
}

/// The overloads of a binary operator that accepts only some kinds: arithmetic and ordering
/// comparisons. Empty for all other operators.
[[nodiscard]] std::span<const Overload> FindOverloads(Op op);
/// The overloads of a function for `argument_count` arguments, which the parser has admitted; a
/// receiver counts as an argument.
[[nodiscard]] std::span<const Overload> FindOverloads(Builtin builtin, size_t argument_count);

/// The kinds that can result from arguments of the given kinds; 0 if no overload fits.
[[nodiscard]] KindSet FindResult(std::span<const Overload> overloads,
                                 std::span<const KindSet> arguments);
/// The kinds that some overload accepts at `index`.
[[nodiscard]] KindSet FindTaken(std::span<const Overload> overloads, size_t index);

/// The operands that an operator accepts, in words: "two ints or two uints"; "anything" for
/// operators without overloads.
[[nodiscard]] std::string_view DescribeOperands(Op op);

}  // namespace wfc::expr
