// Types from any text: two schemas and an expression, with zero bytes between. `input` is of the
// first schema, what stages yield of the second. Containment and inference never crash, hang or
// leave their budgets, and drawn values refute nothing that they claim: a yes, a witness, the type
// of an expression, what a condition establishes.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/utf8.h"
#include "ir/expr/infer.h"
#include "ir/types/registry.h"
#include "ir/types/vm/draw.h"
#include "ir/value/json.h"
#include "tests/ir/expr/expr_fixture.h"
#include "tests/ir/expr/type_oracle.h"

namespace {

using namespace wfc;
using types::Containment;
using types::SchemaId;

constexpr Budget kBudget = {.steps = 20'000, .allocated_bytes = 1 << 20, .value_bytes = 1 << 18};
constexpr uint64_t kDrawCount = 6;

[[noreturn]] void Refute(const std::string& claim, const Value& value) {
  const std::string written = WriteJson(value);
  std::fprintf(stderr, "refuted: %s by %s\n", claim.c_str(), written.c_str());
  std::abort();
}

/// Both schemas, and values of each.
struct Schemas {
  types::SchemaRegistry registry;
  SchemaId input;
  SchemaId output;
  std::vector<Value> inputs;
  std::vector<Value> outputs;

  enum class Verdict : uint8_t { Fits, FitsNot, TooLarge };
  [[nodiscard]] Verdict Judge(SchemaId schema, const Value& value) const {
    const std::vector<types::Mismatch> mismatches = registry.Validate(schema, value);
    if (mismatches.empty()) return Verdict::Fits;
    const auto is_budget = [](const types::Mismatch& found) { return found.keyword == "budget"; };
    return std::ranges::any_of(mismatches, is_budget) ? Verdict::TooLarge : Verdict::FitsNot;
  }
};

/// Values as stages get them: of the schema, with its defaults.
std::vector<Value> DrawValues(const Schemas& schemas, const types::Validator& validator,
                              SchemaId schema) {
  const types::Drawer drawer(validator, {.texts = {"a", "b"}, .numbers = {Value::Int(1)}});
  std::vector<Value> values;
  for (uint64_t seed = 0; seed < kDrawCount; ++seed) {
    types::Choices choices(seed, seed % 3);
    const std::optional<Value> drawn = drawer.Draw(schemas.registry.entry(schema), choices);
    if (!drawn) continue;
    Value filled = schemas.registry.ApplyDefaults(schema, *drawn);
    if (schemas.Judge(schema, filled) == Schemas::Verdict::Fits) values.push_back(filled);
  }
  return values;
}

/// False for what is no pair of good schemas.
bool ReadSchemas(std::string_view input, std::string_view output, Schemas& schemas) {
  const Result<Value> input_source = ReadJson(input);
  const Result<Value> output_source = ReadJson(output);
  if (!input_source.ok() || !output_source.ok()) return false;
  std::vector<types::SchemaError> errors;
  schemas.input = schemas.registry.AddInline(*input_source, errors);
  schemas.output = schemas.registry.AddInline(*output_source, errors);
  if (!errors.empty() || !schemas.registry.Finish().empty()) return false;
  const Result<types::Validator> validator = types::Validator::Make(schemas.registry.code());
  if (!validator.ok()) return false;
  schemas.inputs = DrawValues(schemas, *validator, schemas.input);
  schemas.outputs = DrawValues(schemas, *validator, schemas.output);
  return true;
}

/// `values` are of the schema `from`.
void JudgeContainment(const Schemas& schemas, SchemaId from, SchemaId into,
                      std::span<const Value> values) {
  const types::ContainmentAnswer answer = schemas.registry.FindContainment(from, into);
  if (answer.verdict == Containment::No) {
    const Value& witness = *answer.witness;
    const bool is_of_from = schemas.Judge(from, witness) != Schemas::Verdict::FitsNot;
    if (!is_of_from) Refute("a witness is of the one schema", witness);
    const bool is_of_into = schemas.Judge(into, witness) == Schemas::Verdict::Fits;
    if (is_of_into) Refute("a witness is not of the other schema", witness);
  }
  if (answer.verdict != Containment::Yes) return;
  for (const Value& value : values) {
    const bool is_out = schemas.Judge(into, value) == Schemas::Verdict::FitsNot;
    if (is_out) Refute("contained", value);
  }
}

/// An expression over both, with the values that it reads at the moment.
class World : public expr::TypeEnvironment, public expr::TestNames {
 public:
  explicit World(const Schemas& schemas)
      : schemas_(schemas),
        table_(schemas.registry),
        oracle_(table_, [&schemas](SchemaId schema, const Value& value) {
          return schemas.Judge(schema, value) != Schemas::Verdict::FitsNot;
        }) {}

  expr::Type TypeOf(const Root& root) override {
    if (root.kind == RootKind::Input) return table_.OfSchema(schemas_.input);
    return IsOutput(root) ? table_.OfSchema(schemas_.output) : expr::kDyn;
  }
  std::string NameOf(const Root&) override { return "input"; }
  const Value& Load(const Root& root, Value& made) override {
    if (root.kind == RootKind::Input) return input_value;
    return IsOutput(root) ? output_value_ : made = Value::Absent("no status");
  }

  void JudgeText(std::string_view text) {
    const expr::ExprId id = expr::ParseExpr({store_, sink_, *this}, text, {FileId(0), 0});
    if (expr::HasPoison(store_, id)) return;
    types_.assign(store_.size(), expr::kDyn);
    type_ = expr::Infer(context(), id);
    expr::AddFacts(context(), id, true, facts_if_true_);
    expr::AddFacts(context(), id, false, facts_if_false_);
    program_ =
        expr::Compile(store_, id, module_,
                      {.kinds_of = [this](expr::ExprId each) { return types_[each].kinds; }});
    JudgeDrawn(schemas_.input, schemas_.inputs);
    JudgeDrawn(schemas_.output, schemas_.outputs);
    std::vector<Value> yielded;
    for (size_t i = 0; i < std::min(schemas_.inputs.size(), schemas_.outputs.size()); ++i) {
      input_value = schemas_.inputs[i];
      output_value_ = schemas_.outputs[i];
      JudgeEvaluation(yielded);
    }
    const SchemaId schema = table_.SchemaOf(type_);
    if (schema.has_value()) JudgeContainment(schemas_, schema, schemas_.output, yielded);
  }

 private:
  static bool IsOutput(const Root& root) {
    return root.kind == RootKind::StageField && root.b == static_cast<uint32_t>(StageField::Output);
  }
  void JudgeDrawn(SchemaId schema, const std::vector<Value>& values) {
    const expr::Type type = table_.OfSchema(schema);
    for (const Value& value : values) {
      const std::string problem = oracle_.Judge(type, value);
      if (!problem.empty()) Refute("the type of a schema, " + problem, value);
    }
  }

  expr::InferContext context() { return {store_, table_, *this, sink_, types_}; }

  void JudgeEvaluation(std::vector<Value>& yielded) {
    const Value value = Evaluate(module_.view(program_), *this, kBudget);
    if (value.is_error()) {
      const bool is_typed =
          sink_.diagnostics().empty() && expr::AllOfOneKind({types_.data(), types_.size()});
      if (is_typed && value.error_code() == EvalError::Type) Refute("typed", value);
      return;
    }
    const std::string problem = oracle_.Judge(type_, value);
    if (!problem.empty()) Refute("the type of the expression, " + problem, value);
    if (value.kind() == Kind::Bool) JudgeFacts(value.AsBool() ? facts_if_true_ : facts_if_false_);
    if (expr::IsJson(value)) yielded.push_back(value);
  }

  void JudgeFacts(const expr::Facts& facts) {
    for (const expr::Fact& fact : facts.known) {
      if (fact.expression.has_value()) continue;
      Value made;
      const Value& value = Load(fact.root, made);
      const std::string problem = oracle_.Judge(fact.type, value);
      if (!problem.empty()) Refute("what the condition establishes, " + problem, value);
    }
  }

  const Schemas& schemas_;
  expr::TypeTable table_;
  expr::TypeOracle oracle_;
  expr::ExprStore store_;
  diag::Sink sink_;
  IdVector<expr::ExprId, expr::Type> types_;
  expr::Type type_;
  expr::Facts facts_if_true_;
  expr::Facts facts_if_false_;
  expr::Module module_;
  Range program_;
  Value output_value_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t first = bytes.find('\0');
  const size_t second = bytes.find('\0', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return 0;
  const std::string_view text = bytes.substr(second + 1);
  if (FindInvalidUtf8(text) != std::string_view::npos) return 0;
  Schemas schemas;
  const std::string_view output = bytes.substr(first + 1, second - first - 1);
  if (!ReadSchemas(bytes.substr(0, first), output, schemas)) return 0;
  JudgeContainment(schemas, schemas.input, schemas.output, schemas.inputs);
  JudgeContainment(schemas, schemas.output, schemas.input, schemas.outputs);
  World(schemas).JudgeText(text);
  return 0;
}
