// The machine that runs expression bytecode: in the compiler for constants, at run time for every
// field of a stage. Errors are values; steps and memory are budgeted. Bytecode from a plan must
// have passed VerifyProgram, after which Evaluate stays in bounds whatever the values are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "ir/base/result.h"
#include "ir/expr/vm/root.h"
#include "ir/value/value.h"

namespace wfc {

/// One expression: its words (jumps are relative to the first) and the pool that they index.
struct ProgramView {
  std::span<const uint32_t> code;
  std::span<const Value> constants;
};

/// What the roots of an expression hold at the moment.
class LoadContext {
 public:
  virtual ~LoadContext() = default;
  /// The value of `root` where it lies for as long as the evaluation goes on, or in `made` when it
  /// has to be made; `Value::Absent("…")` when it has none now.
  virtual const Value& Load(const Root& root, Value& made) = 0;
};

struct Budget {
  uint64_t steps = 1'000'000;          ///< instructions, and 1 per 64 bytes that one walks over
  uint64_t allocated_bytes = 1 << 26;  ///< all that one evaluation makes, freed or not
  uint64_t value_bytes = 1 << 24;      ///< `Value::weight` of any one value made
};

/// The value of the program, or a Value of kind Error that says why there is none.
[[nodiscard]] Value Evaluate(const ProgramView& program, LoadContext& context,
                             const Budget& budget = {});

/// What a verified program may refer to.
struct ProgramLimits {
  uint32_t constant_count = 0;
  /// Whether the program may load `root`; none: no roots at all.
  std::function<bool(const Root&)> admits_root = {};
  /// Whether constant `index` is a String (names of fields must be); none: not asked.
  std::function<bool(uint32_t)> is_string_constant = {};
  uint32_t max_stack = 1 << 20;   ///< values at once: no more than an evaluation has steps
  uint32_t max_iterations = 128;  ///< names that comprehensions and bindings have given at once
};

/// Proves that Evaluate of `code` stays within `limits` and the code, and ends with one value.
[[nodiscard]] Result<void> VerifyProgram(std::span<const uint32_t> code,
                                         const ProgramLimits& limits);

}  // namespace wfc
