// The validation of one value by a validator program. Validator makes one ValueCheck per call.
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

/// The bytes of a value (`Value::weight`) that one step of the budget pays for.
inline constexpr uint64_t kBytesPerStep = 64;
/// The products of text bytes and pattern instructions that one step of the budget pays for.
inline constexpr uint64_t kPairsPerStep = 64;
/// The most values or names that a message lists.
inline constexpr size_t kMaxListed = 10;

/// A program together with everything that Validator derives from it once.
struct PreparedCode {
  SchemaCode code;
  std::vector<CompiledPattern> patterns;
  SchemaRecords records;
  LargeEnums enums;
};

/// Validates one value and collects mismatches. An instance is used for one Run.
class ValueCheck {
 public:
  enum class Detail : uint8_t {
    None,   ///< whether the value fits; stops at the first mismatch
    First,  ///< the first mismatch
    All,    ///< all mismatches, up to the budget
  };

  /// `prepared` and `budget` must outlive the check.
  ValueCheck(const PreparedCode& prepared, const ValidationBudget& budget, Detail detail)
      : code_(prepared.code),
        patterns_(prepared.patterns),
        records_(prepared.records),
        enums_(prepared.enums),
        budget_(budget),
        detail_(detail) {}

  /// Whether `value` fits the schema at `entry`. A value that exceeds the budget does not fit.
  bool Run(uint32_t entry, const Value& value);
  /// The mismatches that Run found; empty when the value fits, and under Detail::None.
  [[nodiscard]] std::vector<Mismatch> TakeMismatches() { return std::move(mismatches_); }
  /// Whether Run failed because it exceeded the budget.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  /// The steps that Run took.
  [[nodiscard]] uint64_t steps() const { return steps_; }

 private:
  /// A position in the value: the property `name` or the item `index` of the position `parent`. The
  /// root has no parent.
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
  // Defined in check_containers.cpp.
  bool ApplyToList(const Instruction& instruction, const Value& value, const Place& place);
  bool ApplyToObject(const Instruction& instruction, const Value& value, const Place& place);
  // Defined in check_combined.cpp.
  bool ApplyCombined(const Instruction& instruction, const Value& value, const Place& place);

  bool IsListed(std::span<const uint32_t> constants, const Value& value);
  bool CheckEnum(std::span<const uint32_t> constants, const Value& value, const Place& place);
  bool CheckBound(const Instruction& instruction, const Value& value, const Place& place);
  bool CheckUnique(const Value& value, const Place& place);
  bool CheckPropertyCount(const Instruction& instruction, const Value& value, const Place& place);
  bool CheckRequired(std::span<const uint32_t> names, const Value& value, const Place& place);
  /// The operands of Properties or PatternProperties.
  struct PropertyTargets {
    uint32_t other = kNoTarget;
    std::span<const uint32_t> patterns;  ///< (pattern, target) pairs
    std::span<const uint32_t> named;     ///< (name, target) pairs
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
  /// The target of a DynamicRef in the current dynamic scope.
  [[nodiscard]] uint32_t FindInScope(const Instruction& reference) const;
  bool FailAlternatives(std::string_view keyword, std::span<const uint32_t> targets,
                        const Value& value, const Place& place);
  /// Whether the value fits, without recording mismatches.
  bool FitsQuietly(uint32_t target, const Value& value, const Place& place);
  bool ApplyItem(uint32_t target, const Value& list, size_t index, const Place& place);
  /// Whether to continue after a mismatch in order to find more.
  [[nodiscard]] bool goes_on() const;
  /// Charges `steps`; returns whether the budget suffices.
  bool ChargeBudget(uint64_t steps) {
    steps_ += steps;
    if (steps_ > budget_.steps) is_exhausted_ = true;
    return !is_exhausted_;
  }

  /// Charges `steps` and descends into a value or a schema. If it returns true, Leave must follow.
  bool Enter(uint64_t steps) {
    if (++depth_ > budget_.depth) is_exhausted_ = true;
    return ChargeBudget(steps);
  }
  bool Leave(bool fits) {
    if (!is_exhausted_) --depth_;  // otherwise `depth_` tells which limit was exceeded
    return fits && !is_exhausted_;
  }

  /// Records a mismatch if mismatches are wanted. Always returns false.
  bool Fail(const Place& place, std::string_view keyword, std::string message);
  [[nodiscard]] bool is_silent() const { return detail_ == Detail::None; }
  [[nodiscard]] const Value& constant(uint32_t index) const { return code_.constants[index]; }
  Mismatch FindNearestAlternative(std::string_view keyword, std::span<const uint32_t> targets,
                                  const Value& value, const Place& place);
  /// Whether `text` matches the pattern. Also false when the budget is exceeded.
  [[nodiscard]] bool Matches(uint32_t pattern, std::string_view text) {
    const CompiledPattern& compiled = patterns_[pattern];
    return ChargeBudget(SearchCost(compiled, text.size()) / kPairsPerStep) &&
           MatchesPattern(compiled, text);
  }

  // Defined in check_evaluated.cpp: the parts of a list or object that other keywords have
  // evaluated.
  struct Evaluated {
    std::vector<bool> parts;  ///< by item, or by entry in order of the keys
    bool all = false;
  };
  bool CheckUnevaluated(uint32_t entry, const Instruction& instruction, const Value& value,
                        const Place& place);
  /// Adds the parts that the instructions of a schema before the first `until` evaluate.
  void AddEvaluated(uint32_t entry, Op until, const Value& value, const Place& place,
                    Evaluated& evaluated);
  void AddEvaluatedBy(const Instruction& instruction, const Value& value, const Place& place,
                      Evaluated& evaluated);
  void AddEvaluatedItems(const Instruction& instruction, const Value& value, const Place& place,
                         Evaluated& evaluated);
  void AddEvaluatedProperties(const Instruction& instruction, const Value& value,
                              const Place& place, Evaluated& evaluated);

  // Defined in check_records.cpp: validation by the schema's record, without mismatches.
  bool FitsEntry(uint32_t entry, const Value& value);
  bool Fits(const SchemaRecord& record, const Value& value);
  /// As Fits, but not inlined, for calls that are rare.
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
  // (name, target) pairs of the open scopes, outermost first.
  std::vector<std::span<const uint32_t>> scopes_;
  bool is_exhausted_ = false;
};

}  // namespace wfc::types
