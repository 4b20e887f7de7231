// Runs the official JSON Schema 2020-12 suite, as far as its schemas use the keywords of this
// version; the others must be refused, each with a reason.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

const std::filesystem::path kSuite =
    std::filesystem::path(WFC_SOURCE_DIR) / "tests/conformance/json-schema";

Value ReadSuiteFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  Result<Value> value = ReadJson(text.str());
  EXPECT_TRUE(value.ok()) << path << ": " << (value.ok() ? "" : value.error().message);
  return value.ok() ? *value : Value::List({});
}

struct Tally {
  int passed = 0;
  int refused_groups = 0;
  std::vector<std::string> wrong;
  std::set<std::string> refusals;
};

void RunGroup(const std::string& file, const Value& group, Tally& tally) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(*group.Find("schema"), errors);
  const std::string name = file + ": " + std::string(group.Find("description")->AsString());
  if (!id.has_value()) {
    ASSERT_FALSE(errors.empty()) << name;
    ++tally.refused_groups;
    tally.refusals.insert(name + ": " + errors.front().message);
    return;
  }
  EXPECT_TRUE(registry.Finish().empty()) << name;
  const uint32_t entry = registry.entry(id);
  const Result<void> verified = VerifySchemaCode(registry.code(), std::vector<uint32_t>{entry});
  EXPECT_TRUE(verified.ok()) << name;
  const Result<Validator> validator = Validator::Make(registry.code());
  ASSERT_TRUE(validator.ok()) << name;
  for (const Value& test : group.Find("tests")->items()) {
    const std::vector<Mismatch> mismatches = validator->Validate(entry, *test.Find("data"));
    if (mismatches.empty() == test.Find("valid")->is_true()) {
      ++tally.passed;
    } else {
      tally.wrong.push_back(name + " / " + std::string(test.Find("description")->AsString()) +
                            ": " + Describe(mismatches));
    }
  }
}

TEST(Conformance, EveryCaseOfTheSuiteIsJudgedRightlyOrItsSchemaIsRefused) {
  Tally tally;
  std::map<std::string, Value> files;
  for (const auto& entry : std::filesystem::directory_iterator(kSuite)) {
    if (entry.path().extension() == ".json") {
      files[entry.path().filename().string()] = ReadSuiteFile(entry.path());
    }
  }
  ASSERT_EQ(files.size(), 46u);
  for (const auto& [file, groups] : files) {
    for (const Value& group : groups.items()) RunGroup(file, group, tally);
  }
  EXPECT_THAT(tally.wrong, testing::IsEmpty());
  // What is not judged is counted, so that a keyword more or a refusal more is seen here.
  EXPECT_EQ(tally.passed, 1165);
  EXPECT_EQ(tally.refused_groups, 62) << testing::PrintToString(tally.refusals);
}

}  // namespace
}  // namespace wfc::types
