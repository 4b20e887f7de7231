// The workflow's input from the command line: text and files, read by the input's schema.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// `KEY=VALUE` or `KEY=@FILE`.
struct TypedInput {
  std::string key;
  std::string text;
};

/// Splits at the first `=` and reads `@FILE` (`@@` begins a text with `@`).
[[nodiscard]] Result<TypedInput> ReadTypedInput(std::string_view word);

/// What is wrong with an input, by the input's schema.
using CheckInput = std::function<std::vector<types::Mismatch>(const Value& input)>;

/// `whole` (Null: nothing was given) with `typed` put over its keys: a text stays text where that
/// fits, and is read as JSON where it does not. The error names the key or says what is missing.
[[nodiscard]] Result<Value> MakeInput(const Value& whole, const std::vector<TypedInput>& typed,
                                      const CheckInput& check);

}  // namespace wfc::driver
