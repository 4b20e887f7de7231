// Draws lists and objects: empty, full and in between, with and without their optional properties.
#include <algorithm>
#include <utility>

#include "ir/types/vm/draw_match.h"
#include "ir/types/vm/draw_value.h"

namespace wfc::types {
namespace {

/// The distinct items that are drawn; a longer list repeats them.
constexpr uint64_t kDistinctItems = 12;
constexpr uint64_t kLongestList = 4096;
/// The greatest length of a list without `maxItems`.
constexpr uint64_t kUsualLongestList = 100;
/// The limits on the weight of a list's items (`Value::weight`): past kHeavy a list ends as soon as
/// it may, and past kTooHeavy it is given up.
constexpr uint64_t kHeavy = 64 << 10;
constexpr uint64_t kTooHeavy = 16 << 20;
/// The upper bound, exclusive, on extra properties with names that no schema lists.
constexpr uint64_t kMostOthers = 3;
/// The largest `minProperties` that is attempted.
constexpr uint32_t kMostProperties = 1000;
/// The attempts at one new name, and the refused items of a list before the draw ends it.
constexpr int kAttemptsAtItem = 8;

bool HasKey(const std::vector<MapEntry>& entries, const Value& name) {
  return std::ranges::any_of(entries, [&](const MapEntry& entry) { return entry.key == name; });
}

}  // namespace

uint64_t ValueDraw::ChooseCount(uint64_t least, uint64_t most) {
  if (is_deep()) return least;
  const uint64_t few = std::min(most, least + 4);
  switch (choices_.Below(8)) {
    case 0:
      return least;
    case 1:
      return std::min(most, least + 1);
    case 7:
      return std::max(least, std::min(most, most == kNoCount ? kUsualLongestList : kLongestList));
    default:
      return least + choices_.Below(few - least + 1);
  }
}

std::optional<Value> ValueDraw::DrawList(const Shape& shape) {
  // The number of items at the beginning that have schemas of their own.
  uint64_t special_count = 0;
  for (const Shape::Containment& contained : shape.contained) special_count += contained.least;
  const uint64_t least = std::max<uint64_t>(shape.min_items, special_count);
  if (least > shape.max_items || least > kLongestList) return std::nullopt;
  for (const auto prefix : shape.prefixes) special_count = std::max(special_count, prefix.size());
  uint64_t count = ChooseCount(least, shape.max_items);
  if (shape.is_unique) count = std::min(count, std::max(least, kDistinctItems));
  std::vector<Value> items;
  uint64_t weight = 0;
  for (int refusals = 0; items.size() < (weight > kHeavy ? least : count);) {
    const bool repeats = !shape.is_unique && items.size() >= special_count + kDistinctItems;
    std::optional<Value> item =
        repeats ? items[items.size() - kDistinctItems] : DrawItem(shape, items.size());
    const bool is_twin = item && shape.is_unique && std::ranges::find(items, *item) != items.end();
    if (item && !is_twin) {
      weight += item->weight();
      items.push_back(std::move(*item));
    } else if (++refusals == kAttemptsAtItem) {
      break;
    }
    if (weight > kTooHeavy) return std::nullopt;
  }
  if (items.size() < least) return std::nullopt;
  return Value::List(std::move(items));
}

std::optional<Value> ValueDraw::DrawItem(const Shape& shape, size_t index) {
  std::vector<uint32_t> targets;
  for (const std::span<const uint32_t> prefix : shape.prefixes) {
    if (index < prefix.size()) targets.push_back(prefix[index]);
  }
  for (const Shape::ItemRule& rule : shape.items) {
    if (index >= rule.first) targets.push_back(rule.target);
  }
  size_t place = index;
  for (const Shape::Containment& contained : shape.contained) {
    if (place < contained.least) {
      targets.push_back(contained.target);
      break;
    }
    place -= contained.least;
  }
  return Draw(targets);
}

std::optional<Value> ValueDraw::DrawObject(const Shape& shape) {
  if (shape.min_properties > kMostProperties) return std::nullopt;
  std::vector<MapEntry> entries;
  if (!AddRequired(shape, entries)) return std::nullopt;
  if (!is_deep()) AddOptional(shape, entries);
  AddRead(shape, entries);
  AddOthers(shape, entries);
  if (!AddDependent(shape, entries)) return std::nullopt;
  if (entries.size() < shape.min_properties || entries.size() > shape.max_properties) {
    return std::nullopt;
  }
  return Value::Map(std::move(entries));
}

bool ValueDraw::AddProperty(const Shape& shape, const Value& name, std::vector<MapEntry>& entries) {
  if (HasKey(entries, name)) return true;
  std::vector<uint32_t> targets;
  for (const Shape::PropertyRule& rule : shape.properties) {
    AddTargets(rule, name, targets);
  }
  std::optional<Value> value = Draw(targets);
  if (!value) return false;
  entries.push_back({name, std::move(*value)});
  return true;
}

void ValueDraw::AddTargets(const Shape::PropertyRule& rule, const Value& name,
                           std::vector<uint32_t>& targets) const {
  const size_t count_before = targets.size();
  for (size_t i = 0; i + 1 < rule.named.size(); i += 2) {
    if (code_.constants[rule.named[i]] == name) targets.push_back(rule.named[i + 1]);
  }
  for (size_t i = 0; i + 1 < rule.patterns.size(); i += 2) {
    const bool is_meant = validator_.Matches(rule.patterns[i], name.AsString());
    if (is_meant) targets.push_back(rule.patterns[i + 1]);
  }
  const bool is_other = targets.size() == count_before;
  if (is_other && rule.other != kNoTarget) targets.push_back(rule.other);
}

/// Whether a schema lists the property `name`; AddOptional has then already decided about it.
bool ValueDraw::IsNamed(const Shape& shape, const Value& name) const {
  return std::ranges::any_of(shape.properties, [&](const Shape::PropertyRule& rule) {
    for (size_t i = 0; i + 1 < rule.named.size(); i += 2) {
      if (code_.constants[rule.named[i]] == name) return true;
    }
    return false;
  });
}

bool ValueDraw::AddRequired(const Shape& shape, std::vector<MapEntry>& entries) {
  return std::ranges::all_of(shape.required, [&](uint32_t name) {
    return AddProperty(shape, code_.constants[name], entries);
  });
}

void ValueDraw::AddOptional(const Shape& shape, std::vector<MapEntry>& entries) {
  for (const Shape::PropertyRule& rule : shape.properties) {
    for (size_t i = 0; i + 1 < rule.named.size(); i += 2) {
      const Value& name = code_.constants[rule.named[i]];
      if (entries.size() >= shape.max_properties || HasKey(entries, name)) continue;
      if (choices_.Among(2) == 1) AddProperty(shape, name, entries);
    }
  }
}

/// Adds properties that readers read even if no schema lists them: usually all that are allowed.
void ValueDraw::AddRead(const Shape& shape, std::vector<MapEntry>& entries) {
  if (vocabulary_.names.empty() || !uses_vocabulary() || choices_.Below(4) == 0) return;
  for (const std::string& read : vocabulary_.names) {
    if (entries.size() >= shape.max_properties || !uses_vocabulary()) return;
    const Value name = Value::String(read);
    if (!IsNamed(shape, name)) AddProperty(shape, name, entries);
  }
}

/// Adds the properties that present ones depend on, until none is missing. Returns false when a
/// value could not be drawn.
bool ValueDraw::AddDependent(const Shape& shape, std::vector<MapEntry>& entries) {
  size_t count_before = 0;
  while (std::exchange(count_before, entries.size()) != entries.size()) {
    for (const std::span<const uint32_t> dependent : shape.dependent) {
      if (!HasKey(entries, code_.constants[dependent[0]])) continue;
      for (const uint32_t name : dependent.subspan(1))
        if (!AddProperty(shape, code_.constants[name], entries)) return false;
    }
  }
  return true;
}

/// Adds properties that no schema names: as many as `minProperties` needs, and a few more if a
/// schema constrains such properties, or now and then otherwise.
void ValueDraw::AddOthers(const Shape& shape, std::vector<MapEntry>& entries) {
  const bool is_spoken_of =
      std::ranges::any_of(shape.properties, [](const Shape::PropertyRule& rule) {
        return !rule.patterns.empty() || rule.other != kNoTarget;
      });
  uint64_t count = 0;
  if (entries.size() < shape.min_properties) count = shape.min_properties - entries.size();
  if (!is_deep() && (is_spoken_of || choices_.OneIn(8))) count += choices_.Below(kMostOthers);
  for (uint64_t i = 0; i < count && entries.size() < shape.max_properties; ++i) {
    for (int attempt = 0; attempt < kAttemptsAtItem; ++attempt) {
      const std::optional<Value> name = DrawName(shape, i + static_cast<uint64_t>(attempt));
      if (name && !HasKey(entries, *name) && AddProperty(shape, *name, entries)) break;
    }
  }
}

std::optional<Value> ValueDraw::DrawName(const Shape& shape, size_t index) {
  std::vector<uint32_t> patterns;
  for (const Shape::PropertyRule& rule : shape.properties) {
    for (size_t i = 0; i + 1 < rule.patterns.size(); i += 2) patterns.push_back(rule.patterns[i]);
  }
  if (!patterns.empty() && choices_.Below(2) == 0) {
    const auto name =
        DrawMatch(code_.patterns[patterns[choices_.Below(patterns.size())]], choices_);
    return name ? std::optional(Value::String(*name)) : std::nullopt;
  }
  if (!shape.property_names.empty()) {
    std::optional<Value> name = Draw(shape.property_names);
    return name && name->is_string() ? name : std::nullopt;
  }
  return Value::String(index == 0 ? "other" : "other" + std::to_string(index));
}

}  // namespace wfc::types
