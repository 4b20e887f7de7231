#include "ir/value/value.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc {
namespace {

TEST(Value, NumbersAreEqualAcrossKinds) {
  EXPECT_EQ(Value::Int(1), Value::Double(1.0));
  EXPECT_EQ(Value::Int(1), Value::Uint(1));
  EXPECT_FALSE(Value::Int(-1) == Value::Uint(std::numeric_limits<uint64_t>::max()));
  EXPECT_FALSE(Value::Int(1) == Value::Bool(true));
  EXPECT_FALSE(Value::Double(NAN) == Value::Double(NAN));
}

TEST(Value, NumbersCompareExactlyAcrossKinds) {
  const auto order = [](const char* left, const char* right) {
    return Compare(*ReadJson(left), *ReadJson(right));
  };
  const auto less = std::strong_ordering::less;
  const auto equal = std::strong_ordering::equal;
  EXPECT_EQ(order("9007199254740993", "9007199254740992.0"), std::strong_ordering::greater);
  EXPECT_EQ(order("9223372036854775807", "9223372036854775808.0"), less);
  EXPECT_EQ(order("9223372036854775807", "9223372036854775808"), less);
  EXPECT_EQ(order("-9223372036854775809", "-9223372036854775808"), less);
  EXPECT_EQ(order("9223372036854775808", "9223372036854775808.0"), equal);
  EXPECT_EQ(order("18446744073709551617", "1.8446744073709551616e19"),
            std::strong_ordering::greater);
  EXPECT_EQ(order("-5", "-5.5"), std::strong_ordering::greater);
  EXPECT_EQ(order("99999999999999999999", "1e300"), less);
  EXPECT_EQ(Compare(Value::Uint(~uint64_t{0}), *ReadJson("18446744073709551615")), equal);
  EXPECT_EQ(Compare(Value::Uint(0), Value::Double(-0.5)), std::strong_ordering::greater);
  EXPECT_EQ(Compare(*ReadJson("99999999999999999999"), Value::Double(INFINITY)), less);
  EXPECT_EQ(Compare(*ReadJson("99999999999999999999"), Value::Double(NAN)), std::nullopt);
}

TEST(Value, KnowsWithoutAWalkWhetherItIsData) {
  EXPECT_TRUE(ReadJson(R"({"a": [1, {"b": 123456789012345678901}], "c": null})")->is_data());
  EXPECT_TRUE(Value::List({}).is_data());
  EXPECT_FALSE(Value::List({Value::Int(1), Value::List({Value::Double(INFINITY)})}).is_data());
  EXPECT_FALSE(Value::Record({{"a", Value::None()}}).is_data());
  EXPECT_FALSE(Value::Map({{Value::Int(1), Value::Int(2)}}).is_data());
  EXPECT_FALSE(Value::Duration({.seconds = 1}).is_data());
}

TEST(Value, IdenticalTellsKindsApartAndHoldsForNan) {
  EXPECT_FALSE(Identical(Value::Int(1), Value::Double(1.0)));
  EXPECT_FALSE(Identical(Value::Double(0.0), Value::Double(-0.0)));
  EXPECT_TRUE(Identical(Value::Double(NAN), Value::Double(NAN)));
  const Value left = Value::List({Value::Int(1), Value::Record({{"a", Value::Null()}})});
  const Value right = Value::List({Value::Int(1), Value::Record({{"a", Value::Null()}})});
  EXPECT_TRUE(Identical(left, right));
  EXPECT_EQ(HashIdentical(left), HashIdentical(right));
  EXPECT_NE(HashIdentical(Value::Int(1)), HashIdentical(Value::Uint(1)));
}

TEST(Value, EqualValuesHaveTheSameHash) {
  const EqualHash hash;
  EXPECT_EQ(hash(Value::Int(1)), hash(Value::Double(1.0)));
  EXPECT_EQ(hash(Value::Uint(7)), hash(Value::Int(7)));
  EXPECT_EQ(hash(Value::Double(0.0)), hash(Value::Double(-0.0)));
  EXPECT_EQ(hash(Value::List({Value::Int(1), Value::String("a")})),
            hash(Value::List({Value::Double(1.0), Value::String("a")})));
  EXPECT_NE(hash(Value::String("1")), hash(Value::Int(1)));
  EXPECT_NE(hash(Value::String("a")), hash(Value::String("b")));
  EXPECT_NE(hash(Value::List({})), hash(Value::List({Value::Null()})));
}

TEST(Value, SameTextIsTheSameBytes) {
  std::vector<std::string> texts;
  for (const size_t length : {0, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 20, 65'534, 65'535, 65'536}) {
    texts.emplace_back(length, 'a');
    for (const size_t at : {size_t{0}, length / 2, length - 1}) {
      texts.emplace_back(length, 'a');
      if (length > 0) texts.back()[at] = 'b';
    }
  }
  for (const std::string& left : texts) {
    EXPECT_EQ(Value::String(left).byte_count(), left.size());
    for (const std::string& right : texts) {
      EXPECT_EQ(Value::String(left).IsSameText(Value::String(right)), left == right);
    }
  }
}

TEST(Value, MapsAreEqualWhateverTheOrderTheyWereWrittenIn) {
  const Value map = Value::Record({{"b", Value::Int(2)}, {"a", Value::Int(1)}});
  EXPECT_EQ(map.entries()[0].key.AsString(), "a");
  EXPECT_EQ(map, Value::Record({{"a", Value::Double(1)}, {"b", Value::Uint(2)}}));
  EXPECT_FALSE(map == Value::Record({{"a", Value::Int(1)}}));
}

TEST(Value, FindsKeysByValueAcrossKinds) {
  const Value map = Value::Map({{Value::String("x"), Value::Int(1)},
                                {Value::Int(7), Value::Int(2)},
                                {Value::Bool(true), Value::Int(3)}});
  EXPECT_EQ(map.Find("x")->AsInt(), 1);
  EXPECT_EQ(map.Find(Value::Double(7.0))->AsInt(), 2);
  EXPECT_EQ(map.Find(Value::Uint(7))->AsInt(), 2);
  EXPECT_EQ(map.Find(Value::Bool(true))->AsInt(), 3);
  EXPECT_EQ(map.Find(Value::Double(7.5)), nullptr);
  EXPECT_EQ(map.Find(Value::Double(NAN)), nullptr);
  EXPECT_EQ(map.Find(Value::Null()), nullptr);
  EXPECT_EQ(map.Find("y"), nullptr);
}

TEST(Value, TextsOrderAndAreFoundByAllTheirBytes) {
  const std::vector<std::string> texts = {"",      std::string(1, '\0'),
                                          "a",     std::string("a\0", 2),
                                          "aaaa",  "aaaab",
                                          "aaaaa", "aab",
                                          "\x7F",  "\u00e9",
                                          "\uFFFD"};
  std::vector<MapEntry> entries;
  for (const std::string& text : texts) {
    if (text != "aaaab") entries.push_back({Value::String(text), Value::String(text)});
  }
  const Value map = Value::Map(std::move(entries));
  for (const std::string& left : texts) {
    const Value* found = map.Find(left);
    EXPECT_EQ(found, map.Find(Value::String(left)));
    EXPECT_EQ(found == nullptr ? "aaaab" : found->AsString(), left);
    for (const std::string& right : texts) {
      EXPECT_EQ(*Compare(Value::String(left), Value::String(right)), left <=> right);
      EXPECT_EQ(Value::Bytes(left) == Value::Bytes(right), left == right);
    }
  }
}

TEST(Value, ADuplicateKeyIsFoundAcrossKinds) {
  std::vector<MapEntry> entries = {
      {Value::Uint(1), {}}, {Value::String("1"), {}}, {Value::Int(1), {}}};
  ASSERT_NE(FindDuplicateKey(entries), nullptr);
  entries.pop_back();
  entries.front().key = Value::Int(0);
  EXPECT_EQ(FindDuplicateKey(entries), nullptr);
}

TEST(Value, OrdersWhatTheLanguageOrdersAndNothingElse) {
  EXPECT_EQ(Compare(Value::Int(1), Value::Double(1.5)), std::strong_ordering::less);
  EXPECT_EQ(Compare(Value::Uint(1), Value::Int(-1)), std::strong_ordering::greater);
  EXPECT_EQ(Compare(Value::String("a"), Value::String("b")), std::strong_ordering::less);
  EXPECT_EQ(Compare(Value::Null(), Value::Null()), std::nullopt);
  EXPECT_EQ(Compare(Value::String("1"), Value::Int(1)), std::nullopt);
  EXPECT_EQ(Compare(Value::Double(NAN), Value::Int(1)), std::nullopt);
}

TEST(Value, CopiesShareAndOutliveTheOriginal) {
  Value copy;
  {
    const Value original = Value::List({Value::String("shared")});
    copy = original;
    const Value& alias = copy;
    copy = alias;
  }
  EXPECT_EQ(copy.items()[0].AsString(), "shared");
  const Value moved = std::move(copy);
  EXPECT_TRUE(copy.is_null());  // NOLINT(bugprone-use-after-move): that is the claim
  EXPECT_EQ(moved.items().size(), 1U);
}

TEST(Value, AMillionLevelsAreBuiltComparedAndDestroyedWithoutRecursion) {
  const auto make = [] {
    Value value = Value::Int(1);
    for (int i = 0; i < 1'000'000; ++i) {
      value = i % 3 == 0 ? Value::Optional(std::move(value)) : Value::List({std::move(value)});
    }
    return value;
  };
  const Value deep = make();
  EXPECT_EQ(deep.depth(), 1'000'000U);
  EXPECT_EQ(deep, make());
}

TEST(Value, WeightCountsWhatIsSharedEachTimeAndSaturates) {
  Value value = Value::String("0123456789");
  EXPECT_EQ(value.weight(), 26U);
  for (int i = 0; i < 70; ++i) value = Value::List({value, value});
  EXPECT_EQ(value.weight(), std::numeric_limits<uint64_t>::max());
}

TEST(Value, ErrorsCarryCodeAndMessage) {
  const Value error = Value::Error(EvalError::Index, "outside");
  EXPECT_EQ(error.error_code(), EvalError::Index);
  EXPECT_EQ(error.error_message(), "outside");
  EXPECT_FALSE(error.is_absent());
  EXPECT_TRUE(Value::Absent("").is_absent());
}

}  // namespace
}  // namespace wfc
