#include "ir/types/containment/subschema_facts.h"

#include <algorithm>
#include <utility>

namespace wfc::types {
namespace {

/// The most arms of a `oneOf` that are examined; the number of pairs of arms is quadratic.
constexpr size_t kMaxArms = 64;

Fact Meets(Term term) {
  return {.kind = FactKind::Meets, .term = term};
}
Fact AtLeast(uint32_t count) {
  return {.kind = FactKind::CountAtLeast, .least = count};
}
Fact AtMost(uint32_t count) {
  return {.kind = FactKind::CountAtMost, .most = count};
}
Fact Has(std::string_view name) {
  return {.kind = FactKind::Has, .name = name};
}
Fact Lacks(std::string_view name) {
  return {.kind = FactKind::Lacks, .name = name};
}
Fact Unclear(std::string_view keyword) {
  return {.kind = FactKind::Unclear, .name = keyword};
}
Fact OfOwner(FactKind kind, const Schema& owner) {
  return {.kind = kind, .owner = &owner};
}

/// A bound of numbers, and the facts for keeping and for violating it.
struct Bound {
  std::optional<Value> Schema::* member;
  FactKind kept;
  FactKind broken;
};

constexpr Bound kBounds[] = {
    {&Schema::minimum, FactKind::AtLeast, FactKind::Below},
    {&Schema::maximum, FactKind::AtMost, FactKind::Above},
    {&Schema::exclusive_minimum, FactKind::Above, FactKind::AtMost},
    {&Schema::exclusive_maximum, FactKind::Below, FactKind::AtLeast},
    {&Schema::multiple_of, FactKind::IsMultiple, FactKind::IsNoMultiple},
};

/// The `least` to `most` code points, items or properties of a value.
struct Counts {
  uint32_t least = 0;
  std::optional<uint32_t> most;
};

Counts CountsOf(const Schema& schema, TypeBit kind) {
  if (kind == TypeBit::String) return {schema.min_length, schema.max_length};
  if (kind == TypeBit::Array) return {schema.min_items, schema.max_items};
  if (kind == TypeBit::Object) return {schema.min_properties, schema.max_properties};
  return {};
}

bool RulesItems(const Schema& schema) {
  return !schema.prefix_items.empty() || schema.items.has_value();
}

bool RulesProperties(const Schema& schema) {
  return !schema.required.empty() || !schema.properties.empty() ||
         !schema.pattern_properties.empty() || schema.other_properties.has_value() ||
         schema.property_names.has_value();
}

/// The schemas that must hold too: `allOf`, `$ref`, and `$dynamicRef` where it can lead to one
/// schema only.
std::vector<SchemaId> ReferencesOf(const Schema& schema) {
  std::vector<SchemaId> references = schema.all_of;
  if (schema.reference.has_value()) references.push_back(schema.reference);
  const bool is_static = schema.dynamic_reference.has_value() && schema.dynamic_anchor.empty();
  if (is_static) references.push_back(schema.dynamic_reference);
  return references;
}

/// A keyword for values of `kind` that the search does not understand; "" when there is none.
std::string_view UnclearKeyword(const SchemaStore& schemas, const Schema& schema, TypeBit kind) {
  if (schema.dynamic_reference.has_value() && !schema.dynamic_anchor.empty()) return "$dynamicRef";
  const auto speaks = [&](SchemaId id) { return id.has_value() && !SaysNothing(schemas[id]); };
  if (kind == TypeBit::Array && speaks(schema.unevaluated_items)) return "unevaluatedItems";
  if (kind == TypeBit::Object && speaks(schema.unevaluated_properties)) {
    return "unevaluatedProperties";
  }
  if (schema.one_of.size() > kMaxArms) return "oneOf";
  return "";
}

/// Reads the facts and choices of the values that a schema accepts.
class AcceptanceReader {
 public:
  AcceptanceReader(const SchemaStore& schemas, TermTable& terms, const Schema& schema, TypeBit kind)
      : schemas_(schemas), terms_(terms), schema_(schema), kind_(kind) {}

  Acceptance Read() {
    const auto [least, most] = CountsOf(schema_, kind_);
    if (least > 0) Add(AtLeast(least));
    if (most) Add(AtMost(*most));
    const bool is_number = (Bit(kind_) & kNumberTypes) != 0;
    if (is_number) ReadNumber();
    if (kind_ == TypeBit::String) ReadText();
    if (kind_ == TypeBit::Array) ReadList();
    if (kind_ == TypeBit::Object) ReadObject();
    ReadCombined();
    const std::string_view unclear = UnclearKeyword(schemas_, schema_, kind_);
    if (!unclear.empty()) Add(Unclear(unclear));
    return std::move(read_);
  }

 private:
  void Add(const Fact& fact) { read_.facts.push_back(fact); }

  void ReadNumber() {
    for (const Bound& bound : kBounds) {
      const std::optional<Value>& value = schema_.*bound.member;
      if (value) Add({.kind = bound.kept, .value = &*value});
    }
  }
  void ReadText() {
    if (schema_.pattern) Add(Meets(terms_.OfPattern(*schema_.pattern, Demand::Matches)));
    if (schema_.format) Add(OfOwner(FactKind::HasFormat, schema_));
  }
  void ReadList() {
    if (RulesItems(schema_)) Add(OfOwner(FactKind::Rule, schema_));
    if (schema_.has_unique_items) Add({.kind = FactKind::IsUnique});
    if (!schema_.contains.has_value()) return;
    Add({.kind = FactKind::ItemsMeet,
         .term = Fits(schema_.contains),
         .least = schema_.min_contains,
         .most = schema_.max_contains.value_or(0xFFFFFFFF)});
  }
  void ReadObject() {
    if (RulesProperties(schema_)) Add(OfOwner(FactKind::Rule, schema_));
    for (const auto& [name, needed] : schema_.dependent_required) {
      Facts all = {Has(name)};
      for (const std::string& each : needed) all.push_back(Has(each));
      read_.choices.push_back({{Lacks(name)}, std::move(all)});
    }
    for (const auto& [name, schema] : schema_.dependent_schemas) {
      read_.choices.push_back({{Lacks(name)}, {Has(name), Meets(Fits(schema))}});
    }
  }
  void ReadCombined() {
    for (const SchemaId each : ReferencesOf(schema_)) Add(Meets(Fits(each)));
    if (schema_.negated.has_value()) Add(Meets(FitsNot(schema_.negated)));
    if (!schema_.any_of.empty()) {
      Choice arms;
      for (const SchemaId arm : schema_.any_of) arms.push_back({Meets(Fits(arm))});
      read_.choices.push_back(std::move(arms));
    }
    if (!schema_.one_of.empty() && schema_.one_of.size() <= kMaxArms) ReadOneOf();
    if (schema_.condition.has_value()) ReadCondition();
  }
  void ReadOneOf() {
    Choice arms;
    for (const SchemaId arm : schema_.one_of) {
      Facts facts = {Meets(Fits(arm))};
      for (const SchemaId other : schema_.one_of) {
        if (other != arm) facts.push_back(Meets(FitsNot(other)));
      }
      // An arm that occurs twice can never be the only one that fits.
      if (std::ranges::count(schema_.one_of, arm) == 1) arms.push_back(std::move(facts));
    }
    read_.choices.push_back(std::move(arms));
  }
  void ReadCondition() {
    Facts holds = {Meets(Fits(schema_.condition))};
    if (schema_.consequence.has_value()) holds.push_back(Meets(Fits(schema_.consequence)));
    Facts fails = {Meets(FitsNot(schema_.condition))};
    if (schema_.alternative.has_value()) fails.push_back(Meets(Fits(schema_.alternative)));
    read_.choices.push_back({std::move(holds), std::move(fails)});
  }

  const SchemaStore& schemas_;
  TermTable& terms_;
  const Schema& schema_;
  TypeBit kind_;
  Acceptance read_;
};

/// Reads the alternatives of the values that a schema rejects.
class RejectionReader {
 public:
  RejectionReader(const SchemaStore& schemas, TermTable& terms, const Schema& schema, TypeBit kind)
      : schemas_(schemas), terms_(terms), schema_(schema), kind_(kind) {}

  Choice Read() {
    ReadListed();
    const auto [least, most] = CountsOf(schema_, kind_);
    if (least > 0) Add({AtMost(least - 1)});
    if (most && *most < 0xFFFFFFFF) Add({AtLeast(*most + 1)});
    const bool is_number = (Bit(kind_) & kNumberTypes) != 0;
    if (is_number) ReadNumber();
    if (kind_ == TypeBit::String) ReadText();
    if (kind_ == TypeBit::Array) ReadList();
    if (kind_ == TypeBit::Object) ReadObject();
    ReadCombined();
    ReadUnclear();
    return std::move(ways_);
  }

 private:
  void Add(Facts facts) { ways_.push_back(std::move(facts)); }

  void ReadListed() {
    const auto differs = [&](const Value& value, Facts& facts) {
      if (TypeOf(value) == Bit(kind_)) facts.push_back(Meets(terms_.IsNot(value)));
    };
    if (schema_.constant) {
      Facts facts;
      differs(*schema_.constant, facts);
      Add(std::move(facts));
    }
    if (schema_.enumeration) {
      Facts facts;
      for (const Value& value : *schema_.enumeration) differs(value, facts);
      Add(std::move(facts));
    }
  }
  void ReadNumber() {
    for (const Bound& bound : kBounds) {
      const std::optional<Value>& value = schema_.*bound.member;
      if (value) Add({{.kind = bound.broken, .value = &*value}});
    }
  }
  void ReadText() {
    if (schema_.pattern) Add({Meets(terms_.OfPattern(*schema_.pattern, Demand::MatchesNot))});
    if (schema_.format) Add({OfOwner(FactKind::HasNotFormat, schema_)});
  }
  void ReadList() {
    for (uint32_t i = 0; i < schema_.prefix_items.size(); ++i) {
      AddBroken({.kind = FactKind::ItemMeets, .least = i}, schema_.prefix_items[i]);
    }
    const auto from = static_cast<uint32_t>(schema_.prefix_items.size());
    AddBroken({.kind = FactKind::SomeItemMeets, .least = from}, schema_.items);
    if (schema_.has_unique_items) Add({{.kind = FactKind::Repeats}});
    if (!schema_.contains.has_value()) return;
    const Term contained = Fits(schema_.contains);
    if (schema_.min_contains > 0) {
      const uint32_t most = schema_.min_contains - 1;
      Add({{.kind = FactKind::ItemsMeet, .term = contained, .most = most}});
    }
    if (schema_.max_contains && *schema_.max_contains < 0xFFFFFFFF) {
      const uint32_t least = *schema_.max_contains + 1;
      Add({{.kind = FactKind::ItemsMeet, .term = contained, .least = least}});
    }
  }
  void ReadObject() {
    for (const std::string& name : schema_.required) Add({Lacks(name)});
    AddBroken({.kind = FactKind::SomeProperty, .owner = &schema_}, schema_.other_properties);
    for (const auto& [name, schema] : schema_.properties) {
      AddBroken({.kind = FactKind::PropertyMeets, .name = name}, schema);
    }
    for (const auto& [pattern, schema] : schema_.pattern_properties) {
      const Term matches = terms_.OfPattern(pattern, Demand::Matches);
      AddBroken({.kind = FactKind::SomeProperty, .name_term = matches}, schema);
    }
    AddBroken({.kind = FactKind::SomeNameMeets}, schema_.property_names);
    for (const auto& [name, needed] : schema_.dependent_required) {
      for (const std::string& each : needed) Add({Has(name), Lacks(each)});
    }
    for (const auto& [name, schema] : schema_.dependent_schemas) {
      Add({Has(name), Meets(FitsNot(schema))});
    }
  }
  /// Adds the alternative `fact` with the term that `schema` rejects the value.
  void AddBroken(Fact fact, SchemaId schema) {
    if (!schema.has_value() || SaysNothing(schemas_[schema])) return;
    fact.term = FitsNot(schema);
    Add({fact});
  }
  void ReadCombined() {
    for (const SchemaId each : ReferencesOf(schema_)) Add({Meets(FitsNot(each))});
    if (schema_.negated.has_value()) Add({Meets(Fits(schema_.negated))});
    if (!schema_.any_of.empty()) Add(AllRejected(schema_.any_of));
    if (!schema_.one_of.empty() && schema_.one_of.size() <= kMaxArms) ReadOneOf();
    if (schema_.condition.has_value()) ReadCondition();
  }
  static Facts AllRejected(const std::vector<SchemaId>& arms) {
    Facts facts;
    for (const SchemaId arm : arms) facts.push_back(Meets(FitsNot(arm)));
    return facts;
  }
  void ReadOneOf() {
    const std::vector<SchemaId>& arms = schema_.one_of;
    Add(AllRejected(arms));
    for (size_t i = 0; i < arms.size(); ++i) {
      for (size_t j = i + 1; j < arms.size(); ++j)
        Add({Meets(Fits(arms[i])), Meets(Fits(arms[j]))});
    }
  }
  void ReadCondition() {
    if (schema_.consequence.has_value()) {
      Add({Meets(Fits(schema_.condition)), Meets(FitsNot(schema_.consequence))});
    }
    if (schema_.alternative.has_value()) {
      Add({Meets(FitsNot(schema_.condition)), Meets(FitsNot(schema_.alternative))});
    }
  }
  /// A keyword that is not understood may be the one that rejects. For unevaluated parts, at least
  /// some part is rejected then.
  void ReadUnclear() {
    const std::string_view keyword = UnclearKeyword(schemas_, schema_, kind_);
    if (keyword.empty()) return;
    Facts facts = {Unclear(keyword)};
    if (keyword == "unevaluatedItems") {
      facts.push_back(
          {.kind = FactKind::SomeItemMeets, .term = FitsNot(schema_.unevaluated_items)});
    }
    if (keyword == "unevaluatedProperties") {
      facts.push_back(
          {.kind = FactKind::SomeProperty, .term = FitsNot(schema_.unevaluated_properties)});
    }
    Add(std::move(facts));
  }

  const SchemaStore& schemas_;
  TermTable& terms_;
  const Schema& schema_;
  TypeBit kind_;
  Choice ways_;
};

}  // namespace

bool SaysNothing(const Schema& schema) {
  if (schema.types != kAllTypes || schema.is_false) return false;
  return schema.expanded.is_true() ||
         (schema.expanded.kind() == Kind::Map && schema.expanded.entries().empty());
}

Acceptance FactReader::ReadAcceptance(SchemaId id, TypeBit kind) {
  return AcceptanceReader(schemas_, terms_, schemas_[id], kind).Read();
}

Choice FactReader::ReadRejection(SchemaId id, TypeBit kind) {
  return RejectionReader(schemas_, terms_, schemas_[id], kind).Read();
}

Choice FactReader::ReadDifference(const Value& value) {
  Choice ways;
  if (value.kind() == Kind::List) {
    const auto count = static_cast<uint32_t>(value.items().size());
    if (count > 0) ways.push_back({AtMost(count - 1)});
    ways.push_back({AtLeast(count + 1)});
    for (uint32_t i = 0; i < count; ++i) {
      const Term differs = terms_.IsNot(value.items()[i]);
      ways.push_back({{.kind = FactKind::ItemMeets, .term = differs, .least = i}});
    }
    return ways;
  }
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
    ways.push_back({Lacks(name)});
    const Term differs = terms_.IsNot(entry.value);
    ways.push_back({{.kind = FactKind::PropertyMeets, .term = differs, .name = name}});
  }
  ways.push_back({{.kind = FactKind::SomeNameIsNoneOf, .value = &value}});
  return ways;
}

}  // namespace wfc::types
