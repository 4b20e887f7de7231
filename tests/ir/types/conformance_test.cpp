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
  enum class Formats : uint8_t { Annotate, Assert };
  explicit Suite(Formats formats) : formats_(formats) {}

  void RunFile(const fs::path& path, Tally& tally) const {
    const Value groups = ReadSuiteFile(path);
    for (const Value& group : groups.items()) {
      RunGroup(path.filename().string(), group, tally);
    }
  }

 private:
  void RunGroup(const std::string& file, const Value& group, Tally& tally) const;

  Formats formats_;
  std::vector<Remote> remotes_ = ReadRemotes();
};

void Suite::RunGroup(const std::string& file, const Value& group, Tally& tally) const {
  SchemaRegistry registry;
  if (formats_ == Formats::Assert) registry.AssertFormats();
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
  std::erase_if(errors,
                [](const SchemaError& error) { return error.severity != diag::Severity::Error; });
  if (!errors.empty() && errors.front().kind == SchemaError::Kind::Empty) {
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
  const Suite suite(Suite::Formats::Annotate);
  Tally tally;
  for (const auto& entry : fs::directory_iterator(kSuite)) {
    if (entry.path().extension() == ".json") suite.RunFile(entry.path(), tally);
  }
  EXPECT_THAT(tally.wrong, testing::IsEmpty());
  EXPECT_THAT(tally.refused, testing::IsEmpty());
  EXPECT_EQ(tally.passed, 1299);
  std::cout << "JSON Schema 2020-12, required: " << tally.passed << " of 1299\n";
}

struct OptionalFile {
  std::string_view name;
  int passed;
  int wrong;
  int refused_groups;
};

/// What wfc makes of the optional part of the suite.
constexpr OptionalFile kOptional[] = {
    {"anchor.json", 4, 0, 0},
    {"bignum.json", 9, 0, 0},
    {"cross-draft.json", 0, 0, 1},  // refers to a draft 2019-09 document that is not here
    {"dependencies-compatibility.json", 0, 0, 7},  // `dependencies` is draft-07's word: T011
    {"dynamicRef.json", 0, 0, 1},                  // the schema is a file of another draft
    {"ecmascript-regex.json", 74, 0, 0},
    {"float-overflow.json", 1, 0, 0},
    {"format-assertion.json", 2, 2, 0},  // the vocabulary is not looked at
    {"id.json", 3, 0, 0},
    {"no-schema.json", 3, 0, 0},
    {"non-bmp-regex.json", 12, 0, 0},
    {"refOfUnknownKeyword.json", 0, 0, 5},  // no schemas stand in unknown keywords
    {"unknownKeyword.json", 0, 0, 1},       // a map of schemas where one should stand: T011
    {"format/date-time.json", 33, 0, 0},
    {"format/date.json", 81, 0, 0},
    {"format/duration.json", 52, 0, 0},
    {"format/ecmascript-regex.json", 6, 6, 0},  // not judged
    {"format/email.json", 27, 0, 0},
    {"format/hostname.json", 41, 23, 0},      // A-labels are not decoded
    {"format/idn-email.json", 16, 2, 0},      // not judged
    {"format/idn-hostname.json", 36, 54, 0},  // not judged
    {"format/ipv4.json", 41, 0, 0},
    {"format/ipv6.json", 42, 0, 0},
    {"format/iri-reference.json", 13, 0, 0},
    {"format/iri.json", 22, 2, 0},
    {"format/json-pointer.json", 40, 0, 0},
    {"format/regex.json", 7, 1, 0},  // not judged
    {"format/relative-json-pointer.json", 25, 0, 0},
    {"format/time.json", 47, 0, 0},
    {"format/unknown.json", 7, 0, 0},
    {"format/uri-reference.json", 27, 1, 0},
    {"format/uri-template.json", 35, 3, 0},
    {"format/uri.json", 45, 1, 0},
    {"format/uuid.json", 28, 0, 0},
};

TEST(Conformance, TheOptionalPartOfTheSuiteIsJudgedAsListed) {
  for (const OptionalFile& file : kOptional) {
    const bool is_format = file.name.starts_with("format/");
    const Suite suite(is_format ? Suite::Formats::Assert : Suite::Formats::Annotate);
    Tally tally;
    suite.RunFile(kSuite / "optional" / file.name, tally);
    EXPECT_EQ(tally.passed, file.passed) << file.name;
    EXPECT_EQ(tally.wrong.size(), static_cast<size_t>(file.wrong))
        << file.name << testing::PrintToString(tally.wrong);
    EXPECT_EQ(tally.refused.size(), static_cast<size_t>(file.refused_groups))
        << file.name << testing::PrintToString(tally.refused);
    std::cout << "optional/" << file.name << ": " << tally.passed << " passed, "
              << tally.wrong.size() << " wrong, " << tally.refused.size() << " groups refused\n";
  }
}

}  // namespace
}  // namespace wfc::types
