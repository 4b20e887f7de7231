// Turns the answer of a model or of an agent's command into the value that its schema requires. The
// request builder uses it.
#pragma once

#include <cstdint>
#include <string_view>

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

}  // namespace wfc::runtime
