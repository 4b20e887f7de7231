// A model's answer, as the value that its schema asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "backend-runtime/runtime/ids.h"
#include "ir/base/result.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// The value that `text` stands for under the schema at `entry`: the JSON that it is, if that fits
/// and is no string; else the text itself, if that fits; else the JSON string that it is, if that
/// fits. The error is the validator's message, made to be read by models too.
[[nodiscard]] Result<Value> ReadAnswer(const types::Validator& validator, uint32_t entry,
                                       std::string_view text);

/// The answer where no schema is given: the text itself.
[[nodiscard]] Value TextAnswer(std::string_view text);

/// `value` when it fits, else the validator's message.
[[nodiscard]] Result<Value> CheckAnswer(const types::Validator& validator, uint32_t entry,
                                        const Value& value);

/// `ReadAnswer` for a schema of the plan; none: the text is the answer.
using ReadAnswerFunction = std::function<Result<Value>(SchemaId schema, std::string_view text)>;

}  // namespace wfc::runtime
