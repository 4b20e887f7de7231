// Turns the answer of a model or of an agent's command into the value that its schema requires. The
// executors use it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "backend-runtime/runtime/ids.h"
#include "ir/base/result.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// The value of `text` under the schema at `entry` (an offset in the plan's schema code): the value
/// of `text` read as JSON, if that fits the schema and is not a string; otherwise `text` itself, if
/// that fits; otherwise the JSON string, if that fits. The error is the validator's message, worded
/// so that a model can act on it, too.
[[nodiscard]] Result<Value> ReadAnswer(const types::Validator& validator, uint32_t entry,
                                       std::string_view text);

/// The answer when no schema is given: the text, with invalid UTF-8 replaced.
[[nodiscard]] Value TextAnswer(std::string_view text);

/// `value` if it fits the schema at `entry`; otherwise an error with the validator's message.
[[nodiscard]] Result<Value> CheckAnswer(const types::Validator& validator, uint32_t entry,
                                        const Value& value);

/// `ReadAnswer` for a schema of the plan. Without a schema, the text itself is the answer.
using ReadAnswerFunction = std::function<Result<Value>(SchemaId schema, std::string_view text)>;

}  // namespace wfc::runtime
