// Decides whether a value fits by the records of the schemas. Every valid value takes only this
// path.
#include <algorithm>
#include <cmath>

#include "ir/base/utf8.h"
#include "ir/types/vm/check.h"
#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

bool IsBefore(const Value& left, const Value& right) {
  if (left.prefix() != right.prefix()) return left.prefix() < right.prefix();
  return left.AsString() < right.AsString();
}

// How many items ahead memory is prefetched; it must exceed the latency of the memory.
constexpr size_t kAhead = 4;

// Always inlined: it runs for each property of each record, where a call would double its cost.
[[gnu::always_inline]] inline bool IsNamed(const PropertySlot& slot, const Value& name) {
  if (name.text_head() != slot.key.head) return false;
  if (slot.rest == PropertySlot::Rest::None) return true;
  if (name.text_key().tail != slot.key.tail) return false;
  return slot.rest == PropertySlot::Rest::Tail || slot.name.AsString() == name.AsString();
}

/// The result of FindSlot.
struct FoundSlot {
  const PropertySlot* slot = nullptr;  ///< null: a required property before the name is missing
  /// Whether `slot` names it; otherwise `slot` is the first one after the name.
  bool is_named = false;
};

/// Finds the slot for `name` from `slot` on. Precondition: `slot` does not name it, and all slots
/// before it sort before `name`.
FoundSlot FindSlot(const PropertySlot* slot, const Value& name) {
  while (!slot->is_end && IsBefore(slot->name, name)) {
    if (slot->is_required) return {};
    ++slot;
    if (IsNamed(*slot, name)) return {slot, true};
  }
  return {slot, false};
}

bool FitsInt(const SchemaRecord& record, int64_t number) {
  return number >= record.numbers.least_int && number <= record.numbers.most_int;
}

}  // namespace

bool ValueCheck::FitsEntry(uint32_t entry, const Value& value) {
  return Fits(*records_.by_entry[entry], value);
}

bool ValueCheck::FitsAny(const SchemaRecord& record, const Value& value) {
  return Fits(record, value);
}

// Always inlined into the loops over entries and items, for the reason given at IsNamed.
[[gnu::always_inline]] inline bool ValueCheck::Fits(const SchemaRecord& record,
                                                    const Value& value) {
  switch (record.checks[static_cast<size_t>(value.kind())]) {
    case Check::Pass:
      return true;
    case Check::Fail:
      return false;
    case Check::Int:
      return FitsInt(record, value.AsInt());
    case Check::Double:
      return FitsDouble(record, value);
    case Check::Text:
      return FitsText(record, value);
    case Check::OneText:
      return FitsTexts(record, value);
    case Check::String:
      return FitsString(record, value);
    case Check::List:
      return FitsList(record, value);
    case Check::Object:
      return FitsObject(record, value);
    case Check::More:
      return FitsMore(record, value) && FitsLimits(record, value);
    case Check::Code:
      return ApplyCode(record.entry, value, Place());
  }
  return false;
}

bool ValueCheck::FitsLimits(const SchemaRecord& record, const Value& value) {
  if (value.kind() == Kind::Int) return FitsInt(record, value.AsInt());
  if (value.kind() == Kind::Double) return FitsDouble(record, value);
  if (value.kind() == Kind::String) return FitsString(record, value);
  if (value.kind() == Kind::List) return FitsList(record, value);
  return value.kind() != Kind::Map || FitsObject(record, value);
}

inline bool ValueCheck::FitsDouble(const SchemaRecord& record, const Value& value) {
  const double number = value.AsDouble();
  if (number < record.numbers.least || number > record.numbers.most || std::isnan(number)) {
    return !std::isfinite(number) && ApplyCode(record.entry, value, Place());
  }
  if ((record.types & kNumberTypes) == kNumberTypes) return true;
  const TypeBit type = number == std::floor(number) ? TypeBit::Integer : TypeBit::Fraction;
  return (record.types & Bit(type)) != 0;
}

bool ValueCheck::FitsMore(const SchemaRecord& record, const Value& value) {
  if (record.constants.count > 0 && !FitsConstants(record, value)) return false;
  if (record.all.count + record.any.count + record.code.count == 0) return true;
  const auto fits = [&](const SchemaRecord* each) {
    return ChargeBudget(1) && FitsAny(*each, value);
  };
  const auto holds = [&](uint32_t at) {
    return ChargeBudget(1) && ApplyInstruction(ReadInstruction(code_.code, at), value, Place());
  };
  const auto any = PartOf(records_.targets, record.any);
  return Enter(1) && Leave((any.empty() || std::ranges::any_of(any, fits)) &&
                           std::ranges::all_of(PartOf(records_.targets, record.all), fits) &&
                           std::ranges::all_of(PartOf(records_.instructions, record.code), holds));
}

bool ValueCheck::FitsConstants(const SchemaRecord& record, const Value& value) {
  const auto constants = PartOf(records_.constants, record.constants);
  // Most texts are compared by their keys, without reading the heap, which is where their weight is
  // stored.
  const uint64_t bytes = value.is_string() ? value.byte_count() : value.weight();
  return ChargeBudget(constants.size() * (1 + bytes / kBytesPerStep)) &&
         std::ranges::any_of(constants, [&](const Value& constant) {
           return constant.is_string() && value.is_string() ? constant.IsSameText(value)
                                                            : constant == value;
         });
}

// Compares with all texts without an early exit: which one matches is unpredictable, but that one
// matches is predictable.
inline bool ValueCheck::FitsTexts(const SchemaRecord& record, const Value& value) {
  const std::span<const TextKey> texts = PartOf(records_.texts, record.texts);
  bool is_one = false;
  if (record.has_long_texts) {
    const TextKey key = value.text_key();
    for (const TextKey& text : texts) is_one |= (text.head == key.head) & (text.tail == key.tail);
  } else {
    const uint64_t head = value.text_head();
    for (const TextKey& text : texts) is_one |= text.head == head;
  }
  return ChargeBudget(record.constants.count * (1 + value.byte_count() / kBytesPerStep)) && is_one;
}

// For ASCII text, the number of bytes is the number of code points.
inline bool ValueCheck::FitsText(const SchemaRecord& record, const Value& value) {
  const size_t bytes = value.byte_count();
  if (value.is_ascii() && bytes >= record.min_length && bytes <= record.max_length) return true;
  return FitsString(record, value);
}

// A code point takes one to four bytes, so few texts need counting.
bool ValueCheck::FitsString(const SchemaRecord& record, const Value& value) {
  const size_t bytes = value.byte_count();
  if (value.is_ascii()) {
    if (bytes < record.min_length || bytes > record.max_length) return false;
  } else if (bytes > record.max_length || (bytes + 3) / 4 < record.min_length) {
    if (!ChargeBudget(bytes / kBytesPerStep)) return false;
    const size_t length = CountCodePoints(value.AsString());
    if (length < record.min_length || length > record.max_length) return false;
  }
  if (record.pattern == kNoTarget) return true;
  return ChargeBudget(bytes / kBytesPerStep) && Matches(record.pattern, value.AsString());
}

bool ValueCheck::FitsList(const SchemaRecord& record, const Value& value) {
  const std::span<const Value> items = value.items();
  if (items.size() < record.min_items || items.size() > record.max_items) return false;
  if (record.items == nullptr || items.size() <= record.first_item) return true;
  return Enter(items.size()) && Leave(FitItems(*record.items, items.subspan(record.first_item)));
}

bool ValueCheck::FitItems(const SchemaRecord& record, std::span<const Value> items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (i + kAhead < items.size()) items[i + kAhead].Prefetch();
    if (!Fits(record, items[i])) return false;
  }
  return true;
}

bool ValueCheck::FitsObject(const SchemaRecord& record, const Value& value) {
  const std::span<const MapEntry> entries = value.entries();
  if (!entries.empty() && !entries.front().key.is_string()) {
    return ApplyCode(record.entry, value, Place());
  }
  return Enter(entries.size() + 1) && Leave(FitsEntries(record, entries));
}

// Entries and slots are both sorted by name, so one pass over both suffices.
inline bool ValueCheck::FitsEntries(const SchemaRecord& record, std::span<const MapEntry> entries) {
  const PropertySlot* slot = records_.slots.data() + record.slots.first;
  for (const MapEntry& entry : entries) {
    bool is_named = IsNamed(*slot, entry.key);
    if (!is_named) {
      const FoundSlot next = FindSlot(slot, entry.key);
      if (next.slot == nullptr) return false;
      slot = next.slot;
      is_named = next.is_named;
    }
    const bool fits = is_named ? Fits(*slot->record, entry.value)
                               : FitsAny(*record.other_properties, entry.value);
    if (!fits) return false;
    if (is_named) ++slot;
  }
  while (!slot->is_end && !slot->is_required) ++slot;
  return slot->is_end;
}

}  // namespace wfc::types
