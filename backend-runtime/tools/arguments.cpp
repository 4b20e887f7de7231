#include "backend-runtime/tools/arguments.h"

#include <utility>

#include <fmt/core.h>

namespace wfc::tools {

runtime::Failure MakeFailure(FailureCode code, std::string message) {
  return {.code = code, .message = std::move(message), .details = Value()};
}

runtime::CallResult ToCallResult(const ToolResult& result) {
  runtime::CallResult ended;
  if (result) {
    ended.output = *result;
  } else {
    ended.failure = result.error();
  }
  return ended;
}

Arguments::Arguments(const Value& with) : with_(with) {
  if (with.kind() != Kind::Map) Refuse("the arguments are not an object");
}

void Arguments::Refuse(std::string message) {
  if (!failure_) failure_ = MakeFailure(FailureCode::Schema, std::move(message));
}

const Value* Arguments::Find(std::string_view key) const {
  if (with_.kind() != Kind::Map) return nullptr;
  const Value* value = with_.Find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> Arguments::OptionalText(std::string_view key) {
  const Value* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::string(value->AsString());
  Refuse(fmt::format("the argument `{}` is not a string", key));
  return std::nullopt;
}

std::string Arguments::Text(std::string_view key) {
  std::optional<std::string> text = OptionalText(key);
  if (!text) Refuse(fmt::format("the argument `{}` is missing", key));
  return std::move(text).value_or(std::string());
}

std::string Arguments::Text(std::string_view key, std::string_view when_missing) {
  return OptionalText(key).value_or(std::string(when_missing));
}

uint64_t Arguments::Count(std::string_view key, uint64_t when_missing, uint64_t most) {
  const Value* value = Find(key);
  if (value == nullptr) return when_missing;
  const bool is_count = value->kind() == Kind::Int && value->AsInt() >= 1 &&
                        static_cast<uint64_t>(value->AsInt()) <= most;
  if (is_count) return static_cast<uint64_t>(value->AsInt());
  Refuse(fmt::format("the argument `{}` is not an integer from 1 to {}", key, most));
  return 1;
}

}  // namespace wfc::tools
