// The interface of the machine that runs expression bytecode: in the compiler for constants, and at
// run time for every field of a stage. Errors are values, and steps and memory are budgeted.
// Bytecode from a plan must have passed VerifyProgram; Evaluate then stays in bounds whatever the
// values are.
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

/// The program of one expression: its words, in which jumps are relative to the first word, and the
/// constants that they index. Both must outlive the evaluation.
struct ProgramView {
  std::span<const uint32_t> code;
  std::span<const Value> constants;
};

/// Supplies the values of roots during an evaluation.
class LoadContext {
 public:
  virtual ~LoadContext() = default;
  /// The value of `root`. The reference is to a value that lives as long as the evaluation or, if
  /// the value has to be made, to `made`. The result is `Value::Absent("…")` if the root has no
  /// value now.
  virtual const Value& Load(const Root& root, Value& made) = 0;
};

/// The limits of one evaluation; exceeding any of them yields an error of code Budget.
struct Budget {
  /// Instructions, and one more per 64 bytes that an instruction reads.
  uint64_t steps = 1'000'000;
  /// All bytes that one evaluation allocates, whether freed or not.
  uint64_t allocated_bytes = 1 << 26;
  uint64_t value_bytes = 1 << 24;  ///< the greatest `Value::weight` of any single value made
};

/// Runs the program. Returns its value, or an Error value that says why there is none.
[[nodiscard]] Value Evaluate(const ProgramView& program, LoadContext& context,
                             const Budget& budget = {});

/// What a program may refer to and use.
struct ProgramLimits {
  uint32_t constant_count = 0;
  /// Whether the program may load `root`. Null means that it may load none.
  std::function<bool(const Root&)> admits_root = {};
  /// Whether constant `index` is a String, which the names of fields must be. Null means that this
  /// is not checked.
  std::function<bool(uint32_t)> is_string_constant = {};
  /// Values on the stack at once. The default is no limit in practice: each value takes a step, and
  /// an evaluation has fewer.
  uint32_t max_stack = 1 << 20;
  /// Slots that are open at once: the names that comprehensions and bindings have bound.
  uint32_t max_iterations = 128;
};

/// Proves that Evaluate of `code` stays within the code and `limits` and ends with exactly one
/// value. The error names the first violation.
[[nodiscard]] Result<void> VerifyProgram(std::span<const uint32_t> code,
                                         const ProgramLimits& limits);

}  // namespace wfc
