#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ir/types/vm/program.h"

namespace wfc::types {
namespace {

using testing::HasSubstr;

std::string Refusal(const Program& program, std::vector<uint32_t> entries = {0}) {
  const Result<void> result = VerifySchemaCode(program.view(), entries);
  return result.ok() ? "" : result.error().message;
}

Program With(Op op, std::initializer_list<uint32_t> operands, std::vector<Value> constants = {}) {
  Program program;
  program.constants = std::move(constants);
  program.Add(op, operands);
  program.Add(Op::End);
  return program;
}

TEST(VerifySchemaCode, PassesWellFormedPrograms) {
  EXPECT_EQ(Refusal(With(Op::Type, {kAllTypes})), "");
  EXPECT_EQ(Refusal(With(Op::Ref, {0})), "");  // bounded at run time
  EXPECT_EQ(Refusal(Program{}, {}), "");
  EXPECT_EQ(Refusal(With(Op::Properties, {kNoTarget, 0, 0, 1, 0},
                         {Value::String("a"), Value::String("b")})),
            "");
}

TEST(VerifySchemaCode, RefusesDamage) {
  EXPECT_THAT(Refusal(With(Op::Type, {200})), HasSubstr("an unknown type"));
  EXPECT_THAT(Refusal(With(Op::Type, {})), HasSubstr("number of operands"));
  EXPECT_THAT(Refusal(With(Op::End, {1})), HasSubstr("number of operands"));
  EXPECT_THAT(Refusal(With(Op::Enum, {0})), HasSubstr("a constant that does not exist"));
  EXPECT_THAT(Refusal(With(Op::Minimum, {0}, {Value::String("a")})), HasSubstr("is not a number"));
  EXPECT_THAT(Refusal(With(Op::MultipleOf, {0}, {Value::Int(0)})), HasSubstr("not above 0"));
  EXPECT_THAT(Refusal(With(Op::Pattern, {0})), HasSubstr("a pattern that does not exist"));
  EXPECT_THAT(Refusal(With(Op::Ref, {1})), HasSubstr("begins no schema"));
  EXPECT_THAT(Refusal(With(Op::Ref, {7})), HasSubstr("begins no schema"));
  EXPECT_THAT(Refusal(With(Op::Items, {0, 1})), HasSubstr("begins no schema"));
  EXPECT_THAT(Refusal(With(Op::Required, {0}, {Value::Int(1)})), HasSubstr("is not a string"));
  EXPECT_THAT(Refusal(With(Op::Required, {0, 0}, {Value::String("a")})), HasSubstr("out of order"));
  EXPECT_THAT(Refusal(With(Op::Properties, {kNoTarget, 0}, {Value::String("a")})),
              HasSubstr("has no schema"));
  EXPECT_THAT(Refusal(With(Op::Type, {1}), {1}), HasSubstr("an entry"));
  Program open_ended;
  open_ended.Add(Op::Type, {1});
  EXPECT_THAT(Refusal(open_ended), HasSubstr("no end"));
  Program cut;
  cut.code = {InstructionWord(Op::Enum, 5), 0};
  EXPECT_THAT(Refusal(cut), HasSubstr("cut off"));
  Program unknown;
  unknown.code = {255};
  EXPECT_THAT(Refusal(unknown), HasSubstr("an unknown instruction"));
}

TEST(Validator, RefusesPatternsThatNeedTooMuchMemory) {
  Program program = With(Op::Type, {kAllTypes});
  program.patterns = {"("};
  EXPECT_FALSE(Validator::Make(program.view()).ok());
  program.patterns.assign(4097, "a");
  EXPECT_FALSE(Validator::Make(program.view()).ok());
  program.patterns.assign(4000, "(a{10}b{10}){50}");
  EXPECT_FALSE(Validator::Make(program.view()).ok());
}

Value RandomValue(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0:
      return Value::Null();
    case 1:
      return Value::Bool(random() % 2 == 0);
    case 2:
      return Value::Int(static_cast<int64_t>(random() % 5) - 2);
    case 3:
      return Value::Double(0.5);
    case 4:
      return Value::String(random() % 2 == 0 ? "a" : "bc");
    case 5:
      return Value::List({RandomValue(random, depth - 1), RandomValue(random, depth - 1)});
    default:
      return Value::Record(
          {{"a", RandomValue(random, depth - 1)}, {"bc", RandomValue(random, depth - 1)}});
  }
}

Program RandomProgram(std::mt19937& random) {
  Program program;
  program.constants = {Value::String("a"), Value::String("bc"), Value::Int(1), Value::Double(2.5),
                       Value::Record({})};
  program.patterns = {"^a", "b"};
  const size_t instruction_count = random() % 8 + 1;
  for (size_t i = 0; i < instruction_count; ++i) {
    const size_t operand_count = random() % 4;
    program.code.push_back(InstructionWord(static_cast<Op>(random() % kOpCount),
                                           static_cast<uint32_t>(operand_count)));
    for (size_t j = 0; j < operand_count; ++j) program.code.push_back(random() % 6);
  }
  program.Add(Op::End);
  return program;
}

TEST(VerifySchemaCode, WhatItPassesRunsWithinItsBudgetOnAnyValue) {
  std::mt19937 random(11);
  int passed_count = 0;
  for (int i = 0; i < 60'000; ++i) {
    const Program program = RandomProgram(random);
    if (!Refusal(program).empty()) continue;
    ++passed_count;
    const Result<Validator> validator = Validator::Make(program.view());
    ASSERT_TRUE(validator.ok());
    const Value value = RandomValue(random, 3);
    const ValidationBudget budget{.steps = 2000, .depth = 50, .max_mismatches = 3};
    const std::vector<Mismatch> mismatches = validator->Validate(0, value, budget);
    EXPECT_LE(mismatches.size(), 3u);
    const std::optional<Value> filled = validator->ApplyDefaults(0, value);
    EXPECT_TRUE(!filled || filled->weight() >= value.weight());
  }
  EXPECT_GT(passed_count, 1000);
}

}  // namespace
}  // namespace wfc::types
