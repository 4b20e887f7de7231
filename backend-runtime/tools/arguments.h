// Typed access to a built-in's arguments. A plan is untrusted, so that they were held to a schema
// is not relied on; what is wrong is a `schema` failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/failure.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::tools {

using ToolResult = Result<Value, runtime::Failure>;

[[nodiscard]] runtime::Failure MakeFailure(FailureCode code, std::string message);

/// Reads one argument after another; the first mistake is kept, and reading goes on with a value
/// that is in range.
class Arguments {
 public:
  explicit Arguments(const Value& with);

  [[nodiscard]] std::string Text(std::string_view key);
  [[nodiscard]] std::string Text(std::string_view key, std::string_view when_missing);
  [[nodiscard]] std::optional<std::string> OptionalText(std::string_view key);
  /// At least 1, at most `most`.
  [[nodiscard]] uint64_t Count(std::string_view key, uint64_t when_missing, uint64_t most);

  [[nodiscard]] const std::optional<runtime::Failure>& failure() const { return failure_; }
  /// Keeps `message` unless there was a mistake before.
  void Refuse(std::string message);

 private:
  [[nodiscard]] const Value* Find(std::string_view key) const;

  const Value& with_;
  std::optional<runtime::Failure> failure_;
};

}  // namespace wfc::tools
