// What values become where they leave an expression, and that their types say so.
#include <random>

#include <gtest/gtest.h>

#include "ir/value/data.h"
#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

std::string Left(const Value& value) {
  const std::optional<Value> data = ToData(value);
  if (!data) return "nothing";
  return data->is_error() ? std::string(data->error_message()) : WriteJson(*data);
}

TEST(ToData, MakesJsonOfWhatTheLanguageHas) {
  EXPECT_EQ(Left(Value::Optional(Value::Int(1))), "1");
  EXPECT_EQ(Left(Value::Optional(Value::Optional(Value::Int(1)))), "1");
  EXPECT_EQ(Left(Value::None()), "nothing");
  EXPECT_EQ(Left(Value::Optional(Value::None())), "nothing");
  EXPECT_EQ(Left(Value::Timestamp({.seconds = 1, .nanos = 500'000'000})),
            "\"1970-01-01T00:00:01.500Z\"");
  EXPECT_EQ(Left(Value::Duration({.seconds = 3, .nanos = 500'000'000})), "\"3.5s\"");
  EXPECT_EQ(Left(Value::Bytes("\xFF\x01")), "\"/wE=\"");
  EXPECT_EQ(Left(Value::Type(Kind::Map)), "\"map\"");
}

TEST(ToData, LeavesEmptyOptionalsOut) {
  const Value none = Value::None();
  EXPECT_EQ(Left(Value::List({Value::Int(1), none, Value::Optional(Value::Int(2))})), "[1,2]");
  EXPECT_EQ(Left(Value::Record({{"a", none}, {"b", Value::List({none})}})), "{\"b\":[]}");
}

TEST(ToData, RefusesWhatJsonHasNotAndSaysWhere) {
  const Value infinite = Value::Double(std::numeric_limits<double>::infinity());
  EXPECT_EQ(Left(infinite), "the result is infinite, which cannot leave an expression");
  EXPECT_EQ(Left(Value::Record({{"a", Value::List({Value::Int(1), infinite})}})),
            "the result is infinite, which cannot leave an expression (at [\"a\"][1])");
  EXPECT_EQ(Left(Value::Double(std::nan(""))),
            "the result is not a number (NaN), which cannot leave an expression");
  EXPECT_EQ(Left(Value::List({Value::Map({{Value::Int(1), Value::Int(2)}})})),
            "a map with the key 1, of type int: keys that leave an expression are strings, as "
            "`string(…)` makes them (at [0])");
}

class RandomValues {
 public:
  explicit RandomValues(uint32_t seed) : random_(seed) {}

  Value Next(int depth) {
    switch (Below(depth > 0 ? 12 : 8)) {
      case 0:
        return Value::Null();
      case 1:
        return Value::Bool(Below(2) == 0);
      case 2:
        return Value::Int(static_cast<int64_t>(Below(5)) - 2);
      case 3:
        return Value::BigInt("123456789012345678901");
      case 4:
        return Value::String(Below(2) == 0 ? "" : "text");
      case 5:
        return Value::Timestamp({.seconds = 1, .nanos = static_cast<uint32_t>(Below(2) * 1001)});
      case 6:
        return Value::Duration({.seconds = static_cast<int64_t>(Below(9)) - 4, .nanos = 5});
      case 7:
        return Value::Bytes(Below(2) == 0 ? "" : "bytes");
      case 8:
        return Value::Optional(Next(depth - 1));
      case 9:
        return Value::None();
      case 10:
        return Value::List({Next(depth - 1), Next(depth - 1)});
      default:
        return Value::Record({{"a", Next(depth - 1)}, {"b", Next(depth - 1)}});
    }
  }

 private:
  uint32_t Below(uint32_t end) { return random_() % end; }
  std::mt19937 random_;
};

TEST(AsData, EveryValueThatLeavesIsOfTheTypeThatLeaves) {
  types::SchemaRegistry registry;
  TypeTable table(registry);
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    RandomValues values(seed);
    const Value one = values.Next(4);
    const Type type = table.Join(table.OfValue(one), table.OfValue(values.Next(4)));
    const Type left = table.AsData(type);
    const std::optional<Value> data = ToData(one);
    if (!data) {
      EXPECT_TRUE(left.may_be_absent) << WriteJson(one);
      continue;
    }
    ASSERT_TRUE(data->is_data()) << WriteJson(one);
    EXPECT_TRUE(left.CanBe(KindOfValue(*data))) << WriteJson(one) << NameType(table, left);
    const SchemaId schema = table.SchemaOf(left);
    if (!schema.has_value()) continue;
    EXPECT_TRUE(registry.Validate(schema, *data).empty())
        << WriteJson(one) << " against " << WriteJson(registry.Expanded(schema));
  }
}

}  // namespace
}  // namespace wfc::expr
