// The workflow's input from the command line: text and files, read by the input's schema.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
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

/// The options that give an input.
struct InputOptions {
  std::vector<std::string> typed;  ///< KEY=VALUE, KEY=@FILE
  std::string file;                ///< of JSON; "-": standard input; "": none
};

struct GivenInput {
  Value whole;  ///< Null: nothing was given as a whole
  std::vector<TypedInput> typed;

  [[nodiscard]] bool is_empty() const { return whole.is_null() && typed.empty(); }
};

/// What the options give, whatever the plan takes.
[[nodiscard]] Result<GivenInput> ReadGivenInput(const InputOptions& options);

/// The plan's input from what was given, and from nothing else. The error is for people.
[[nodiscard]] Result<Value> FitInput(const plan::PlanView& plan, const GivenInput& given);

}  // namespace wfc::driver
