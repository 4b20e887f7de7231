// Runs the cases of json-subschema (tests/conformance/json-subschema), whose schemas are of
// draft-4: they are spelled anew for 2020-12 first.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/keywords.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

Value ReadCases() {
  std::ifstream file(std::filesystem::path(WFC_SOURCE_DIR) /
                     "tests/conformance/json-subschema/cases.json");
  std::stringstream text;
  text << file.rdbuf();
  Result<Value> cases = ReadJson(text.str());
  return cases.ok() ? *cases : Value::List({});
}

Value Respell(const Value& schema);

Value RespellEach(const Value& schemas) {
  if (schemas.kind() == Kind::List) {
    std::vector<Value> items;
    for (const Value& item : schemas.items()) items.push_back(Respell(item));
    return Value::List(std::move(items));
  }
  std::vector<MapEntry> entries;
  for (const MapEntry& entry : schemas.entries()) {
    entries.push_back({entry.key, Respell(entry.value)});
  }
  return Value::Map(std::move(entries));
}

bool IsTrue(const Value* value) {
  return value != nullptr && value->is_true();
}

/// The keyword and its value as 2020-12 has them; none: it says nothing there.
std::optional<std::pair<std::string, Value>> RespellKeyword(const std::string& name,
                                                            const Value& value,
                                                            const Value& siblings) {
  const Value* items = siblings.Find("items");
  const bool has_item_list = items != nullptr && items->kind() == Kind::List;
  if (name == "definitions") return {{"$defs", RespellEach(value)}};
  if (name == "items" && has_item_list) return {{"prefixItems", RespellEach(value)}};
  if (name == "additionalItems" && has_item_list) return {{"items", Respell(value)}};
  if (name == "minimum" && IsTrue(siblings.Find("exclusiveMinimum"))) {
    return {{"exclusiveMinimum", value}};
  }
  if (name == "maximum" && IsTrue(siblings.Find("exclusiveMaximum"))) {
    return {{"exclusiveMaximum", value}};
  }
  if (name.starts_with("exclusive") && value.kind() == Kind::Bool) return std::nullopt;
  if (name == "properties" || name == "patternProperties" || name == "anyOf" || name == "allOf" ||
      name == "oneOf") {
    return {{name, RespellEach(value)}};
  }
  if (name == "items" || name == "additionalProperties" || name == "not") {
    return {{name, Respell(value)}};
  }
  const bool is_known = FindKeyword(name) != nullptr && name != "$schema";
  return is_known ? std::optional(std::pair(name, value)) : std::nullopt;
}

Value Respell(const Value& schema) {
  if (schema.kind() != Kind::Map) return schema;
  if (const Value* reference = schema.Find("$ref")) {
    // What stands beside it counts for nothing in draft-4.
    std::string target(reference->AsString());
    const std::string_view old = "#/definitions/";
    if (target.starts_with(old)) target = "#/$defs/" + target.substr(old.size());
    return Value::Record({{"$ref", Value::String(target)}});
  }
  std::vector<MapEntry> entries;
  for (const MapEntry& entry : schema.entries()) {
    auto keyword = RespellKeyword(std::string(entry.key.AsString()), entry.value, schema);
    if (keyword) entries.push_back({Value::String(keyword->first), std::move(keyword->second)});
  }
  return Value::Map(std::move(entries));
}

/// `document` with `false` in place of the schema at `pointer`.
Value WithFalseAt(const Value& document, std::string_view pointer) {
  if (pointer.empty()) return Value::Bool(false);
  const size_t end = std::min(pointer.find('/', 1), pointer.size());
  const std::string_view key = pointer.substr(1, end - 1);
  const std::string_view rest = pointer.substr(end);
  if (document.kind() == Kind::List) {
    std::vector<Value> items(document.items().begin(), document.items().end());
    Value& item = items.at(std::stoul(std::string(key)));
    item = WithFalseAt(item, rest);
    return Value::List(std::move(items));
  }
  std::vector<MapEntry> entries(document.entries().begin(), document.entries().end());
  for (MapEntry& entry : entries) {
    if (entry.key.AsString() == key) entry.value = WithFalseAt(entry.value, rest);
  }
  return Value::Map(std::move(entries));
}

/// What nothing satisfies is refused by the registry (T010), and is `false` here.
SchemaId AddSchema(SchemaRegistry& registry, Value document) {
  for (int i = 0; i < 20; ++i) {
    std::vector<SchemaError> errors;
    const SchemaId id = registry.AddInline(document, errors);
    if (id.has_value()) return id;
    const SchemaError& error = errors.front();
    EXPECT_EQ(error.kind, SchemaError::Kind::Empty) << error.pointer << ": " << error.message;
    if (error.kind != SchemaError::Kind::Empty) break;
    document = WithFalseAt(document, error.pointer.substr(0, error.pointer.rfind('/')));
  }
  return {};
}

enum class Answer : uint8_t { Yes, No, Unknown };

struct Case {
  std::string name;
  Value left;
  Value right;
  bool is_equivalence = false;
  bool expected = false;
};

/// The numbers of the cases whose verdict is not what 2020-12 says, and why: the table of
/// docs/decisions/0009-containment-cases.md.
std::map<size_t, std::string> ReadDepartures() {
  std::ifstream file(std::filesystem::path(WFC_SOURCE_DIR) /
                     "docs/decisions/0009-containment-cases.md");
  std::map<size_t, std::string> departures;
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    std::string bar;
    size_t number = 0;
    if (cells >> bar >> number && bar == "|") std::getline(cells, departures[number]);
  }
  return departures;
}

ContainmentAnswer Ask(const Case& each, bool is_reversed, std::string& failure) {
  SchemaRegistry registry;
  const SchemaId left = AddSchema(registry, Respell(is_reversed ? each.right : each.left));
  const SchemaId right = AddSchema(registry, Respell(is_reversed ? each.left : each.right));
  EXPECT_TRUE(left.has_value() && right.has_value()) << each.name;
  EXPECT_TRUE(registry.Finish().empty()) << each.name;
  ContainmentAnswer answer = registry.FindContainment(left, right);
  if (answer.verdict == Containment::No) {
    const CompiledSchemas compiled = registry.Compile({left, right});
    const Result<Validator> validator = Validator::Make(compiled.view());
    const bool holds = validator->Accepts(compiled.entries.at(left.index()), *answer.witness) &&
                       !validator->Accepts(compiled.entries.at(right.index()), *answer.witness);
    if (!holds) failure = "the witness does not hold: " + WriteJson(*answer.witness);
  }
  return answer;
}

Answer JudgeCase(const Case& each, std::string& note) {
  bool is_unknown = false;
  for (const bool is_reversed : {false, true}) {
    if (is_reversed && !each.is_equivalence) break;
    std::string failure;
    const ContainmentAnswer answer = Ask(each, is_reversed, failure);
    EXPECT_EQ(failure, "") << each.name;
    note = answer.witness ? WriteJson(*answer.witness) : answer.keyword;
    if (answer.verdict == Containment::No) return Answer::No;
    is_unknown |= answer.verdict == Containment::Unknown;
  }
  return is_unknown ? Answer::Unknown : Answer::Yes;
}

TEST(Containment, OfEveryCaseOfTheSuiteIsJudgedRightlyWhereItIsDecided) {
  const Value cases = ReadCases();
  const std::map<size_t, std::string> departures = ReadDepartures();
  size_t decided_count = 0;
  for (size_t number = 0; number < cases.items().size(); ++number) {
    const Value& source = cases.items()[number];
    const Case each = {.name = std::string(source.Find("test")->AsString()),
                       .left = *source.Find("lhs"),
                       .right = *source.Find("rhs"),
                       .is_equivalence = source.Find("op")->AsString() == "equivalent",
                       .expected = source.Find("expect")->is_true()};
    std::string note;
    const Answer answer = JudgeCase(each, note);
    if (answer == Answer::Unknown) continue;
    ++decided_count;
    const bool is_expected = (answer == Answer::Yes) == each.expected;
    EXPECT_EQ(is_expected, !departures.contains(number)) << number << ": " << each.name << "\n"
                                                         << WriteJson(each.left) << "\n"
                                                         << WriteJson(each.right) << "\n"
                                                         << note;
  }
  EXPECT_EQ(cases.items().size(), 340U);
  EXPECT_GE(100 * decided_count, 97 * cases.items().size());
  std::cout << "conformance: json-subschema: " << decided_count << " of " << cases.items().size()
            << " decided, " << departures.size() << " otherwise than the suite has it\n";
}

}  // namespace
}  // namespace wfc::types
