#include "ir/expr/vm/builtins.h"

#include <algorithm>
#include <array>

#include "ir/expr/vm/operations.h"
#include "ir/expr/vm/root.h"

namespace wfc {
namespace {

constexpr std::array kBuiltins = {
#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) \
  BuiltinInfo{Builtin::id, name, CallForm::form, min_arguments, max_arguments, since, help},
#include "ir/expr/vm/builtins.def"
};

using CallFunction = Value (*)(vm::Meter&, std::span<const Value>);
constexpr std::array<CallFunction, kBuiltins.size()> kCalls = {
#define WFC_BUILTIN(id, name, form, min_arguments, max_arguments, since, help) vm::Call##id,
#include "ir/expr/vm/builtins.def"
};

constexpr std::array kOperatorNames = {
#define WFC_EXPR_OPERATOR(id, name) std::string_view(name),
#include "ir/expr/vm/operators.def"
};

constexpr std::array<std::string_view, kRootKindCount> kRootNames = {
    "input", "vars", "run",   "stages", "with",   "error",  "output", "item",
    "index", "last", "round", "params", "secret", "memory", "vars"};
constexpr std::array<std::string_view, kRunFieldCount> kRunFieldNames = {
    "id", "mode", "seed", "started_at", "dir", "status"};

}  // namespace

std::span<const BuiltinInfo> AllBuiltins() {
  return kBuiltins;
}
const BuiltinInfo& GetInfo(Builtin id) {
  return kBuiltins[static_cast<size_t>(id)];
}

std::string_view GetName(RootKind kind) {
  return kRootNames[static_cast<size_t>(kind)];
}
std::string_view GetName(RunField field) {
  return kRunFieldNames[static_cast<size_t>(field)];
}

std::string_view NameOfOperator(Opcode opcode) {
  return kOperatorNames[static_cast<size_t>(opcode) - static_cast<size_t>(Opcode::Select)];
}

Value vm::CallBuiltin(Meter& meter, Builtin builtin, std::span<const Value> arguments) {
  Value result = kCalls[static_cast<size_t>(builtin)](meter, arguments);
  if (!result.is_error() || result.error_code() != EvalError::Type) return result;
  // A function that accepts ints accepts only those of 64 bits, so a larger argument is the better
  // explanation.
  const auto big = std::ranges::find(arguments, Kind::BigInt, &Value::kind);
  return big == arguments.end() ? result : BeyondInt(*big);
}

}  // namespace wfc
