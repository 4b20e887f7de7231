#include "ir/types/schema/smallest_instance.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ir/types/regex/regex.h"
#include "ir/types/regex/shortest_match.h"
#include "ir/types/schema/smallest_number.h"
#include "ir/types/vm/formats.h"

namespace wfc::types {
namespace {

// The budget of one search. kMaxGoalDepth bounds the nesting of goals, kMaxAttempts their number,
// kMaxValues the items and properties made.
constexpr uint32_t kMaxGoalDepth = 64;
constexpr uint32_t kMaxAttempts = 20'000;
constexpr uint32_t kMaxValues = 100'000;
constexpr uint32_t kMaxTextLength = 1 << 20;

using Ids = std::vector<SchemaId>;

/// Searches for a value that several schemas accept together.
class Search {
 public:
  Search(const SchemaStore& schemas, const CompiledSchemas& compiled, const Validator& validator)
      : schemas_(schemas), compiled_(compiled), validator_(validator) {}

  /// `decided` are the schemas for which an alternative has already been chosen and added to `all`.
  std::optional<Value> Find(Ids all, const Ids& decided) {
    if (open_.size() >= kMaxGoalDepth || ++attempts_ > kMaxAttempts) return std::nullopt;
    // A goal inside itself is given up: a value that contains another solution is not the smallest.
    if (std::ranges::find(open_, all) != open_.end()) return std::nullopt;
    open_.push_back(all);
    std::optional<Value> found = FindBelow(std::move(all), decided);
    open_.pop_back();
    return found;
  }

 private:
  std::optional<Value> FindBelow(Ids all, const Ids& decided);
  std::optional<Value> FindAlternative(const Ids& all, const Ids& decided, SchemaId chooser);
  std::optional<Value> FindByType(const Ids& all, TypeMask types);
  std::optional<Value> FindText(std::span<const Schema* const> schemas);
  std::optional<Value> FindList(std::span<const Schema* const> schemas);
  std::optional<Value> FindObject(std::span<const Schema* const> schemas);
  std::optional<Value> FindPropertyValue(std::span<const Schema* const> schemas,
                                         const std::string& name);

  /// Extends `all` by the schemas that must hold with them.
  void AddReferences(Ids& all) const {
    const auto add = [&](SchemaId to) {
      if (to.has_value() && std::ranges::find(all, to) == all.end()) all.push_back(to);
    };
    for (size_t i = 0; i < all.size(); ++i) {
      const Schema& schema = schemas_[all[i]];
      add(schema.reference);
      std::ranges::for_each(schema.all_of, add);
    }
  }
  /// The alternatives of `anyOf`, or of `oneOf` when there is no `anyOf`.
  [[nodiscard]] const Ids& ArmsOf(SchemaId id) const {
    const Schema& schema = schemas_[id];
    return schema.any_of.empty() ? schema.one_of : schema.any_of;
  }
  std::optional<Value> Admit(const Ids& all, std::optional<Value> value) const {
    if (!value) return std::nullopt;
    const bool fits = std::ranges::all_of(all, [&](SchemaId id) {
      return validator_.Accepts(compiled_.entries.at(id.index()), *value);
    });
    return fits ? value : std::nullopt;
  }

  const SchemaStore& schemas_;
  const CompiledSchemas& compiled_;
  const Validator& validator_;
  std::vector<Ids> open_;  // the goals being searched for, outermost first
  uint32_t attempts_ = 0;
  uint32_t values_ = 0;
};

std::optional<Value> Search::FindBelow(Ids all, const Ids& decided) {
  AddReferences(all);
  TypeMask types = kAllTypes;
  for (const SchemaId id : all) types &= schemas_[id].types;
  std::optional<Value> found;
  for (const SchemaId id : all) {
    if (schemas_[id].is_false) return std::nullopt;
    if ((found = Admit(all, schemas_[id].default_value))) return found;
  }
  for (const SchemaId id : all) {
    if ((found = Admit(all, schemas_[id].constant))) return found;
  }
  for (const SchemaId id : all) {
    if (!schemas_[id].enumeration) continue;
    for (const Value& value : *schemas_[id].enumeration) {
      if ((found = Admit(all, value))) return found;
    }
    return std::nullopt;
  }
  for (const SchemaId id : all) {
    if (ArmsOf(id).empty() || std::ranges::find(decided, id) != decided.end()) continue;
    return FindAlternative(all, decided, id);
  }
  return FindByType(all, types);
}

std::optional<Value> Search::FindAlternative(const Ids& all, const Ids& decided, SchemaId chooser) {
  Ids decided_now = decided;
  decided_now.push_back(chooser);
  for (const SchemaId arm : ArmsOf(chooser)) {
    Ids with_arm = all;
    with_arm.push_back(arm);
    if (std::optional<Value> found = Find(std::move(with_arm), decided_now)) return found;
  }
  return std::nullopt;
}

std::optional<Value> Search::FindByType(const Ids& all, TypeMask types) {
  std::vector<const Schema*> schemas;
  for (const SchemaId id : all) schemas.push_back(&schemas_[id]);
  const auto allows = [&](TypeBit bit) { return (types & Bit(bit)) != 0; };
  std::optional<Value> found;
  if (allows(TypeBit::Null) && (found = Admit(all, Value::Null()))) return found;
  if (allows(TypeBit::Boolean)) {
    if ((found = Admit(all, Value::Bool(false)))) return found;
    if ((found = Admit(all, Value::Bool(true)))) return found;
  }
  if ((types & kNumberTypes) != 0 && (found = Admit(all, FindSmallestNumber(schemas, types)))) {
    return found;
  }
  if (allows(TypeBit::String) && (found = Admit(all, FindText(schemas)))) return found;
  if (allows(TypeBit::Array) && (found = Admit(all, FindList(schemas)))) return found;
  if (allows(TypeBit::Object)) return Admit(all, FindObject(schemas));
  return std::nullopt;
}

/// A sample text of the format whose length is within the bounds.
std::optional<Value> FindSample(Format format, uint32_t least, uint32_t most) {
  for (const std::string_view form : FindSamples(format)) {
    const std::string text = MakeSample(format, form, kLeastSampleNumber, least);
    if (text.size() >= least && text.size() <= most) return Value::String(text);
  }
  return std::nullopt;
}

std::optional<Value> Search::FindText(std::span<const Schema* const> schemas) {
  uint32_t least = 0;
  uint32_t most = kMaxTextLength;
  const SchemaPattern* pattern = nullptr;
  std::optional<Format> format;
  for (const Schema* schema : schemas) {
    least = std::max(least, schema->min_length);
    most = std::min(most, schema->max_length.value_or(most));
    if (schema->pattern) pattern = &*schema->pattern;
    if (schema->format) format = schema->format;
  }
  if (least > most) return std::nullopt;
  if (format && pattern == nullptr) return FindSample(*format, least, most);
  if (pattern == nullptr) return Value::String(std::string(least, ' '));
  const Result<Regex> regex = ParseRegex(pattern->source);
  if (!regex.ok()) return std::nullopt;
  const std::optional<std::string> text = FindShortestMatch(*regex, least, most);
  if (!text) return std::nullopt;
  return Value::String(*text);
}

std::optional<Value> Search::FindList(std::span<const Schema* const> schemas) {
  uint32_t count = 0;
  for (const Schema* schema : schemas) count = std::max(count, schema->min_items);
  if (count > kMaxValues - std::min(values_, kMaxValues)) return std::nullopt;
  values_ += count;
  std::vector<Value> items;
  size_t same_from = 0;  // from this index on, the same schemas apply to every item
  for (const Schema* schema : schemas) same_from = std::max(same_from, schema->prefix_items.size());
  for (size_t i = 0; i < count; ++i) {
    if (i > same_from) {
      items.push_back(items.back());
      continue;
    }
    Ids of_item;
    for (const Schema* schema : schemas) {
      const SchemaId id = i < schema->prefix_items.size() ? schema->prefix_items[i] : schema->items;
      if (id.has_value()) of_item.push_back(id);
    }
    std::optional<Value> item = Find(std::move(of_item), {});
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return Value::List(std::move(items));
}

std::optional<Value> Search::FindPropertyValue(std::span<const Schema* const> schemas,
                                               const std::string& name) {
  Ids of_property;
  for (const Schema* schema : schemas) {
    const SchemaId* property = schema->FindProperty(name);
    const SchemaId id = property != nullptr ? *property : schema->other_properties;
    if (id.has_value()) of_property.push_back(id);
  }
  ++values_;
  return Find(std::move(of_property), {});
}

std::optional<Value> Search::FindObject(std::span<const Schema* const> schemas) {
  std::vector<std::string> names;
  std::vector<std::string> optional;
  uint32_t count = 0;
  for (const Schema* schema : schemas) {
    names.insert(names.end(), schema->required.begin(), schema->required.end());
    for (const auto& [name, unused] : schema->properties) optional.push_back(name);
    count = std::max(count, schema->min_properties);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::ranges::sort(optional);
  for (const std::string& name : optional) {
    if (names.size() >= count) break;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  std::vector<MapEntry> entries;
  for (const std::string& name : names) {
    std::optional<Value> value = FindPropertyValue(schemas, name);
    if (!value || values_ > kMaxValues) return std::nullopt;
    entries.push_back({Value::String(name), std::move(*value)});
  }
  return Value::Map(std::move(entries));
}

}  // namespace

std::optional<Value> FindSmallestInstance(const SchemaStore& schemas,
                                          const CompiledSchemas& compiled,
                                          const Validator& validator, SchemaId id) {
  return Search(schemas, compiled, validator).Find({id}, {});
}

}  // namespace wfc::types
