// The machine behind Evaluate: one object per evaluation. evaluate.cpp dispatches the instructions,
// machine_loops.cpp runs loops and the binding of names. Only these two files use it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

#include "ir/expr/vm/operations.h"
#include "ir/expr/vm/vm.h"

namespace wfc::vm {

/// A comprehension that is being evaluated.
struct Loop {
  LoopForm form;
  Value range;
  /// Index of the next item.
  size_t next = 0;
  /// All, Exists: the error to yield unless a later item decides; the first one, or one of code
  /// Unknown.
  Value error;
  /// ExistsOne: number of items for which the predicate holds.
  uint64_t count = 0;
  std::vector<Value> collected;  ///< items of a list, or alternating keys and values of a map
};

/// Returns `value` if it is a Bool or an error, otherwise a type error.
Value ToCondition(Value value);

/// A stack machine. Errors are values: an instruction whose operand is an error yields that error,
/// except those that absorb it (`&&`, `||`, `has`, `coalesce`).
class Machine {
 public:
  /// Values for which the stack has room before it grows.
  static constexpr size_t kStackReserve = 16;

  Machine(const ProgramView& program, LoadContext& context, const Budget& budget)
      : code_(program.code.data()),
        constants_(program.constants),
        context_(context),
        meter_(budget) {
    stack_.reserve(kStackReserve);
  }

  /// Runs the program to its end. To be called once.
  Value Run();

 private:
  void Push(Value value) { stack_.push_back(std::move(value)); }
  Value Pop() {
    Value value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }
  Value& Top() { return stack_.back(); }
  std::span<Value> TopValues(size_t count) { return std::span(stack_).last(count); }
  void Replace(size_t count, Value value) {
    stack_.resize(stack_.size() - count);
    Push(std::move(value));
  }
  uint32_t Word(uint32_t offset) const { return code_[at_ + offset]; }

  void RunSimple(Opcode opcode, uint32_t operand);
  void RunField(Opcode opcode);
  void RunIndex(Opcode opcode);
  void RunBinary(Opcode opcode);
  void RunMake(Opcode opcode);
  void RunOption(Opcode opcode);
  void RunCall(uint32_t count);
  /// Runs an instruction and returns the offset of the next one.
  uint32_t RunJump(Opcode opcode, uint32_t operand, uint32_t after);
  /// Pushes `value`. If the instruction at `next` is a binary operator that takes it as its right
  /// operand, applies that operator at once, which saves a copy. Returns the offset of the next
  /// instruction.
  uint32_t PushOperand(const Value& value, uint32_t next);
  /// As PushOperand, for the value at the end of the path of fields that the instructions at `next`
  /// select from `root`. An absent field is left to RunField, which makes the error.
  uint32_t PushPath(const Value& root, uint32_t next);
  uint32_t RunLoad(RootKind kind, uint32_t next);
  uint32_t RunBranch();
  uint32_t RunCoalesce(uint32_t after);
  uint32_t BeginLoop(LoopForm form, uint32_t after);
  uint32_t NextItem(uint32_t after);
  uint32_t TestItem(uint32_t after);
  uint32_t StepLoop();
  uint32_t BeginOption(uint32_t after);
  uint32_t FinishLoop(Value result, uint32_t exit);
  /// The result of the loop after all items have been visited.
  Value ResultOf(Loop& loop);
  /// Adds the value of the body for an item to the result. Returns null, or the error that ends the
  /// loop.
  Value Collect(Loop& loop, Value value);
  Value CollectEntries(Loop& loop, const Value& map);

  const uint32_t* code_;
  std::span<const Value> constants_;
  LoadContext& context_;
  Meter meter_;
  uint32_t at_ = 0;
  // Backs the vectors below; large enough that most evaluations allocate nothing on the heap for
  // them.
  std::array<std::byte, 1024> buffer_;
  std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
  std::pmr::vector<Value> stack_{&memory_};
  std::pmr::vector<Value> slots_{&memory_};
  std::pmr::vector<Loop> loops_{&memory_};
};

}  // namespace wfc::vm
