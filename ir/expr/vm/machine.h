// The machine behind Evaluate: one object for one evaluation. Used by evaluate.cpp, which
// dispatches, and machine_loops.cpp.
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

/// An open comprehension.
struct Loop {
  LoopForm form;
  Value range;
  size_t next = 0;
  Value error;  ///< All, Exists: the first, absorbed if a later item decides
  uint64_t count = 0;
  std::vector<Value> collected;  ///< items, or keys and values
};

/// A Bool or an error.
Value ToCondition(Value value);

class Machine {
 public:
  static constexpr size_t kStackReserve = 16;

  Machine(const ProgramView& program, LoadContext& context, const Budget& budget)
      : code_(program.code.data()),
        constants_(program.constants),
        context_(context),
        meter_(budget) {
    stack_.reserve(kStackReserve);
  }

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
  /// Where to go on, for opcodes that jump.
  uint32_t RunJump(Opcode opcode, uint32_t operand, uint32_t after);
  /// Pushes `value`, or what the operator at `next` makes of it as its right operand: nothing is
  /// copied then.
  uint32_t PushOperand(const Value& value, uint32_t next);
  /// PushOperand of what the fields selected at `next` lead to from `root`. A field that is not
  /// there is left to RunField.
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
  /// What the loop makes once all items have been seen.
  Value ResultOf(Loop& loop);
  /// Takes in what the body yielded for an item; empty, or the error that ends the loop.
  Value Collect(Loop& loop, Value value);
  Value CollectEntries(Loop& loop, const Value& map);

  const uint32_t* code_;
  std::span<const Value> constants_;
  LoadContext& context_;
  Meter meter_;
  uint32_t at_ = 0;
  // What most evaluations need of the vectors below fits here.
  std::array<std::byte, 1024> buffer_;
  std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
  std::pmr::vector<Value> stack_{&memory_};
  std::pmr::vector<Value> slots_{&memory_};
  std::pmr::vector<Loop> loops_{&memory_};
};

}  // namespace wfc::vm
