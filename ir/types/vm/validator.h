// Validator programs: JSON Schema as code that checks a value. The compiler folds witnesses and
// defaults with it, the runtime holds every input and output to it. No program from a plan is run
// before `VerifyProgram` has passed it.
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

/// All schemas of a project or plan in one vector of words; a schema is an offset in it. What words
/// mean: schema_code.h.
struct SchemaCode {
  std::span<const uint32_t> code;
  std::span<const Value> constants;
  std::span<const std::string> patterns;  ///< RE2 syntax
};

/// One way in which a value does not fit.
struct Mismatch {
  std::string pointer;  ///< JSON pointer into the value; "" is the whole
  std::string keyword;  ///< "type", "required", …
  std::string message;  ///< for people and models: what was found, what was expected
};

/// "at /steps/0: expected a string, found 3", the first few joined by "; ".
[[nodiscard]] std::string Describe(std::span<const Mismatch> mismatches);

struct ValidationBudget {
  uint64_t steps = 10'000'000;
  uint32_t depth = 2048;  ///< schemas applied inside each other: instance depth plus references
  uint32_t max_mismatches = 8;
};

/// Proves that `Validator` can run the program: targets, indices, counts. `entries` are the
/// schemas' offsets.
[[nodiscard]] Result<void> VerifySchemaCode(const SchemaCode& code,
                                            std::span<const uint32_t> entries);

/// Patterns are compiled once, here. Immutable afterwards, and safe to use from several threads.
class Validator {
 public:
  /// `code` must outlive the validator and have passed VerifySchemaCode (the compiler's own has by
  /// construction).
  static Result<Validator> Make(const SchemaCode& code);
  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;
  ~Validator();

  /// No mismatch: the value fits. Past a budget the value does not fit, and the mismatch says so.
  [[nodiscard]] std::vector<Mismatch> Validate(uint32_t entry, const Value& value,
                                               const ValidationBudget& budget = {}) const;
  [[nodiscard]] bool Accepts(uint32_t entry, const Value& value) const;
  /// The same under a budget of steps, from which those that it takes are taken; none: it was
  /// spent, or the depth of ValidationBudget was.
  [[nodiscard]] std::optional<bool> AcceptsWithin(uint32_t entry, const Value& value,
                                                  uint64_t& steps_left) const;

  /// `value` with the `default` of every missing property filled in, also in nested objects and in
  /// what was filled in: by `properties` that `$ref`, `allOf`, `additionalProperties`,
  /// `patternProperties`, `items` or `prefixItems` lead to, and not by what stands under `anyOf`,
  /// `oneOf` or `if`. Fills in a bounded number of values.
  [[nodiscard]] Value ApplyDefaults(uint32_t entry, const Value& value) const;

  /// Whether `text` matches the pattern of that index somewhere.
  [[nodiscard]] bool Matches(uint32_t pattern, std::string_view text) const;

  /// The program that it runs.
  [[nodiscard]] const SchemaCode& code() const;

 private:
  Validator();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::types
