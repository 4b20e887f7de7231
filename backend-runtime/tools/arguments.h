// Typed access to the arguments of a built-in tool. A plan is untrusted, so the tools do not rely
// on the arguments having been validated against a schema; a wrong argument is a `schema` failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/evaluate/call.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::tools {

/// The output of a built-in tool, or why it failed.
using ToolResult = Result<Value, runtime::Failure>;

/// How a call of a built-in tool with this result ends.
[[nodiscard]] runtime::CallResult ToCallResult(const ToolResult& result);

/// A failure without details.
[[nodiscard]] runtime::Failure MakeFailure(FailureCode code, std::string message);

/// Reads one argument after another. The first mistake is kept in `failure`; later reads continue
/// with values that are in range, so the caller checks once at the end. An argument that is null
/// counts as missing.
class Arguments {
 public:
  /// `with` must outlive the object.
  explicit Arguments(const Value& with);

  /// A required string; "" after a mistake.
  [[nodiscard]] std::string Text(std::string_view key);
  /// A string, or `when_missing`.
  [[nodiscard]] std::string Text(std::string_view key, std::string_view when_missing);
  /// A string, if it is given.
  [[nodiscard]] std::optional<std::string> OptionalText(std::string_view key);
  /// An integer from 1 to `most`, or `when_missing`; 1 after a mistake.
  [[nodiscard]] uint64_t Count(std::string_view key, uint64_t when_missing, uint64_t most);

  /// The first mistake so far.
  [[nodiscard]] const std::optional<runtime::Failure>& failure() const { return failure_; }
  /// Records a mistake, unless there was one before.
  void Refuse(std::string message);

 private:
  [[nodiscard]] const Value* Find(std::string_view key) const;

  const Value& with_;
  std::optional<runtime::Failure> failure_;
};

}  // namespace wfc::tools
