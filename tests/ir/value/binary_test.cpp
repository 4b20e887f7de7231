#include "ir/value/binary.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc {
namespace {

std::vector<uint8_t> Encode(const Value& value) {
  std::vector<uint8_t> bytes;
  AppendBinary(bytes, value);
  return bytes;
}

std::string ErrorOf(std::vector<uint8_t> bytes) {
  const Result<Value> value = ReadBinary(bytes);
  return value.ok() ? "accepted" : value.error().message;
}

std::vector<Value> Samples() {
  return {
      Value::Null(),
      Value::Bool(true),
      Value::Bool(false),
      Value::Int(0),
      Value::Int(-1),
      Value::Int(std::numeric_limits<int64_t>::min()),
      Value::Int(std::numeric_limits<int64_t>::max()),
      Value::Uint(std::numeric_limits<uint64_t>::max()),
      Value::Double(1.0),
      Value::Double(-0.0),
      Value::Double(std::nan("")),
      Value::Double(std::numeric_limits<double>::infinity()),
      Value::String(""),
      Value::String("Grüße, 世界"),
      Value::Bytes(std::string_view("\x00\xFF", 2)),
      Value::List({Value::Int(1), Value::Double(1), Value::Uint(1)}),
      Value::Record({{"b", Value::Null()}, {"a", Value::List({})}}),
      Value::Timestamp({.seconds = -5, .nanos = 999'999'999}),
      Value::Duration({.seconds = 90, .nanos = 0}),
      Value::Type(Kind::Map),
      Value::Optional(Value::Optional(Value::Int(7))),
      Value::None(),
      Value::Error(EvalError::Budget, "too much"),
  };
}

TEST(Binary, EveryKindReadsBackIdentical) {
  for (const Value& value : Samples()) {
    const Result<Value> back = ReadBinary(Encode(value));
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_TRUE(Identical(*back, value)) << WriteJson(value);
  }
}

TEST(Binary, EveryTruncationIsRefused) {
  for (const Value& value : Samples()) {
    std::vector<uint8_t> bytes = Encode(value);
    while (!bytes.empty()) {
      bytes.pop_back();
      EXPECT_FALSE(ReadBinary(bytes).ok()) << WriteJson(value) << " cut to " << bytes.size();
    }
  }
}

TEST(Binary, WhatIsAcceptedIsCanonical) {
  std::vector<uint8_t> bytes = Encode(Value::List(Samples()));
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t original = bytes[i];
    for (unsigned changed = 0; changed < 256; ++changed) {
      bytes[i] = static_cast<uint8_t>(changed);
      const Result<Value> value = ReadBinary(bytes);
      if (value.ok()) EXPECT_EQ(Encode(*value), bytes) << "byte " << i;
    }
    bytes[i] = original;
  }
}

TEST(Binary, RefusesWhatNoWriterWrites) {
  const auto kind = [](Kind of) { return static_cast<uint8_t>(of); };
  EXPECT_EQ(ErrorOf({}), "ends too early");
  EXPECT_EQ(ErrorOf({99}), "unknown kind");
  EXPECT_EQ(ErrorOf({kind(Kind::Bool), 2}), "a truth value that is neither 0 nor 1");
  EXPECT_EQ(ErrorOf({kind(Kind::Uint), 0x80, 0}), "a number that is longer than it needs to be");
  EXPECT_EQ(ErrorOf({kind(Kind::Uint), 255, 255, 255, 255, 255, 255, 255, 255, 255, 2}),
            "a number of more than 64 bits");
  EXPECT_EQ(ErrorOf({kind(Kind::String), 1, 0xFF}), "a string that is not UTF-8");
  EXPECT_EQ(ErrorOf({kind(Kind::String), 5, 'a'}), "a text that is longer than the rest");
  EXPECT_EQ(ErrorOf({kind(Kind::List), 0xFF, 0xFF, 0x03}), "a list that is longer than the rest");
  EXPECT_EQ(ErrorOf({kind(Kind::Null), 0}), "has more bytes than it needs");
  const uint8_t text = kind(Kind::String);
  EXPECT_EQ(ErrorOf({kind(Kind::Map), 2, text, 1, 'b', 0, text, 1, 'a', 0}), "a map out of order");
  EXPECT_EQ(ErrorOf({kind(Kind::Map), 2, text, 1, 'a', 0, text, 1, 'a', 0}),
            "a key twice in a map");
  EXPECT_EQ(ErrorOf({kind(Kind::Map), 1, kind(Kind::Null), 0}), "a key that cannot be one");
  EXPECT_EQ(ErrorOf({kind(Kind::Type), 200}), "unknown type");
  EXPECT_EQ(ErrorOf({kind(Kind::Error), 200, 0}), "unknown error");
}

TEST(Binary, NestingIsBounded) {
  std::vector<uint8_t> bytes(2 * (kMaxBinaryDepth + 2), 1);
  for (size_t i = 0; i < bytes.size(); i += 2) bytes[i] = static_cast<uint8_t>(Kind::List);
  EXPECT_EQ(ErrorOf(bytes), "nested too deeply");

  Value deep = Value::Null();
  for (uint32_t i = 0; i < kMaxBinaryDepth; ++i) deep = Value::List({deep});
  EXPECT_TRUE(ReadBinary(Encode(deep)).ok());
}

}  // namespace
}  // namespace wfc
