#include "ir/types/vm/validator.h"

#include <algorithm>
#include <utility>

#include "ir/types/vm/check.h"
#include "ir/types/vm/defaults.h"
#include "ir/types/vm/patterns.h"

namespace wfc::types {

struct Validator::Impl {
  PreparedCode prepared;
};

Validator::Validator() : impl_(std::make_unique<Impl>()) {}
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;
Validator::~Validator() = default;

Result<Validator> Validator::Make(const SchemaCode& code) {
  Validator validator;
  PreparedCode& prepared = validator.impl_->prepared;
  prepared.code = code;
  Result<std::vector<CompiledPattern>> patterns = CompilePatterns(code.patterns);
  if (!patterns.ok()) return patterns.error();
  prepared.patterns = std::move(*patterns);
  prepared.records = MakeRecords(code);
  prepared.enums = LargeEnums(code);
  return validator;
}

std::vector<Mismatch> Validator::Validate(uint32_t entry, const Value& value,
                                          const ValidationBudget& budget) const {
  ValueCheck quick(impl_->prepared, budget, ValueCheck::Detail::None);
  if (quick.Run(entry, value)) return {};
  ValueCheck check(impl_->prepared, budget, ValueCheck::Detail::All);
  check.Run(entry, value);
  return check.TakeMismatches();
}

bool Validator::Accepts(uint32_t entry, const Value& value) const {
  const ValidationBudget budget;
  return ValueCheck(impl_->prepared, budget, ValueCheck::Detail::None).Run(entry, value);
}

std::optional<bool> Validator::AcceptsWithin(uint32_t entry, const Value& value,
                                             uint64_t& steps_left) const {
  const ValidationBudget budget = {.steps = steps_left};
  ValueCheck check(impl_->prepared, budget, ValueCheck::Detail::None);
  const bool fits = check.Run(entry, value);
  steps_left -= std::min(steps_left, check.steps());
  if (check.is_exhausted()) return std::nullopt;
  return fits;
}

std::optional<Value> Validator::ApplyDefaults(uint32_t entry, const Value& value) const {
  return FillDefaults(impl_->prepared.code, impl_->prepared.patterns, entry, value);
}

std::vector<Mismatch> Validator::FillAndValidate(uint32_t entry, Value& value) const {
  std::optional<Value> filled = ApplyDefaults(entry, value);
  if (!filled) {
    return {
        {.pointer = "", .keyword = "default", .message = "it has too many defaults to fill in"}};
  }
  value = *std::move(filled);
  return Validate(entry, value);
}

bool Validator::Matches(uint32_t pattern, std::string_view text) const {
  return MatchesPattern(impl_->prepared.patterns[pattern], text);
}

const SchemaCode& Validator::code() const {
  return impl_->prepared.code;
}

}  // namespace wfc::types
