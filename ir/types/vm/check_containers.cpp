// Validates the parts of lists and objects: items, properties, their names and their counts.
#include <algorithm>
#include <string>
#include <unordered_set>

#include <fmt/core.h>

#include "ir/types/vm/check.h"
#include "ir/types/vm/describe.h"
#include "ir/types/vm/patterns.h"
#include "ir/value/json.h"

namespace wfc::types {

bool ValueCheck::ApplyToList(const Instruction& instruction, const Value& value,
                             const Place& place) {
  const std::span<const Value> items = value.items();
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::UniqueItems) return CheckUnique(value, place);
  if (instruction.op == Op::PrefixItems) {
    bool fits = true;
    for (size_t i = 0; i < operands.size() && i < items.size() && (fits || goes_on()); ++i) {
      fits = ApplyItem(operands[i], value, i, place) && fits;
    }
    return fits;
  }
  if (instruction.op == Op::Items) {
    bool fits = true;
    for (size_t i = operands[0]; i < items.size() && (fits || goes_on()); ++i) {
      fits = ApplyItem(operands[1], value, i, place) && fits;
    }
    return fits;
  }
  if (instruction.op == Op::Contains) return CheckContains(operands, value, place);
  const bool is_minimum = instruction.op == Op::MinItems;
  if (is_minimum ? items.size() >= operands[0] : items.size() <= operands[0]) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minItems" : "maxItems",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(operands[0], "item", "items"), items.size()));
}

bool ValueCheck::ApplyItem(uint32_t target, const Value& list, size_t index, const Place& place) {
  const Place item = {.parent = &place, .name = nullptr, .index = index};
  return ChargeBudget(1) && ApplySchema(target, list.items()[index], item);
}

bool ValueCheck::CheckUnique(const Value& value, const Place& place) {
  if (!ChargeBudget(value.weight() / kBytesPerStep)) return false;
  std::unordered_set<Value, EqualHash> seen;
  for (size_t i = 0; i < value.items().size(); ++i) {
    if (seen.insert(value.items()[i]).second) continue;
    if (is_silent()) return false;
    return Fail(place, "uniqueItems",
                fmt::format("expected items that differ, found {} again at {}",
                            DescribeValue(value.items()[i]), i));
  }
  return true;
}

bool ValueCheck::ApplyToObject(const Instruction& instruction, const Value& value,
                               const Place& place) {
  const std::span<const uint32_t> operands = instruction.operands;
  const Op op = instruction.op;
  if (op == Op::Required) return CheckRequired(operands, value, place);
  if (op == Op::PropertyNames) return CheckPropertyNames(operands[0], value, place);
  if (op == Op::DependentRequired) return CheckDependentRequired(operands, value, place);
  if (op == Op::DependentSchemas) return CheckDependentSchemas(operands, value, place);
  if (op == Op::Properties || op == Op::PatternProperties) {
    return CheckProperties(ReadProperties(instruction), value, place);
  }
  return CheckPropertyCount(instruction, value, place);
}

bool ValueCheck::CheckPropertyCount(const Instruction& instruction, const Value& value,
                                    const Place& place) {
  const uint32_t bound = instruction.operands[0];
  const size_t count = value.entries().size();
  const bool is_minimum = instruction.op == Op::MinProperties;
  if (is_minimum ? count >= bound : count <= bound) return true;
  if (is_silent()) return false;
  return Fail(place, is_minimum ? "minProperties" : "maxProperties",
              fmt::format("expected at {} {}, found {}", is_minimum ? "least" : "most",
                          Count(bound, "property", "properties"), count));
}

bool ValueCheck::CheckRequired(std::span<const uint32_t> names, const Value& value,
                               const Place& place) {
  bool fits = true;
  for (const uint32_t name : names) {
    if (!ChargeBudget(1)) return false;
    if (value.Find(constant(name)) != nullptr) continue;
    fits = false;
    if (is_silent()) return false;
    Fail(place, "required", fmt::format("the property `{}` is missing", constant(name).AsString()));
    if (!goes_on()) return false;
  }
  return fits;
}

ValueCheck::PropertyTargets ValueCheck::ReadProperties(const Instruction& instruction) {
  const std::span<const uint32_t> operands = instruction.operands;
  if (instruction.op == Op::Properties) return {operands[0], {}, operands.subspan(1)};
  const size_t pattern_words = size_t{2} * operands[1];
  return {operands[0], operands.subspan(2, pattern_words), operands.subspan(2 + pattern_words)};
}

// Entries and properties are both sorted by name, so one pass over both suffices.
bool ValueCheck::CheckProperties(const PropertyTargets& targets, const Value& value,
                                 const Place& place) {
  bool fits = true;
  size_t at = 0;
  const std::span<const uint32_t> named = targets.named;
  for (const MapEntry& entry : value.entries()) {
    if (!fits && !goes_on()) break;
    const std::string_view name = entry.key.AsString();
    while (at < named.size() && constant(named[at]).AsString() < name) at += 2;
    if (!ChargeBudget(1)) return false;
    bool is_known = at < named.size() && constant(named[at]) == entry.key;
    const Place property = {.parent = &place, .name = &entry.key, .index = 0};
    if (is_known) fits = ApplySchema(named[at + 1], entry.value, property) && fits;
    for (size_t i = 0; i < targets.patterns.size(); i += 2) {
      if (!ChargeBudget(1 + name.size() / kBytesPerStep)) return false;
      if (!Matches(targets.patterns[i], name)) continue;
      is_known = true;
      fits = ApplySchema(targets.patterns[i + 1], entry.value, property) && fits;
    }
    if (!is_known) fits = CheckOtherProperty(targets, entry, place) && fits;
  }
  return fits;
}

bool ValueCheck::CheckOtherProperty(const PropertyTargets& targets, const MapEntry& entry,
                                    const Place& place) {
  if (targets.other == kNoTarget) return true;
  if (ReadInstruction(code_.code, targets.other).op != Op::False) {
    const Place property = {.parent = &place, .name = &entry.key, .index = 0};
    return ApplySchema(targets.other, entry.value, property);
  }
  if (is_silent()) return false;
  std::string allowed;
  const size_t count = targets.named.size() / 2;
  for (size_t i = 0; i < count && count <= kMaxListed; ++i) {
    allowed += fmt::format("{}`{}`", i == 0 ? "; allowed: " : ", ",
                           constant(targets.named[2 * i]).AsString());
  }
  return Fail(place, "additionalProperties",
              fmt::format("unknown property `{}`{}", entry.key.AsString(), allowed));
}

bool ValueCheck::CheckPropertyNames(uint32_t target, const Value& value, const Place& place) {
  bool fits = true;
  for (const MapEntry& entry : value.entries()) {
    if (!fits && !goes_on()) break;
    if (!ChargeBudget(1)) return false;
    if (FitsQuietly(target, entry.key, place)) continue;
    fits = false;
    if (is_silent() || is_exhausted_) return false;
    Fail(place, "propertyNames",
         fmt::format("no property may be named `{}`", entry.key.AsString()));
  }
  return fits;
}

bool ValueCheck::CheckDependentRequired(std::span<const uint32_t> names, const Value& value,
                                        const Place& place) {
  if (value.Find(constant(names[0])) == nullptr) return true;
  bool fits = true;
  for (const uint32_t name : names.subspan(1)) {
    if (!ChargeBudget(1)) return false;
    if (value.Find(constant(name)) != nullptr) continue;
    fits = false;
    if (is_silent()) return false;
    Fail(place, "dependentRequired",
         fmt::format("the property `{}` is missing; `{}` needs it", constant(name).AsString(),
                     constant(names[0]).AsString()));
    if (!goes_on()) return false;
  }
  return fits;
}

bool ValueCheck::CheckDependentSchemas(std::span<const uint32_t> named, const Value& value,
                                       const Place& place) {
  bool fits = true;
  for (size_t i = 0; i < named.size() && (fits || goes_on()); i += 2) {
    if (!ChargeBudget(1)) return false;
    if (value.Find(constant(named[i])) == nullptr) continue;
    fits = ApplySchema(named[i + 1], value, place) && fits;
  }
  return fits;
}

bool ValueCheck::CheckContains(std::span<const uint32_t> operands, const Value& value,
                               const Place& place) {
  const uint32_t least = operands[1];
  const uint32_t most = operands[2];
  size_t count = 0;
  for (const Value& item : value.items()) {
    if (!ChargeBudget(1)) return false;
    if (FitsQuietly(operands[0], item, place)) ++count;
    if (count > most || (count >= least && most == kNoCount)) break;
  }
  if (is_exhausted_) return false;
  if (count >= least && (most == kNoCount || count <= most)) return true;
  if (is_silent()) return false;
  const bool is_few = count < least;
  return Fail(
      place, is_few ? "contains" : "maxContains",
      fmt::format("expected at {} {} of the kind that `contains` describes, found {}",
                  is_few ? "least" : "most", Count(is_few ? least : most, "item", "items"), count));
}

}  // namespace wfc::types
