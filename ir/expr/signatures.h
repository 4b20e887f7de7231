// The overloads of operators and functions by kinds, as signatures.def lists them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "ir/expr/expr.h"
#include "ir/expr/type.h"

namespace wfc::expr {

struct Overload {
  static constexpr uint8_t kMaxParameters = 4;

  KindSet result = 0;
  uint8_t parameter_count = 0;
  std::array<KindSet, kMaxParameters> parameters = {};  ///< each the kinds that fit there
};

/// Of a binary operator that takes only some kinds: arithmetic, and comparisons that order.
[[nodiscard]] std::span<const Overload> FindOverloads(Op op);
/// Of a function, for so many arguments (the receiver among them) as the parser admits.
[[nodiscard]] std::span<const Overload> FindOverloads(Builtin builtin, size_t argument_count);

/// The kinds that can result from arguments of such kinds; 0: no overload fits.
[[nodiscard]] KindSet FindResult(std::span<const Overload> overloads,
                                 std::span<const KindSet> arguments);
/// The kinds that some overload takes at `index`.
[[nodiscard]] KindSet FindTaken(std::span<const Overload> overloads, size_t index);

/// What an operator takes, for a message: "two ints or two uints".
[[nodiscard]] std::string_view DescribeOperands(Op op);

}  // namespace wfc::expr
