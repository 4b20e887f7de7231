// Validator programs: JSON Schema compiled to code that checks values. The compiler uses them to
// check witnesses and defaults, and the runtime checks every input and output with them. A program
// from a plan is never run before `VerifySchemaCode` has accepted it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::types {

/// A view of a program. All schemas of a project or plan are in one vector of words; a schema is
/// named by its entry, an offset into it. schema_code.h defines the words.
struct SchemaCode {
  std::span<const uint32_t> code;
  std::span<const Value> constants;
  std::span<const std::string> patterns;  ///< in RE2's syntax
};

/// One reason why a value does not fit.
struct Mismatch {
  std::string pointer;  ///< JSON pointer into the value; "" is the whole value
  std::string keyword;  ///< the keyword that is violated: "type", "required"
  std::string message;  ///< for people and models: what was expected, what was found
};

/// The mismatches as text, "at /steps/0: expected a string, found 3", the first few joined by "; ".
[[nodiscard]] std::string Describe(std::span<const Mismatch> mismatches);

/// The limits of one validation.
struct ValidationBudget {
  uint64_t steps = 10'000'000;
  /// The nesting of applied schemas: the depth of the value plus the references.
  uint32_t depth = 2048;
  uint32_t max_mismatches = 8;
};

/// Proves that `Validator` can run the program without checks: operand counts, indices and targets.
/// `entries` are offsets that must begin schemas. The error says what is wrong and at which word.
[[nodiscard]] Result<void> VerifySchemaCode(const SchemaCode& code,
                                            std::span<const uint32_t> entries);

/// Runs a validator program. It is immutable and can be used from several threads.
class Validator {
 public:
  /// Compiles the patterns of `code` and prepares it for speed. What `code` refers to must outlive
  /// the validator and must have passed VerifySchemaCode (code from the compiler is valid by
  /// construction). The error says which pattern cannot be compiled.
  static Result<Validator> Make(const SchemaCode& code);
  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;
  ~Validator();

  /// The mismatches of `value` and the schema at `entry`; none when it fits. A value that exceeds
  /// the budget does not fit, and its only mismatch says so.
  [[nodiscard]] std::vector<Mismatch> Validate(uint32_t entry, const Value& value,
                                               const ValidationBudget& budget = {}) const;
  /// Whether `value` fits the schema at `entry` within the default budget.
  [[nodiscard]] bool Accepts(uint32_t entry, const Value& value) const;
  /// As Accepts, with a budget of `steps_left`, from which the steps taken are subtracted. No value
  /// when the steps or the depth of ValidationBudget are exceeded.
  [[nodiscard]] std::optional<bool> AcceptsWithin(uint32_t entry, const Value& value,
                                                  uint64_t& steps_left) const;

  /// `value` with the `default` of every missing property filled in, including in nested objects
  /// and in defaults that were filled in. It follows `properties`, `additionalProperties`,
  /// `patternProperties`, `items`, `prefixItems`, `$ref` and `allOf`; it does not follow `anyOf`,
  /// `oneOf` and `if`. It fills until nothing is missing; no value when that takes more steps or
  /// levels than a validation may take, or has no end because a default contains itself.
  [[nodiscard]] std::optional<Value> ApplyDefaults(uint32_t entry, const Value& value) const;
  /// Fills in the defaults of `value`, then validates it. Where ApplyDefaults has no value, the
  /// only mismatch says so.
  [[nodiscard]] std::vector<Mismatch> FillAndValidate(uint32_t entry, Value& value) const;

  /// Whether the pattern with this index matches somewhere in `text`.
  [[nodiscard]] bool Matches(uint32_t pattern, std::string_view text) const;

  /// The program that this validator runs.
  [[nodiscard]] const SchemaCode& code() const;

 private:
  Validator();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::types
