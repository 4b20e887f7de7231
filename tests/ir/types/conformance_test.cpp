// Runs the official JSON Schema 2020-12 suite. The documents that it takes from a server are
// registered, as a project would have them in `schemas/`.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

namespace fs = std::filesystem;

const fs::path kSuite = fs::path(WFC_SOURCE_DIR) / "tests/conformance/json-schema";

Value ReadSuiteFile(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  Result<Value> value = ReadJson(text.str());
  EXPECT_TRUE(value.ok()) << path << ": " << (value.ok() ? "" : value.error().message);
  return value.ok() ? *value : Value::List({});
}

struct Remote {
  std::string name;
  Value document;
};

Value WithMember(const Value& document, std::string_view name, const std::string& text) {
  std::vector<MapEntry> entries(document.entries().begin(), document.entries().end());
  entries.push_back({Value::String(name), Value::String(text)});
  return Value::Map(std::move(entries));
}

/// With the address as `$id` where a document has none, and a document of that address that refers
/// to it where it has another: so they would be put into a project.
std::vector<Remote> ReadRemotes() {
  std::vector<Remote> remotes;
  for (const auto& entry : fs::recursive_directory_iterator(kSuite / "remotes")) {
    if (entry.path().extension() != ".json") continue;
    const std::string path = entry.path().lexically_relative(kSuite / "remotes").string();
    const std::string address = "http://localhost:1234/draft2020-12/" + path;
    Value document = ReadSuiteFile(entry.path());
    const Value* id = document.Find("$id");
    if (id == nullptr) document = WithMember(document, "$id", address);
    if (id != nullptr && id->AsString() != address) {
      const Value alias = WithMember(Value::Map({}), "$ref", std::string(id->AsString()));
      remotes.push_back(
          {"alias_" + std::to_string(remotes.size()), WithMember(alias, "$id", address)});
    }
    remotes.push_back({"remote_" + std::to_string(remotes.size()), std::move(document)});
  }
  return remotes;
}

struct Tally {
  int passed = 0;
  std::vector<std::string> refused;
  std::vector<std::string> wrong;
};

class Suite {
 public:
  void RunFile(const fs::path& path, Tally& tally) const {
    const Value groups = ReadSuiteFile(path);
    for (const Value& group : groups.items()) {
      RunGroup(path.filename().string(), group, tally);
    }
  }

 private:
  void RunGroup(const std::string& file, const Value& group, Tally& tally) const;

  std::vector<Remote> remotes_ = ReadRemotes();
};

void Suite::RunGroup(const std::string& file, const Value& group, Tally& tally) const {
  SchemaRegistry registry;
  std::vector<SchemaId> documents;
  for (const Remote& remote : remotes_) documents.push_back(registry.Declare(remote.name));
  for (size_t i = 0; i < remotes_.size(); ++i) {
    static_cast<void>(registry.Define(documents[i], remotes_[i].document));
  }
  const std::string name = file + ": " + std::string(group.Find("description")->AsString());
  const SchemaId id = registry.Declare("the_schema");
  std::vector<SchemaError> errors = registry.Define(id, *group.Find("schema"));
  for (const auto& [schema, error] : registry.Finish()) {
    if (schema == id) errors.push_back(error);
  }
  if (!errors.empty() && errors.front().code == diag::Code::T010) {
    // Nothing satisfies it, which wfc takes for a mistake: the suite must reject every value, too.
    for (const Value& test : group.Find("tests")->items()) {
      EXPECT_TRUE(test.Find("valid")->is_false()) << name;
      ++tally.passed;
    }
    return;
  }
  if (!errors.empty()) {
    tally.refused.push_back(name + ": " + errors.front().message);
    return;
  }
  const uint32_t entry = registry.entry(id);
  const Result<void> verified = VerifySchemaCode(registry.code(), std::vector<uint32_t>{entry});
  EXPECT_TRUE(verified.ok()) << name << (verified.ok() ? "" : verified.error().message);
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

TEST(Conformance, EveryRequiredCaseOfTheSuiteIsJudgedRightly) {
  const Suite suite;
  Tally tally;
  for (const auto& entry : fs::directory_iterator(kSuite)) {
    if (entry.path().extension() == ".json") suite.RunFile(entry.path(), tally);
  }
  EXPECT_THAT(tally.wrong, testing::IsEmpty());
  EXPECT_THAT(tally.refused, testing::IsEmpty());
  EXPECT_EQ(tally.passed, 1299);
  std::cout << "JSON Schema 2020-12, required: " << tally.passed << " of 1299\n";
}

}  // namespace
}  // namespace wfc::types
