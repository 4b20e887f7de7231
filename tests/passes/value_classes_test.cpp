// Values divided by what they are compared with, against the comparisons themselves.
#include "passes/conditions/value_classes.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc::passes {
namespace {

using expr::Op;

struct Asked {
  Op op;
  Value constant;
};

bool Holds(const Value& value, const Asked& asked) {
  if (asked.op == Op::Equal) return value == asked.constant;
  // A comparison that fails is as good as any: `>=` is then said to hold where `<` does not.
  if (!value.is_number()) return asked.op == Op::Greater || asked.op == Op::GreaterEqual;
  const std::optional<std::strong_ordering> order = Compare(value, asked.constant);
  if (!order) return false;
  if (asked.op == Op::Less) return *order < 0;
  if (asked.op == Op::LessEqual) return *order <= 0;
  return asked.op == Op::Greater ? *order > 0 : *order >= 0;
}

class RandomClasses {
 public:
  explicit RandomClasses(uint32_t seed) : random_(seed) {}

  void Judge() {
    ValueClasses classes;
    classes.SetPossible(MakePossible());
    for (uint32_t i = Draw(6); i > 0; --i) Ask(classes);
    classes.Divide();
    for (const Value& value : values_) {
      const std::optional<uint32_t> at = classes.ClassOf(value);
      ASSERT_TRUE(at.has_value()) << WriteJson(value);
      for (const Asked& asked : asked_) {
        const Range found = classes.Find(asked.op, asked.constant);
        EXPECT_EQ(*at - found.first < found.count, Holds(value, asked))
            << WriteJson(value) << " " << GetName(asked.op) << " " << WriteJson(asked.constant);
      }
    }
  }

 private:
  uint32_t Draw(uint32_t count) { return std::uniform_int_distribution(0U, count - 1)(random_); }

  Value AnyNumber() {
    const int64_t whole = static_cast<int64_t>(Draw(9)) - 4;
    if (Draw(3) == 0) return Value::Double(static_cast<double>(whole) / 2);
    return Draw(20) == 0 ? Value::Int(std::numeric_limits<int64_t>::max()) : Value::Int(whole);
  }
  Value AnyValue() {
    switch (Draw(6)) {
      case 0:
        return Value::String(Draw(2) == 0 ? "a" : "1");
      case 1:
        return Value::Bool(Draw(2) == 0);
      case 2:
        return Draw(2) == 0 ? Value::Null() : Value::List({Value::Int(1)});
      default:
        return AnyNumber();
    }
  }

  TypeValues MakePossible() {
    const uint32_t kind = Draw(4);
    for (int i = 0; i < 12; ++i) {
      if (kind == 1) {
        values_.push_back(Value::Int(static_cast<int64_t>(Draw(12)) - 6));
      } else {
        values_.push_back(kind == 2 ? AnyNumber() : AnyValue());
      }
    }
    if (kind == 0) return {.listed = values_};
    TypeValues possible;
    if (kind == 1) possible.kinds = expr::KindsOf(Kind::Int);
    if (kind == 2) possible.kinds = expr::kNumberKinds;
    if (possible.AreOnly(expr::kNumberKinds)) Bound(possible);
    return possible;
  }

  void Bound(TypeValues& possible) {
    const auto any_end = [&]() -> std::optional<Value> {
      return Draw(2) == 0 ? std::nullopt : std::optional(AnyNumber());
    };
    possible.least = any_end();
    possible.most = any_end();
    possible.excludes_least = Draw(2) == 0;
    possible.excludes_most = Draw(2) == 0;
    std::erase_if(values_, [&](const Value& value) {
      const auto is_over = [&](Op op, const std::optional<Value>& end) {
        return end && Holds(value, {op, *end});
      };
      return is_over(possible.excludes_least ? Op::LessEqual : Op::Less, possible.least) ||
             is_over(possible.excludes_most ? Op::GreaterEqual : Op::Greater, possible.most);
    });
  }

  void Ask(ValueClasses& classes) {
    static constexpr Op kOps[] = {Op::Equal, Op::Less, Op::LessEqual, Op::Greater,
                                  Op::GreaterEqual};
    const Op op = kOps[Draw(std::size(kOps))];
    const Value constant = op == Op::Equal ? AnyValue() : AnyNumber();
    if (op == Op::Equal) {
      classes.AddPoint(constant);
    } else {
      classes.AddBound(constant);
    }
    asked_.push_back({op, constant});
  }

  std::mt19937 random_;
  std::vector<Value> values_;
  std::vector<Asked> asked_;
};

TEST(ValueClasses, AComparisonHoldsForAllValuesOfAClassOrForNone) {
  for (uint32_t seed = 0; seed < 20'000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomClasses(seed).Judge();
  }
}

/// What the classes are called, of integers from 0 to 2 but for excluded ends.
std::string Classes(bool excludes_ends, const std::vector<Asked>& asked) {
  ValueClasses classes;
  classes.SetPossible({.kinds = expr::KindsOf(Kind::Int),
                       .least = Value::Int(excludes_ends ? -1 : 0),
                       .most = Value::Int(excludes_ends ? 3 : 2),
                       .excludes_least = excludes_ends,
                       .excludes_most = excludes_ends});
  for (const Asked& each : asked) {
    if (each.op == Op::Equal) {
      classes.AddPoint(each.constant);
    } else {
      classes.AddBound(each.constant);
    }
  }
  classes.Divide();
  std::string text;
  for (uint32_t i = 0; i < classes.size(); ++i) {
    text += (i == 0 ? "" : "; ") + classes.Describe({&i, 1});
  }
  return text;
}

TEST(ValueClasses, ThereIsNothingBeyondTheEndsOfTheDomain) {
  const auto number = [](Op op, int64_t value) { return Asked{op, Value::Int(value)}; };
  for (const bool excludes_ends : {false, true}) {
    EXPECT_EQ(Classes(excludes_ends, {number(Op::Less, 0), number(Op::Equal, 2)}),
              "0; between 0 and 2; 2");
    EXPECT_EQ(Classes(excludes_ends, {number(Op::Greater, 5)}), "under 5");
    EXPECT_EQ(
        Classes(excludes_ends, {number(Op::Equal, 0), number(Op::Equal, 1), number(Op::Equal, 2)}),
        "0; 1; 2");
    EXPECT_EQ(Classes(excludes_ends, {number(Op::Equal, 0), number(Op::Equal, 7)}), "0; not 0");
  }
}

TEST(ValueClasses, NaNIsInNoComparison) {
  const Value nan = Value::Double(std::numeric_limits<double>::quiet_NaN());
  ValueClasses classes;
  classes.AddBound(nan);
  classes.AddBound(Value::Int(1));
  classes.Divide();
  for (const Op op : {Op::Equal, Op::Less, Op::GreaterEqual}) {
    EXPECT_EQ(classes.Find(op, nan).count, 0U) << GetName(op);
  }
}

TEST(ValueClasses, OfWhatMayBeNaNSomeValuesAreInNoOrder) {
  const auto holds_nowhere = [](ValueClasses classes) {
    classes.SetPossible({.kinds = expr::kNumberKinds});
    classes.AddBound(Value::Int(1));
    classes.Divide();
    const Range below = classes.Find(Op::Less, Value::Int(1));
    const Range rest = classes.Find(Op::GreaterEqual, Value::Int(1));
    return classes.size() - below.count - rest.count;
  };
  ValueClasses may_be_nan;
  may_be_nan.AllowNan();
  EXPECT_EQ(holds_nowhere({}), 0U);
  EXPECT_EQ(holds_nowhere(may_be_nan), 1U);
}

TEST(ValueClasses, ValuesCountOnceHoweverOftenTheyAreAdded) {
  ValueClasses classes;
  for (int64_t i = 0; i < 10'000; ++i) classes.AddBound(Value::Int(i % 50));
  EXPECT_FALSE(classes.is_full());
  EXPECT_EQ(classes.points().size(), 50U);
}

TEST(ValueClasses, ThousandsOfValuesAreToldApartAndMoreAreNot) {
  ValueClasses classes;
  for (int64_t i = 0; i < 4096; ++i) classes.AddPoint(Value::Int(i));
  EXPECT_FALSE(classes.is_full());
  classes.AddPoint(Value::Int(-1));
  EXPECT_TRUE(classes.is_full());
  classes.Divide();
  EXPECT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes.Find(Op::Equal, Value::Bool(true)).count, 1U);
}

}  // namespace
}  // namespace wfc::passes
