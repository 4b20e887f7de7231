// The table of overloads against the machine, which is the oracle.
#include "ir/expr/signatures.h"

#include <vector>

#include <gtest/gtest.h>

#include "ir/expr/compiler.h"
#include "ir/value/json.h"

namespace wfc::expr {
namespace {

constexpr int kKindCount = static_cast<int>(Kind::Error);

/// A few values of each kind, the most agreeable first.
std::vector<Value> SamplesOf(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return {Value::Null()};
    case Kind::Bool:
      return {Value::Bool(true)};
    case Kind::Int:
      return {Value::Int(1)};
    case Kind::Uint:
      return {Value::Uint(1)};
    case Kind::Double:
      return {Value::Double(1.5)};
    case Kind::String:
      return {Value::String("true"), Value::String("1"), Value::String("+01:00"),
              Value::String("2024-01-01T00:00:00Z"), Value::String("1s")};
    case Kind::Bytes:
      return {Value::Bytes("a")};
    case Kind::List:
      return {Value::List({}), Value::List({Value::Int(1)})};
    case Kind::Map:
      return {Value::Map({})};
    case Kind::Timestamp:
      return {Value::Timestamp({.seconds = 5})};
    case Kind::Duration:
      return {Value::Duration({.seconds = 5})};
    case Kind::Type:
      return {Value::Type(Kind::Int)};
    case Kind::Optional:
      return {Value::Optional(Value::Int(1))};
    case Kind::Error:
    case Kind::BigInt:
      break;
  }
  return {};
}

Value Run(Op op, uint32_t payload, std::span<const Value> arguments) {
  ExprStore store;
  std::vector<ExprId> children;
  for (const Value& argument : arguments) children.push_back(store.AddConst(argument, {}));
  const ExprId id = store.Add(op, children, {}, payload);
  Module module;
  const Range program = Compile(store, id, module);
  class NoNames : public LoadContext {
    const Value& Load(const Root&, Value& made) override { return made = Value::Absent(""); }
  } names;
  return Evaluate(module.view(program), names);
}

struct Outcome {
  bool has_value = false;  ///< some samples give one
  bool only_type_errors = true;
  KindSet kinds = 0;  ///< of the values
};

/// Of all choices of samples of the kinds.
Outcome TryAll(Op op, uint32_t payload, std::span<const Kind> kinds, std::vector<Value>& chosen) {
  Outcome outcome;
  if (chosen.size() == kinds.size()) {
    const Value value = Run(op, payload, chosen);
    outcome.has_value = !value.is_error();
    outcome.only_type_errors = value.is_error() && value.error_code() == EvalError::Type;
    if (outcome.has_value) outcome.kinds = KindsOf(value.kind());
    return outcome;
  }
  for (const Value& sample : SamplesOf(kinds[chosen.size()])) {
    chosen.push_back(sample);
    const Outcome each = TryAll(op, payload, kinds, chosen);
    outcome.has_value |= each.has_value;
    outcome.only_type_errors &= each.only_type_errors;
    outcome.kinds |= each.kinds;
    chosen.pop_back();
  }
  return outcome;
}

void Judge(Op op, uint32_t payload, std::span<const Overload> overloads,
           std::span<const Kind> kinds, std::string_view name) {
  std::vector<KindSet> sets;
  std::string shown;
  for (const Kind kind : kinds) {
    sets.push_back(KindsOf(kind));
    shown += " " + std::string(GetName(kind));
  }
  std::vector<Value> chosen;
  const Outcome outcome = TryAll(op, payload, kinds, chosen);
  const KindSet result = FindResult(overloads, sets);
  EXPECT_EQ(outcome.kinds & ~result, 0) << name << shown << ": yields what no row says";
  if (result == 0) {
    EXPECT_FALSE(outcome.has_value) << name << shown << ": works, and no row says so";
  } else {
    EXPECT_FALSE(outcome.only_type_errors) << name << shown << ": a row says that it works";
  }
}

/// All choices of kinds for `count` arguments.
template <class Visit>
void ForEachChoice(size_t count, std::vector<Kind>& chosen, Visit visit) {
  if (chosen.size() == count) return visit(chosen);
  for (int i = 0; i < kKindCount; ++i) {
    chosen.push_back(static_cast<Kind>(i));
    ForEachChoice(count, chosen, visit);
    chosen.pop_back();
  }
}

TEST(Signatures, OperatorsTakeWhatTheirRowsSay) {
  for (const Op op : {Op::Multiply, Op::Divide, Op::Modulo, Op::Add, Op::Subtract, Op::Less,
                      Op::LessEqual, Op::Greater, Op::GreaterEqual}) {
    std::vector<Kind> chosen;
    ForEachChoice(2, chosen, [&](std::span<const Kind> kinds) {
      Judge(op, 0, FindOverloads(op), kinds, GetName(op));
    });
    EXPECT_NE(DescribeOperands(op), "anything");
  }
}

TEST(Signatures, FunctionsTakeWhatTheirRowsSay) {
  for (const BuiltinInfo& info : AllBuiltins()) {
    const size_t most = std::min<size_t>(info.max_arguments, 3);
    for (size_t count = info.min_arguments; count <= most; ++count) {
      std::vector<Kind> chosen;
      ForEachChoice(count, chosen, [&](std::span<const Kind> kinds) {
        Judge(Op::Call, static_cast<uint32_t>(info.id), FindOverloads(info.id, count), kinds,
              info.name);
      });
    }
  }
}

}  // namespace
}  // namespace wfc::expr
