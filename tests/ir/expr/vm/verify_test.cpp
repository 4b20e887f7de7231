#include <random>

#include <gtest/gtest.h>

#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/bytecode.h"
#include "ir/expr/vm/vm.h"

namespace wfc {
namespace {

using Words = std::vector<uint32_t>;

class Context : public LoadContext {
 public:
  const Value& Load(const Root&, Value& made) override {
    return made = Value::List({Value::Int(1), Value::String("a")});
  }
};

const std::vector<Value>& Constants() {
  static const std::vector<Value> kConstants = {Value::Int(1), Value::String("a"),
                                                Value::Bool(true),
                                                Value::List({Value::Int(1), Value::Int(2)})};
  return kConstants;
}

ProgramLimits Limits() {
  return {
      .constant_count = 4,
      .admits_root = [](const Root& root) { return root.kind == RootKind::Input && root.a == 0; },
      .is_string_constant = [](uint32_t index) { return index == 1; }};
}

std::string Verify(const Words& code) {
  const auto result = VerifyProgram(code, Limits());
  return result.ok() ? "" : result.error().message;
}

constexpr uint32_t W(Opcode opcode, uint32_t operand = 0) {
  return MakeWord(opcode, operand);
}

/// input.filter(x, x == 1): every kind of jump of a loop.
Words FilterProgram() {
  return {W(Opcode::Load),
          0,
          0,
          W(Opcode::LoopBegin, PackLoop({LoopKind::Filter, false})),
          14,
          W(Opcode::LoopNext),
          14,
          W(Opcode::Slot, 0),
          W(Opcode::Const),
          0,
          W(Opcode::Equal),
          W(Opcode::LoopStep),
          5,
          14,
          W(Opcode::Return)};
}

TEST(VerifyProgram, AcceptsWhatStaysInBounds) {
  EXPECT_EQ(Verify({W(Opcode::Const), 0, W(Opcode::Return)}), "");
  EXPECT_EQ(Verify(FilterProgram()), "");
  EXPECT_EQ(Verify({W(Opcode::Const), 2, W(Opcode::Branch), 9, 11, W(Opcode::Const), 0,
                    W(Opcode::Jump), 11, W(Opcode::Const), 1, W(Opcode::Return)}),
            "");
}

TEST(VerifyProgram, RefusesWhatDoesNot) {
  const std::vector<std::pair<Words, std::string>> cases = {
      {{}, "has no end"},
      {{W(Opcode::Const), 0}, "has no end"},
      // The last word is an operand that only looks like an end.
      {{W(Opcode::Load), 0, W(Opcode::Return)}, "has no end"},
      {{W(Opcode::Return)}, "ends with other than one value"},
      {{W(Opcode::Const), 4, W(Opcode::Return)}, "names no constant"},
      {{W(Opcode::Const), 0, W(Opcode::Select), 0, W(Opcode::Return)}, "names no field"},
      {{W(Opcode::Load, 1), 0, 0, W(Opcode::Return)}, "reads what is not there"},
      {{W(Opcode::Load, 200), 0, 0, W(Opcode::Return)}, "names no kind of root"},
      {{W(Opcode::Slot, 0), W(Opcode::Return)}, "reads a slot that is not open"},
      {{W(Opcode::Add), W(Opcode::Return)}, "takes more than the stack holds"},
      {{255, W(Opcode::Return)}, "is not an instruction"},
      {{W(Opcode::Jump), 1, W(Opcode::Return)}, "jumps out of the program"},
      {{W(Opcode::Jump), 9, W(Opcode::Return)}, "jumps out of the program"},
      {{W(Opcode::Const), 0, W(Opcode::JumpIfTrue), 5, W(Opcode::Const), 0, W(Opcode::Return)},
       "is jumped into"},
      {{W(Opcode::Const), 0, W(Opcode::JumpIfTrue), 6, W(Opcode::Const), 0, W(Opcode::Return)},
       "is reached in two states"},
      {{W(Opcode::Const), 0, W(Opcode::Return), W(Opcode::Const), 0, W(Opcode::Return)},
       "ends before the program does"},
      {{W(Opcode::MakeList), 1, W(Opcode::Return)}, "takes more than the stack holds"},
      {{W(Opcode::MakeMap), 0x80000000, W(Opcode::Return)}, "takes more than the stack holds"},
      {{W(Opcode::Call, 0), 9999, W(Opcode::Return)}, "names no function"},
      {{W(Opcode::Call, 0), static_cast<uint32_t>(Builtin::Size), W(Opcode::Return)},
       "has the wrong number of arguments"},
      {{W(Opcode::Const), 0, W(Opcode::BindEnd), W(Opcode::Return)}, "closes what is not open"},
      {{W(Opcode::Const), 0, W(Opcode::LoopStep), 0, 5, W(Opcode::Return)}, "is outside a loop"},
      {{W(Opcode::Const), 0, W(Opcode::Jump), 6, W(Opcode::Not), W(Opcode::Not), W(Opcode::Return)},
       "cannot be reached"},
  };
  for (const auto& [code, message] : cases) {
    EXPECT_NE(Verify(code).find(message), std::string::npos) << message << " / " << Verify(code);
  }
}

TEST(VerifyProgram, ALoopOverPairsHasTwoSlots) {
  Words code = FilterProgram();
  code[7] = W(Opcode::Slot, 1);
  EXPECT_NE(Verify(code).find("reads a slot that is not open"), std::string::npos);
  code[3] = W(Opcode::LoopBegin, PackLoop({LoopKind::Filter, true}));
  EXPECT_EQ(Verify(code), "");
  code[7] = W(Opcode::Slot, 2);
  EXPECT_NE(Verify(code).find("reads a slot that is not open"), std::string::npos);
}

TEST(VerifyProgram, RefusesALoopThatGrowsTheStack) {
  Words code = FilterProgram();
  code[10] = W(Opcode::Not);  // leaves the slot's value behind at every round
  EXPECT_NE(Verify(code).find("leaves values behind"), std::string::npos) << Verify(code);
}

TEST(VerifyProgram, RefusesALoopThatGoesBackElsewhere) {
  Words code = FilterProgram();
  code[12] = 3;
  EXPECT_NE(Verify(code).find("does not go back"), std::string::npos) << Verify(code);
}

TEST(VerifyProgram, RefusesMoreNestingThanTheLimit) {
  Words code;
  for (int i = 0; i < 200; ++i)
    code.insert(code.end(), {W(Opcode::Const), 0, W(Opcode::BindBegin)});
  code.insert(code.end(), {W(Opcode::Const), 0});
  for (int i = 0; i < 200; ++i) code.push_back(W(Opcode::BindEnd));
  code.push_back(W(Opcode::Return));
  EXPECT_NE(Verify(code).find("nests too deep"), std::string::npos);
}

// Whatever passes must run: every change of one word of a program, to every small number and some
// large ones, and random programs.
TEST(VerifyProgram, WhatPassesRunsWithinBounds) {
  Context context;
  const Budget budget = {.steps = 2'000};
  size_t accepted = 0;
  const auto try_one = [&](const Words& code) {
    if (!Verify(code).empty()) return;
    ++accepted;
    const Value value = Evaluate({.code = code, .constants = Constants()}, context, budget);
    EXPECT_LE(value.depth(), 100U);
  };
  const Words program = FilterProgram();
  for (size_t at = 0; at < program.size(); ++at) {
    for (uint32_t word = 0; word < 4096; ++word) {
      Words code = program;
      code[at] = word;
      try_one(code);
    }
  }
  std::mt19937 random(7);
  for (int round = 0; round < 200'000; ++round) {
    Words code;
    for (uint32_t i = 0; i < 3 + random() % 12; ++i) {
      const bool is_operand = random() % 2 == 0;
      code.push_back(is_operand
                         ? random() % 16
                         : MakeWord(static_cast<Opcode>(random() % kOpcodeCount), random() % 3));
    }
    code.push_back(W(Opcode::Return));
    try_one(code);
  }
  EXPECT_GT(accepted, 200U);
}

}  // namespace
}  // namespace wfc
