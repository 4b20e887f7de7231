// The type-checking side of the official conformance cases: the types that they expect, and no
// finding where they expect a value.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "ir/expr/infer.h"
#include "ir/expr/parser.h"
#include "ir/expr/type_names.h"
#include "ir/value/json.h"

namespace wfc::expr {
namespace {

const std::string kFolder = std::string(WFC_SOURCE_DIR) + "/tests/conformance/cel/";

std::string_view FieldOf(const Value& record, std::string_view key) {
  const Value* found = record.Find(key);
  return found == nullptr ? std::string_view() : found->AsString();
}

/// Any name is a variable of which nothing is known.
class Unknown : public NameResolver, public TypeEnvironment {
 public:
  Resolution Resolve(std::span<const Segment>) override {
    return Resolution::Found(1, {.kind = RootKind::Param});
  }
  Type TypeOf(const Root&) override { return kDyn; }
  std::string NameOf(const Root&) override { return "x"; }
};

struct Checked {
  std::string type;
  std::string finding;  ///< "": none
};

Checked Check(std::string_view text) {
  ExprStore store;
  diag::Sink sink;
  Unknown names;
  const ExprId id = ParseExpr({store, sink, names}, text, SpanMapper(FileId(0), 0));
  if (HasPoison(store, id)) return {"poison", ""};
  const types::SchemaRegistry registry;
  TypeTable table(registry);
  IdVector<ExprId, Type> types(store.size());
  const Type type = Infer({store, table, names, sink, types}, id);
  return {NameType(table, type),
          sink.diagnostics().empty() ? std::string() : sink.diagnostics()[0].message};
}

std::vector<std::string> AllSuites() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

Value ReadSuite(const std::string& name) {
  std::ifstream file(kFolder + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  auto suite = ReadJson(text.str());
  EXPECT_TRUE(suite.ok()) << name;
  return suite.ok() ? *std::move(suite) : Value::List({});
}

/// A type as the cases write it, in our words.
std::string NameOf(const Value& type) {
  if (type.Find("null") != nullptr) return "null";
  if (const Value* primitive = type.Find("primitive")) {
    const std::string_view name = primitive->AsString();
    if (name == "INT64") return "int";
    if (name == "UINT64") return "uint";
    std::string lower(name);
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    return lower;
  }
  if (const Value* list = type.Find("listType")) {
    return "list(" + NameOf(*list->Find("elemType")) + ")";
  }
  if (const Value* map = type.Find("mapType")) {
    return "map(" + NameOf(*map->Find("keyType")) + ", " + NameOf(*map->Find("valueType")) + ")";
  }
  if (const Value* abstract = type.Find("abstractType")) {
    if (FieldOf(*abstract, "name") != "optional_type") return "abstract";
    return "optional(" + NameOf(abstract->Find("parameterTypes")->items()[0]) + ")";
  }
  return "dyn";
}

TEST(TypeDeduction, TypesAreThoseOfTheCases) {
  int count = 0;
  const Value suite = ReadSuite("type_deduction");
  for (const Value& test : suite.items()) {
    // Functions that a host declares: there are none here.
    if (test.Find("type_env") != nullptr) continue;
    ++count;
    const Checked checked = Check(FieldOf(test, "expr"));
    EXPECT_EQ(checked.type, NameOf(*test.Find("expect_type"))) << FieldOf(test, "expr");
    EXPECT_EQ(checked.finding, "") << FieldOf(test, "expr");
  }
  EXPECT_EQ(count, 21);
}

TEST(TypeDeduction, NothingIsFoundWhereACaseExpectsAValue) {
  int count = 0;
  for (const std::string& name : AllSuites()) {
    const Value suite = ReadSuite(name);
    for (const Value& test : suite.items()) {
      const bool is_checked = test.Find("disable_check") == nullptr;
      const bool has_value = test.Find("expect") != nullptr && !test.Find("expect")->is_null();
      // Items of several kinds are judged by each: that a later item absorbs the error is luck.
      const bool is_mixed = FieldOf(test, "name") == "list_elem_type_exhaustive";
      if (!is_checked || !has_value || is_mixed) continue;
      ++count;
      EXPECT_EQ(Check(FieldOf(test, "expr")).finding, "")
          << name << "/" << FieldOf(test, "section") << "/" << FieldOf(test, "name") << ": "
          << FieldOf(test, "expr");
    }
  }
  EXPECT_GT(count, 900);
}

}  // namespace
}  // namespace wfc::expr
