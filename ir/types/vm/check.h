// One run of a validator program over one value. Validator makes one for each call.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/vm/large_enums.h"
#include "ir/types/vm/patterns.h"
#include "ir/types/vm/records.h"
#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// Bytes of a value that count as one step of the budget.
inline constexpr uint64_t kBytesPerStep = 64;
/// Pairs of a byte and an instruction of a pattern that count as one step.
inline constexpr uint64_t kPairsPerStep = 64;
/// Values and names that a message lists.
inline constexpr size_t kMaxListed = 10;

/// What Validator makes of code once.
struct PreparedCode {
  SchemaCode code;
  std::vector<CompiledPattern> patterns;
  SchemaRecords records;
  LargeEnums enums;
};

class ValueCheck {
 public:
  enum class Detail : uint8_t {
    None,   ///< whether it fits; stops at the first mismatch
    First,  ///< what the first mismatch is
    All,    ///< what mismatches there are
  };

  ValueCheck(const PreparedCode& prepared, const ValidationBudget& budget, Detail detail)
      : code_(prepared.code),
        patterns_(prepared.patterns),
        records_(prepared.records),
        enums_(prepared.enums),
        budget_(budget),
        detail_(detail) {}

  /// Whether `value` fits the schema at `entry`.
  bool Run(uint32_t entry, const Value& value);
  /// After Run; empty when the value fits, and under Detail::None.
  [[nodiscard]] std::vector<Mismatch> TakeMismatches() { return std::move(mismatches_); }
  /// After Run: it does not fit because a budget was spent.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  [[nodiscard]] uint64_t steps() const { return steps_; }

 private:
  /// Where in the value the check is: a step from `parent` to the property `name` or the item
  /// `index`.
  struct Place {
    const Place* parent = nullptr;
    const Value* name = nullptr;
    size_t index = 0;
  };

  bool ApplySchema(uint32_t entry, const Value& value, const Place& place);
  bool ApplyCode(uint32_t entry, const Value& value, const Place& place);
  bool ApplyInstruction(const Instruction& instruction, const Value& value, const Place& place);
  bool ApplyGeneral(const Instruction& instruction, const Value& value, const Place& place);
  bool ApplyToNumber(const Instruction& instruction, const Value& value, const Place& place);
  bool ApplyToString(const Instruction& instruction, const Value& value, const Place& place);
  // check_containers.cpp
  bool ApplyToList(const Instruction& instruction, const Value& value, const Place& place);
  bool ApplyToObject(const Instruction& instruction, const Value& value, const Place& place);
  // check_combined.cpp
  bool ApplyCombined(const Instruction& instruction, const Value& value, const Place& place);

  bool IsListed(std::span<const uint32_t> constants, const Value& value);
  bool CheckEnum(std::span<const uint32_t> constants, const Value& value, const Place& place);
  bool CheckBound(const Instruction& instruction, const Value& value, const Place& place);
  bool CheckUnique(const Value& value, const Place& place);
  bool CheckPropertyCount(const Instruction& instruction, const Value& value, const Place& place);
  bool CheckRequired(std::span<const uint32_t> names, const Value& value, const Place& place);
  /// What Properties and PatternProperties say of the properties of an object.
  struct PropertyTargets {
    uint32_t other = kNoTarget;
    std::span<const uint32_t> patterns;  ///< (pattern, target)…
    std::span<const uint32_t> named;     ///< (name, target)…
  };
  static PropertyTargets ReadProperties(const Instruction& instruction);
  bool CheckProperties(const PropertyTargets& targets, const Value& value, const Place& place);
  bool CheckOtherProperty(const PropertyTargets& targets, const MapEntry& entry,
                          const Place& place);
  bool CheckPropertyNames(uint32_t target, const Value& value, const Place& place);
  bool CheckDependentRequired(std::span<const uint32_t> names, const Value& value,
                              const Place& place);
  bool CheckDependentSchemas(std::span<const uint32_t> named, const Value& value,
                             const Place& place);
  bool CheckContains(std::span<const uint32_t> operands, const Value& value, const Place& place);
  bool CheckAllOf(std::span<const uint32_t> targets, const Value& value, const Place& place);
  bool CheckAnyOf(std::span<const uint32_t> targets, const Value& value, const Place& place);
  bool CheckOneOf(std::span<const uint32_t> targets, const Value& value, const Place& place);
  bool CheckNot(uint32_t target, const Value& value, const Place& place);
  bool CheckIf(std::span<const uint32_t> targets, const Value& value, const Place& place);
  /// The schema that a DynamicRef means where the check is.
  [[nodiscard]] uint32_t FindInScope(const Instruction& reference) const;
  bool FailAlternatives(std::string_view keyword, std::span<const uint32_t> targets,
                        const Value& value, const Place& place);
  /// Whether the value fits, without a word about it.
  bool FitsQuietly(uint32_t target, const Value& value, const Place& place);
  bool ApplyItem(uint32_t target, const Value& list, size_t index, const Place& place);
  /// Whether to go on after a mismatch.
  [[nodiscard]] bool goes_on() const;
  /// Whether the budget reaches.
  bool ChargeBudget(uint64_t steps) {
    steps_ += steps;
    if (steps_ > budget_.steps) is_exhausted_ = true;
    return !is_exhausted_;
  }

  /// Goes into a value or a schema for `steps`; where it may, Leave follows.
  bool Enter(uint64_t steps) {
    if (++depth_ > budget_.depth) is_exhausted_ = true;
    return ChargeBudget(steps);
  }
  bool Leave(bool fits) {
    if (!is_exhausted_) --depth_;  // else it tells which limit was met
    return fits && !is_exhausted_;
  }

  /// Records a mismatch, where mismatches are wanted; always false.
  bool Fail(const Place& place, std::string_view keyword, std::string message);
  [[nodiscard]] bool is_silent() const { return detail_ == Detail::None; }
  [[nodiscard]] const Value& constant(uint32_t index) const { return code_.constants[index]; }
  Mismatch FindNearestAlternative(std::string_view keyword, std::span<const uint32_t> targets,
                                  const Value& value, const Place& place);
  /// False also where the budget does not reach.
  [[nodiscard]] bool Matches(uint32_t pattern, std::string_view text) {
    const CompiledPattern& compiled = patterns_[pattern];
    return ChargeBudget(SearchCost(compiled, text.size()) / kPairsPerStep) &&
           MatchesPattern(compiled, text);
  }

  // check_evaluated.cpp: what the other keywords of a schema judge of an object or a list.
  struct Evaluated {
    std::vector<bool> parts;  ///< by entry or by item
    bool all = false;
  };
  bool CheckUnevaluated(uint32_t entry, const Instruction& instruction, const Value& value,
                        const Place& place);
  /// By the instructions of a schema before the first `until`.
  void AddEvaluated(uint32_t entry, Op until, const Value& value, const Place& place,
                    Evaluated& evaluated);
  void AddEvaluatedBy(const Instruction& instruction, const Value& value, const Place& place,
                      Evaluated& evaluated);
  void AddEvaluatedItems(const Instruction& instruction, const Value& value, const Place& place,
                         Evaluated& evaluated);
  void AddEvaluatedProperties(const Instruction& instruction, const Value& value,
                              const Place& place, Evaluated& evaluated);

  // check_records.cpp: the same without a word.
  bool FitsEntry(uint32_t entry, const Value& value);
  bool Fits(const SchemaRecord& record, const Value& value);
  /// Fits, for where it is seldom called.
  bool FitsAny(const SchemaRecord& record, const Value& value);
  bool FitsLimits(const SchemaRecord& record, const Value& value);
  bool FitsDouble(const SchemaRecord& record, const Value& value);
  bool FitsMore(const SchemaRecord& record, const Value& value);
  bool FitsConstants(const SchemaRecord& record, const Value& value);
  bool FitsText(const SchemaRecord& record, const Value& value);
  bool FitsTexts(const SchemaRecord& record, const Value& value);
  bool FitsString(const SchemaRecord& record, const Value& value);
  bool FitsList(const SchemaRecord& record, const Value& value);
  bool FitItems(const SchemaRecord& record, std::span<const Value> items);
  bool FitsObject(const SchemaRecord& record, const Value& value);
  bool FitsEntries(const SchemaRecord& record, std::span<const MapEntry> entries);

  const SchemaCode& code_;
  std::span<const CompiledPattern> patterns_;
  const SchemaRecords& records_;
  const LargeEnums& enums_;
  const ValidationBudget& budget_;
  Detail detail_;
  std::vector<Mismatch> mismatches_;
  uint64_t steps_ = 0;
  uint32_t depth_ = 0;
  std::vector<std::span<const uint32_t>> scopes_;  // (name, target)…, from the outside in
  bool is_exhausted_ = false;
};

}  // namespace wfc::types
