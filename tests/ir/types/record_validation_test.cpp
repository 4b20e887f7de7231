// What the validator says of records and their short texts: against what their schema plainly
// means.
#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "tests/ir/types/json.h"

namespace wfc::types {
namespace {

class Accepted {
 public:
  explicit Accepted(const std::string& schema) {
    std::vector<SchemaError> errors;
    id_ = registry_.AddInline(Json(schema), errors);
    EXPECT_TRUE(errors.empty() && registry_.Finish().empty()) << schema;
    Result<Validator> validator = Validator::Make(registry_.code());
    validator_.emplace(std::move(*validator));
  }
  bool operator()(const std::string& value) {
    return validator_->Accepts(registry_.entry(id_), Json(value));
  }

 private:
  SchemaRegistry registry_;
  SchemaId id_;
  std::optional<Validator> validator_;
};

std::string Quoted(std::string_view name) {
  return fmt::format("\"{}\"", name);
}

// Names that have the same beginning, the same end, or both.
constexpr std::array kNames = {"",           "a",
                               "abcd",       "abce",
                               "abcde",      "abcdf",
                               "abcd_56789", "abcd-56789",
                               "b",          "abcd_in_the_middle_56789012",
                               "zzzz",       "abcd_at_the_middle_56789012"};

struct Rule {
  bool is_named = false;
  bool is_required = false;
};
using Rules = std::array<Rule, kNames.size()>;

// Named properties are integers; others are texts, or there are none.
std::string SchemaOf(const Rules& rules, bool has_others) {
  std::vector<std::string> named;
  std::vector<std::string> required;
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::string name = Quoted(kNames[i]);
    if (rules[i].is_named) named.push_back(name + R"(: {"type": "integer"})");
    if (rules[i].is_required) required.push_back(name);
  }
  return fmt::format(
      R"({{"type": "array", "items": {{"type": "object", "properties": {{{}}}, "required": [{}],
          "additionalProperties": {}}}}})",
      fmt::join(named, ", "), fmt::join(required, ", "),
      has_others ? R"({"type": "string"})" : "false");
}

enum class Part : uint8_t { Missing, Integer, Text };
using Parts = std::array<Part, kNames.size()>;

std::string RecordOf(const Parts& parts) {
  std::vector<std::string> made;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == Part::Missing) continue;
    made.push_back(Quoted(kNames[i]) + (parts[i] == Part::Integer ? ": 1" : R"(: "text")"));
  }
  return fmt::format("{{{}}}", fmt::join(made, ", "));
}

bool Fits(const Rules& rules, bool has_others, const Parts& parts) {
  for (size_t i = 0; i < rules.size(); ++i) {
    if (parts[i] == Part::Missing && rules[i].is_required) return false;
    if (parts[i] == Part::Missing) continue;
    if (rules[i].is_named ? parts[i] != Part::Integer : !has_others || parts[i] != Part::Text) {
      return false;
    }
  }
  return true;
}

/// Mostly what fits.
Parts DrawParts(std::mt19937& random, const Rules& rules, bool has_others) {
  Parts parts{};
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool may_be = rules[i].is_named || has_others;
    const Part fitting = rules[i].is_named ? Part::Integer : Part::Text;
    if (may_be && (rules[i].is_required || random() % 2 == 0)) parts[i] = fitting;
    if (random() % 60 == 0) parts[i] = static_cast<Part>(random() % 3);
  }
  return parts;
}

TEST(RecordValidation, FindsEachPropertyWhateverTheRecordBeforeHad) {
  std::mt19937 random(11);
  int fit_count = 0;
  for (int i = 0; i < 300; ++i) {
    Rules rules;
    const bool has_others = random() % 2 == 0;
    for (Rule& rule : rules) {
      rule.is_named = random() % 2 == 0;
      // A schema that nothing fits is refused.
      rule.is_required = (rule.is_named || has_others) && random() % 5 == 0;
    }
    Accepted accepted(SchemaOf(rules, has_others));
    for (int j = 0; j < 20; ++j) {
      const Parts first = DrawParts(random, rules, has_others);
      const Parts second = DrawParts(random, rules, has_others);
      const std::string value = fmt::format("[{}, {}]", RecordOf(first), RecordOf(second));
      const bool fits = Fits(rules, has_others, first) && Fits(rules, has_others, second);
      fit_count += fits ? 1 : 0;
      ASSERT_EQ(accepted(value), fits) << SchemaOf(rules, has_others) << "\n" << value;
    }
  }
  EXPECT_GT(fit_count, 600);
  EXPECT_LT(fit_count, 5400);
}

TEST(RecordValidation, TellsShortTextsOfAnEnumApart) {
  constexpr std::array kTexts = {"",
                                 "d",
                                 "de",
                                 "open",
                                 "open\\u0000",
                                 "opens",
                                 "packed",
                                 "backed",
                                 "returned",
                                 "twelve bytes",
                                 "more than twelve bytes",
                                 "né"};
  for (size_t most = 1; most <= kTexts.size(); ++most) {
    std::vector<std::string> listed;
    for (size_t i = 0; i < most; i += 2) listed.push_back(Quoted(kTexts[i]));
    Accepted accepted(fmt::format(R"({{"enum": [{}, null, 3]}})", fmt::join(listed, ", ")));
    for (size_t i = 0; i < kTexts.size(); ++i) {
      EXPECT_EQ(accepted(Quoted(kTexts[i])), i < most && i % 2 == 0) << most << " " << kTexts[i];
    }
    EXPECT_TRUE(accepted("null") && accepted("3") && accepted("3.0"));
    EXPECT_FALSE(accepted("4") || accepted("[]"));
  }
}

TEST(RecordValidation, HoldsTextsOfAnEnumToTheOtherKeywords) {
  Accepted accepted(R"({"enum": ["a", "ab", "bc"], "minLength": 2, "pattern": "^a"})");
  EXPECT_TRUE(accepted(R"("ab")"));
  EXPECT_FALSE(accepted(R"("a")") || accepted(R"("bc")"));
}

}  // namespace
}  // namespace wfc::types
