#include "backend-runtime/runtime/evaluate/vars.h"

#include <utility>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/types/vm/describe.h"
#include "ir/types/vm/validator.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::runtime {
namespace {

using plan::ConstantId;
using plan::SchemaId;
using plan::StringId;

Result<Value> ReadBySchema(const plan::PlanView& plan, SchemaId schema, std::string_view text) {
  const uint32_t entry = plan.schemas[schema].entry();
  const auto as_text = plan.validator().Validate(entry, Value::String(text));
  if (as_text.empty()) return Value::String(text);
  const Result<Value> json = ReadJson(text);
  if (!json) return Error{types::Describe(as_text)};
  const auto mismatches = plan.validator().Validate(entry, *json);
  if (mismatches.empty()) return *json;
  return Error{types::Describe(mismatches)};
}

Result<Value> ReadGivenVar(const plan::PlanView& plan, const plan::fb::Var& var,
                           std::string_view text) {
  const std::string_view name = plan.text(StringId(var.environment()));
  if (FindInvalidUtf8(text) != std::string_view::npos) {
    return Error{fmt::format("the environment variable `{}` is not UTF-8", name)};
  }
  const SchemaId schema(var.schema());
  if (!schema.has_value()) return Value::String(text);
  Result<Value> value = ReadBySchema(plan, schema, text);
  if (value) return value;
  return Error{
      fmt::format("the environment variable `{}` is {}, which does not fit the variable "
                  "`{}`: {}",
                  name, QuoteShort(text), plan.name(var), value.error().message)};
}

}  // namespace

Result<Value> ReadVar(const plan::PlanView& plan, plan::VarId id, const ReadVariable& read) {
  const plan::fb::Var& var = plan.vars[id];
  const StringId environment(var.environment());
  const ConstantId constant(var.value());
  std::optional<std::string> text;
  if (environment.has_value() && read) text = read(plan.text(environment));
  if (text) return ReadGivenVar(plan, var, *text);
  if (constant.has_value()) return plan.constant(constant);
  return Error{fmt::format("the environment variable `{}`, which the plan needs, is not set",
                           plan.text(environment))};
}

Result<VarValues> ReadVars(const plan::PlanView& plan, const ReadVariable& read) {
  VarValues vars;
  for (const plan::VarId id : plan.vars.ids()) {
    Result<Value> value = ReadVar(plan, id, read);
    if (!value) return value.error();
    vars.Add(*std::move(value));
  }
  return vars;
}

}  // namespace wfc::runtime
