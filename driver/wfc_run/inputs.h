// Makes the input of a workflow from texts and files on the command line, guided by the input's
// schema. Called by the verbs `run` and `simulate`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::plan {
class PlanView;
}  // namespace wfc::plan

namespace wfc::driver {

/// An input that was typed as `KEY=VALUE` or `KEY=@FILE`.
struct TypedInput {
  std::string key;
  std::string text;
};

/// Splits at the first `=` and reads `@FILE`; `@@` stands for a text that begins with `@`. Fails
/// if there is no key or the file cannot be read.
[[nodiscard]] Result<TypedInput> ReadTypedInput(std::string_view word);

/// Returns the mismatches between an input and the schema of the input.
using CheckInput = std::function<std::vector<types::Mismatch>(const Value& input)>;

/// Makes an input from `whole` (null if it was not given), with its keys replaced by those of
/// `typed`. A text remains text if that fits the schema, and otherwise is read as JSON. The error
/// names the key or says what is missing.
[[nodiscard]] Result<Value> MakeInput(const Value& whole, const std::vector<TypedInput>& typed,
                                      const CheckInput& check);

/// The options that determine the input.
struct InputOptions {
  std::vector<std::string> typed;  ///< KEY=VALUE or KEY=@FILE
  std::string file;                ///< path of a JSON file; "-": standard input; empty: none
};

/// The input that the options give, before it is matched with a plan.
struct GivenInput {
  Value whole;  ///< the contents of the file; null if there is none
  std::vector<TypedInput> typed;

  [[nodiscard]] bool is_empty() const { return whole.is_null() && typed.empty(); }
};

/// Reads the files and texts that the options give. The error is a message for the user.
[[nodiscard]] Result<GivenInput> ReadGivenInput(const InputOptions& options);

/// Makes the plan's input from what was given. Fails, with a message for the user, if it does not
/// fit the plan's schema or the plan takes no input.
[[nodiscard]] Result<Value> FitInput(const plan::PlanView& plan, const GivenInput& given);

}  // namespace wfc::driver
