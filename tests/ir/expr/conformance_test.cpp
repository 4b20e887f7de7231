// The official conformance cases of the Common Expression Language: all that docs/decisions does
// not list as exceptions must pass, and those that it lists must not.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "ir/base/utf8.h"
#include "ir/expr/compiler.h"
#include "ir/expr/parser.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::expr {
namespace {

std::string_view Text(const Value& record, std::string_view key) {
  const Value* found = record.Find(key);
  return found == nullptr ? std::string_view() : found->AsString();
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

Kind TypeByName(std::string_view name) {
  for (int kind = 0; kind <= static_cast<int>(Kind::Error); ++kind) {
    if (GetName(static_cast<Kind>(kind)) == name) return static_cast<Kind>(kind);
  }
  return Kind::Error;
}

/// The cases were text protos: a code point that such a text escapes stands as `\\u01ab` in the
/// JSON.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_long = text.substr(i).starts_with("\\U");
    const size_t digits = is_long ? 8 : 4;
    unsigned code_point = 0;
    const bool is_escape =
        (is_long || text.substr(i).starts_with("\\u")) && i + 2 + digits <= text.size() &&
        std::from_chars(text.data() + i + 2, text.data() + i + 2 + digits, code_point, 16).ptr ==
            text.data() + i + 2 + digits;
    if (!is_escape) {
      out += text[i];
      continue;
    }
    AppendUtf8(out, code_point);
    i += 1 + digits;
  }
  return out;
}

/// The cases' typed notation: `{"type": "int", "value": "1"}`.
Value Decode(const Value& typed) {
  const std::string_view type = Text(typed, "type");
  const Value* value = typed.Find("value");
  if (type == "null") return {};
  if (type == "bytes") return Value::Bytes(FromHex(Text(typed, "hex")));
  if (type == "bool" || type == "string") return *value;
  if (type == "int") return Value::Int(std::stoll(std::string(value->AsString())));
  if (type == "uint") return Value::Uint(std::stoull(std::string(value->AsString())));
  if (type == "double")
    return Value::Double(std::strtod(std::string(value->AsString()).c_str(), nullptr));
  if (type == "type") return Value::Type(TypeByName(value->AsString()));
  if (type == "list") {
    std::vector<Value> items;
    for (const Value& item : value->items()) items.push_back(Decode(item));
    return Value::List(std::move(items));
  }
  std::vector<MapEntry> entries;
  for (const Value& entry : value->items()) {
    entries.push_back({Decode(entry.items()[0]), Decode(entry.items()[1])});
  }
  return Value::Map(std::move(entries));
}

/// Names are the case's bindings (which may be dotted); any other name has no value.
class Bindings : public NameResolver, public LoadContext {
 public:
  explicit Bindings(const Value* record) {
    if (record == nullptr) return;
    for (const MapEntry& entry : record->entries()) {
      values_[std::string(entry.key.AsString())] = Decode(entry.value);
    }
  }

  Resolution Resolve(std::span<const Segment> chain) override {
    uint32_t consumed = 1;
    std::string name(chain[0].name);
    std::string longest = name;
    for (uint32_t i = 1; i < chain.size(); ++i) {
      longest += "." + std::string(chain[i].name);
      if (!values_.contains(longest)) continue;
      name = longest;
      consumed = i + 1;
    }
    names_.push_back(name);
    return Resolution::Found(
        consumed, {.kind = RootKind::Param, .a = static_cast<uint32_t>(names_.size() - 1)});
  }

  const Value& Load(const Root& root, Value& made) override {
    const auto found = values_.find(names_[root.a]);
    if (found != values_.end()) return found->second;
    return made = Value::Error(EvalError::Argument, "no such name");
  }

 private:
  std::map<std::string, Value> values_;
  std::vector<std::string> names_;
};

/// Cases that are evaluated unchecked run in spite of what was reported; what that is about is an
/// error value then.
Value Run(const Value& test) {
  const std::string_view text = Text(test, "expr");
  ExprStore store;
  diag::Sink sink;
  Bindings names(test.Find("bindings"));
  const ExprId id = ParseExpr({store, sink, names}, text, SpanMapper(FileId(0), 0));
  EXPECT_EQ(HasPoison(store, id), !sink.diagnostics().empty()) << text;
  if (HasPoison(store, id) && test.Find("disable_check") == nullptr) {
    return Value::Error(EvalError::Argument, sink.diagnostics()[0].message);
  }
  Module module;
  const Range program = Compile(store, id, module);
  ProgramLimits limits = {.constant_count = static_cast<uint32_t>(module.constants().size()),
                          .admits_root = [](const Root&) { return true; }};
  const auto verified = VerifyProgram(module.code(program), limits);
  EXPECT_TRUE(verified.ok()) << text << ": " << (verified.ok() ? "" : verified.error().message);
  return Evaluate(module.view(program), names);
}

std::string Show(const Value& value) {
  if (value.is_error()) return "error: " + std::string(value.error_message());
  return std::string(GetName(value.kind())) + " " + WriteJson(value);
}

/// Empty when the case passes, else what came out.
std::string Judge(const Value& test) {
  const Value got = Run(test);
  const Value* expected = test.Find("expect");
  if (expected == nullptr || expected->is_null()) {
    const bool wants_error = test.Find("expect_error") != nullptr;
    return got.is_error() == wants_error ? "" : "wanted an error, got " + Show(got);
  }
  const Value want = Decode(*expected);
  const bool both_nan = got.kind() == Kind::Double && want.kind() == Kind::Double &&
                        std::isnan(got.AsDouble()) && std::isnan(want.AsDouble());
  if (both_nan || (got.kind() == want.kind() && got == want)) return "";
  const bool is_text = got.is_string() && want.is_string();
  if (is_text && got.AsString() == Unescape(want.AsString())) return "";
  return "wanted " + Show(want) + ", got " + Show(got);
}

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// SUITE/SECTION/NAME of the rows `| SUITE | SECTION/NAME | reason |` of the decision.
std::set<std::string> ReadExceptions() {
  std::stringstream page(
      ReadFile(fs::path(WFC_SOURCE_DIR) / "docs/decisions/0008-cel-exceptions.md"));
  std::set<std::string> exceptions;
  for (std::string line; std::getline(page, line);) {
    std::stringstream cells(line);
    std::string bar;
    std::string suite;
    std::string name;
    cells >> bar >> suite >> bar >> name;
    const bool is_row = line.starts_with("| ") && suite != "suite" && suite != "---";
    if (is_row) exceptions.insert(suite + "/" + name);
  }
  return exceptions;
}

/// Type deduction has a test of its own.
std::vector<fs::path> FindSuites() {
  std::vector<fs::path> suites;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WFC_SOURCE_DIR) / "tests/conformance/cel")) {
    const fs::path& path = entry.path();
    if (path.extension() == ".json" && path.stem() != "type_deduction") suites.push_back(path);
  }
  std::ranges::sort(suites);
  return suites;
}

TEST(CelConformance, EveryCaseButTheListedExceptionsPasses) {
  std::set<std::string> exceptions = ReadExceptions();
  const size_t exception_count = exceptions.size();
  size_t total = 0;
  for (const fs::path& path : FindSuites()) {
    const auto suite = ReadJson(ReadFile(path));
    ASSERT_TRUE(suite.ok()) << path << ": " << suite.error().message;
    size_t passed = 0;
    for (const Value& test : suite->items()) {
      const std::string name = path.stem().string() + "/" + std::string(Text(test, "section")) +
                               "/" + std::string(Text(test, "name"));
      const std::string problem = Judge(test);
      const bool is_listed = exceptions.erase(name) != 0;
      passed += problem.empty() ? 1 : 0;
      EXPECT_EQ(problem.empty(), !is_listed)
          << name << ": " << Text(test, "expr") << (is_listed ? ": passes" : ": " + problem);
    }
    total += suite->items().size();
    std::cout << "conformance: cel/" << path.stem().string() << ": " << passed << " of "
              << suite->items().size() << " pass\n";
  }
  for (const std::string& name : exceptions) ADD_FAILURE() << "no such case: " << name;
  std::cout << "conformance: cel: " << total - exception_count << " of " << total
            << " pass, exceptions " << exception_count << "\n";
  EXPECT_LE(100 * exception_count, total) << "more than 1 % are exceptions";
}

}  // namespace
}  // namespace wfc::expr
