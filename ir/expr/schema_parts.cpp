#include "ir/expr/schema_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ir/base/utf8.h"
#include "ir/types/schema/derive.h"

namespace wfc::expr {
namespace {

using types::Schema;

constexpr uint32_t kMaxPartVisits = 1 << 16;
/// Limit on the depth of nested alternatives.
constexpr uint32_t kMaxPartDepth = 32;
/// Limit on the proofs of which branch of an `if` applies.
constexpr uint32_t kMaxProofs = 64;
/// Limit on the conjuncts for which such a proof is attempted.
constexpr size_t kMaxProved = 16;
/// Limit on the listed values that are examined one by one.
constexpr size_t kMaxListedParts = 64;

/// Puts one question to a schema and to everything that must hold with it. A Question has
///   Answer, the type of its answers, and kKind, the kind of the values that it is about;
///   Everything(): the answer if nothing is known;
///   OfKeywords(id): the answer of `properties`, `items`, `maxLength` and the like of one schema;
///   OfValue(value): the answer for a single listed value of the kind;
///   Meet(a, b), Join(a, b): the answer for values to which both answers, or one of them, apply;
/// and may have
///   OfOpen(id): the answer for a part that the schema leaves entirely open;
///   OfDependents(id, required): the answer of `dependentRequired` and `dependentSchemas`, where
///   the fields in `required` are known to be present.
template <class Question>
class Search {
 public:
  using Answer = typename Question::Answer;

  Search(SchemaSets& sets, Question question) : sets_(sets), question_(std::move(question)) {}

  Answer Ask(SchemaId id, uint32_t depth = 0, bool is_alone = true) {
    Answer answer = question_.Everything();
    if (depth > kMaxPartDepth) return answer;
    const SchemaIds conjuncts = FindConjuncts(sets_.registry(), id);
    is_alone_ = is_alone && conjuncts.size() == 1;
    if constexpr (requires { question_.OfOpen(id); }) {
      const std::optional<Answer> open =
          is_alone_ ? question_.OfOpen(conjuncts.front()) : std::nullopt;
      if (open) return *open;
    }
    for (const SchemaId each : conjuncts) {
      if (visits_left_ == 0) break;
      --visits_left_;
      answer = question_.Meet(answer, question_.OfKeywords(each));
      MeetListed(each, answer);
      MeetArms(each, &Schema::any_of, conjuncts, depth, answer);
      MeetArms(each, &Schema::one_of, conjuncts, depth, answer);
      MeetCondition(each, conjuncts, depth, answer);
      if constexpr (Question::kKind == Kind::Map) MeetDependents(each, conjuncts, depth, answer);
    }
    return answer;
  }

 private:
  using Names = std::set<std::string, std::less<>>;

  void MeetListed(SchemaId id, Answer& answer) {
    const Schema& schema = sets_.Get(id);
    std::vector<Value> values;
    if (schema.constant) values.push_back(*schema.constant);
    if (schema.enumeration) {
      if (schema.enumeration->size() > kMaxListedParts) return;
      values.insert(values.end(), schema.enumeration->begin(), schema.enumeration->end());
    }
    std::optional<Answer> united;
    for (const Value& value : values) {
      if (KindOfValue(value) == KindsOf(Question::kKind)) Join(united, question_.OfValue(value));
    }
    if (united) answer = question_.Meet(answer, *united);
  }

  void MeetArms(SchemaId id, std::vector<SchemaId> Schema::* arms, const SchemaIds& conjuncts,
                uint32_t depth, Answer& answer) {
    const std::vector<SchemaId>& written = sets_.Get(id).*arms;
    if (written.empty()) return;
    // Answering may derive schemas, which moves all others, so the ids are copied first.
    const SchemaIds copy(written.begin(), written.end());
    const bool is_union = is_alone_ && arms == &Schema::any_of && IsUnion(sets_.Get(id));
    std::optional<Answer> united;
    for (const SchemaId arm : copy) {
      if (visits_left_ == 0) return;
      const bool applies = (sets_.kinds().Find(arm) & KindsOf(Question::kKind)) != 0 &&
                           (Question::kKind != Kind::Map || !RequiresForbidden(arm, conjuncts));
      if (applies) Join(united, Ask(arm, depth + 1, is_union));
    }
    is_alone_ = is_union;
    if (united) answer = question_.Meet(answer, *united);
  }

  /// Whether no object fits the alternative, because it requires a field that the schemas beside it
  /// forbid.
  bool RequiresForbidden(SchemaId arm, const SchemaIds& conjuncts) {
    const auto is_forbidden = [&](const std::string& name) {
      return std::ranges::any_of(conjuncts, [&](SchemaId each) {
        const SchemaId* property = sets_.Get(each).FindProperty(name);
        return property != nullptr && sets_.Get(*property).is_false;
      });
    };
    return std::ranges::any_of(sets_.Get(arm).required, is_forbidden);
  }

  /// The answer of a schema that holds only together with others.
  Answer AskPart(SchemaId id, uint32_t depth) {
    if (!id.has_value() || visits_left_ == 0) return question_.Everything();
    const Answer answer = Ask(id, depth + 1, false);
    is_alone_ = false;
    return answer;
  }

  /// Values fit the `if` and the `then`, or they fit the `else` and not the `if`.
  void MeetCondition(SchemaId id, const SchemaIds& conjuncts, uint32_t depth, Answer& answer) {
    const SchemaId condition = sets_.Get(id).condition;
    const SchemaId consequence = sets_.Get(id).consequence;
    const SchemaId alternative = sets_.Get(id).alternative;
    if (!condition.has_value()) return;
    if (conjuncts.size() > kMaxProved) proofs_left_ = 0;
    const SchemaId whole = proofs_left_ == 0 ? sets_.any() : FindAsked(conjuncts, condition);
    std::optional<Answer> united;
    if (MayBe(condition) && MayBe(consequence) && !AllFit(whole, Not(condition))) {
      Join(united, question_.Meet(AskPart(condition, depth), AskPart(consequence, depth)));
    }
    if (MayBe(alternative) && !AllFit(whole, condition)) Join(united, AskPart(alternative, depth));
    if (united) answer = question_.Meet(answer, *united);
  }

  /// The restrictions of all conjuncts on types and on the fields that the condition mentions.
  /// Proofs about everything that they state would take long.
  SchemaId FindAsked(const SchemaIds& conjuncts, SchemaId condition) {
    Names names;
    for (const SchemaId each : FindConjuncts(sets_.registry(), condition)) {
      const Schema& schema = sets_.Get(each);
      names.insert(schema.required.begin(), schema.required.end());
      for (const auto& [name, property] : schema.properties) names.insert(name);
    }
    Schema all;
    for (const SchemaId each : conjuncts) {
      const Schema& schema = sets_.Get(each);
      Schema part;
      part.types = schema.types;
      for (const std::string& name : names) {
        if (schema.Requires(name)) part.required.push_back(name);
        const SchemaId* property = schema.FindProperty(name);
        if (property != nullptr) part.properties.emplace_back(name, *property);
      }
      all.all_of.push_back(sets_.registry().Derive(part));
    }
    return sets_.registry().Derive(all);
  }

  /// Whether some value of the kind may fit.
  bool MayBe(SchemaId id) {
    constexpr KindSet kKinds =
        Question::kKind == Kind::Int ? kNumberKinds : KindsOf(Question::kKind);
    return !id.has_value() || (sets_.kinds().Find(id) & kKinds) != 0;
  }
  bool AllFit(SchemaId values, SchemaId other) {
    if (proofs_left_ == 0) return false;
    --proofs_left_;
    return sets_.registry().FindContainment(values, other).verdict == types::Containment::Yes;
  }
  SchemaId Not(SchemaId id) {
    Schema schema;
    schema.negated = id;
    return sets_.registry().Derive(schema);
  }

  /// Applies what the presence of some fields of an object demands of the others.
  void MeetDependents(SchemaId id, const SchemaIds& conjuncts, uint32_t depth, Answer& answer) {
    const auto has_dependents = [&](const Schema& schema) {
      return !schema.dependent_required.empty() || !schema.dependent_schemas.empty();
    };
    if (!has_dependents(sets_.Get(id))) return;
    const Names required = FindRequired(conjuncts);
    if constexpr (requires { question_.OfDependents(id, required); }) {
      answer = question_.Meet(answer, question_.OfDependents(id, required));
    }
    // A copy, because answering may move schemas.
    const auto parts = sets_.Get(id).dependent_schemas;
    for (const auto& [name, part] : parts) {
      Answer of_part = AskPart(part, depth);
      if (!required.contains(name)) of_part = question_.Join(of_part, question_.Everything());
      answer = question_.Meet(answer, of_part);
    }
  }

  /// The fields that are certainly present, with those that their presence requires.
  Names FindRequired(const SchemaIds& conjuncts) {
    Names names;
    std::vector<std::string> added;
    const auto add = [&](const std::vector<std::string>& more) {
      for (const std::string& name : more) {
        if (names.insert(name).second) added.push_back(name);
      }
    };
    for (const SchemaId each : conjuncts) add(sets_.Get(each).required);
    while (!added.empty()) {
      const std::string name = std::move(added.back());
      added.pop_back();
      for (const SchemaId each : conjuncts) {
        const auto& dependents = sets_.Get(each).dependent_required;
        const auto found = std::ranges::lower_bound(
            dependents, name, {}, &std::pair<std::string, std::vector<std::string>>::first);
        if (found != dependents.end() && found->first == name) add(found->second);
      }
    }
    return names;
  }

  /// Whether the schema is a union made by SchemaSets::Join and states nothing else.
  static bool IsUnion(const Schema& schema) {
    const bool is_listed = schema.constant.has_value() || schema.enumeration.has_value();
    return schema.is_derived && !schema.negated.has_value() && !schema.is_estimate && !is_listed;
  }

  void Join(std::optional<Answer>& united, const Answer& answer) {
    united = united ? question_.Join(*united, answer) : answer;
  }

  SchemaSets& sets_;
  Question question_;
  uint32_t visits_left_ = kMaxPartVisits;
  uint32_t proofs_left_ = kMaxProofs;
  bool is_alone_ = true;  ///< no other schema applies to the values in question
};

/// The common parts of the questions whose answers are schemas.
struct SchemaQuestion {
  using Answer = SchemaId;
  SchemaSets& sets;

  SchemaId Everything() const { return sets.any(); }
  SchemaId Meet(SchemaId left, SchemaId right) const { return sets.Meet(left, right); }
  SchemaId Join(SchemaId left, SchemaId right) const { return sets.Join(left, right); }

  /// A schema that every value fits and under which every value may occur. `schema` is the schema
  /// in question without the keywords that do not concern the part. Empty if other keywords are
  /// left.
  std::optional<SchemaId> FindFree(Schema schema) const {
    schema.types = types::kAllTypes;
    schema.default_value.reset();
    if (!types::IsBlank(schema)) return std::nullopt;
    return sets.registry().Derive({});
  }
  /// Whether the schema certainly has other keywords. Cheaper than FindFree, which copies the
  /// schema.
  static bool SaysMore(const Schema& schema) {
    return schema.is_estimate || schema.is_false || schema.other_properties.has_value() ||
           schema.items.has_value() || schema.reference.has_value() ||
           schema.constant.has_value() || schema.enumeration.has_value() ||
           !schema.any_of.empty() || !schema.all_of.empty() || !schema.one_of.empty();
  }
};

struct FieldQuestion : SchemaQuestion {
  using Answer = Field;
  static constexpr Kind kKind = Kind::Map;
  std::string_view name;

  Field Everything() const { return {Presence::Unknown, sets.any()}; }
  Field Never() const { return {Presence::Never, sets.nothing()}; }
  /// The field of open objects about which the schema says nothing.
  std::optional<Field> OfOpen(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    if (SaysMore(schema) || schema.FindProperty(name) != nullptr) return std::nullopt;
    const Presence presence = schema.Requires(name) ? Presence::Always : Presence::Unknown;
    Schema rest = schema;
    rest.properties.clear();
    rest.required.clear();
    const std::optional<SchemaId> free = FindFree(std::move(rest));
    return free ? std::optional(Field{presence, *free}) : std::nullopt;
  }

  Field OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    Field field = {Presence::Unknown, sets.any(), schema.is_estimate};
    if (schema.Requires(name)) field.presence = Presence::Always;
    if (const SchemaId* property = schema.FindProperty(name)) {
      field.schema = *property;
      field.presence = std::max(field.presence, Presence::Optional);
    } else if (schema.OfOtherProperties().has_value()) {
      field.schema = schema.OfOtherProperties();
    }
    if (sets.Get(field.schema).is_false) return Never();
    return field;
  }

  template <class Names>
  Field OfDependents(SchemaId id, const Names& required) const {
    const Schema& schema = sets.Get(id);
    Field field = Everything();
    const auto is_name = [&](const std::string& each) { return each == name; };
    for (const auto& [asking, asked] : schema.dependent_required) {
      if (asking == name) field.presence = std::max(field.presence, Presence::Optional);
      if (std::ranges::none_of(asked, is_name)) continue;
      field.presence = required.contains(asking) ? Presence::Always
                                                 : std::max(field.presence, Presence::Optional);
    }
    for (const auto& [asking, part] : schema.dependent_schemas) {
      if (asking == name) field.presence = std::max(field.presence, Presence::Optional);
    }
    return field;
  }

  Field OfValue(const Value& value) const {
    const Value* found = value.Find(name);
    return found == nullptr ? Never() : Field{Presence::Always, sets.Only(*found)};
  }

  Field Meet(const Field& left, const Field& right) const {
    if (left.presence == Presence::Never || right.presence == Presence::Never) return Never();
    return {std::max(left.presence, right.presence), sets.Meet(left.schema, right.schema),
            left.is_estimate || right.is_estimate};
  }

  Field Join(const Field& left, const Field& right) const {
    const SchemaId schema = SchemaQuestion::Join(left.schema, right.schema);
    for (const Field& each : {left, right}) {
      if (each.presence == Presence::Unknown && each.is_estimate) {
        return {Presence::Unknown, schema, /*is_estimate=*/true};
      }
    }
    // A field that one alternative describes need not exist in the others.
    const bool are_same = left.presence == right.presence;
    return {are_same ? left.presence : Presence::Optional, schema};
  }
};

struct ForbiddenQuestion {
  using Answer = bool;
  static constexpr Kind kKind = Kind::Map;
  SchemaSets& sets;
  std::string_view name;

  static bool Everything() { return false; }
  bool OfKeywords(SchemaId id) const {
    const SchemaId* property = sets.Get(id).FindProperty(name);
    return property != nullptr && sets.Get(*property).is_false;
  }
  static bool OfValue(const Value& /*value*/) { return false; }
  static bool Meet(bool left, bool right) { return left || right; }
  static bool Join(bool left, bool right) { return left || right; }
};

struct AnyFieldQuestion : SchemaQuestion {
  static constexpr Kind kKind = Kind::Map;

  SchemaId OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    if (!schema.OfOtherProperties().has_value()) return sets.any();
    SchemaIds parts = {schema.OfOtherProperties()};
    for (const auto& [name, property] : schema.properties) parts.push_back(property);
    return sets.Join(parts);
  }

  SchemaId OfValue(const Value& value) const {
    SchemaIds parts;
    for (const MapEntry& entry : value.entries()) parts.push_back(sets.Only(entry.value));
    return sets.Join(parts);
  }
};

struct NamesQuestion {
  using Answer = std::vector<std::string>;
  static constexpr Kind kKind = Kind::Map;
  SchemaSets& sets;

  Answer Everything() const { return {}; }
  Answer OfKeywords(SchemaId id) const {
    Answer names;
    for (const auto& [name, property] : sets.Get(id).properties) {
      if (!sets.Get(property).is_false) names.push_back(name);
    }
    return names;
  }
  Answer OfValue(const Value& value) const {
    Answer names;
    for (const MapEntry& entry : value.entries()) {
      if (entry.key.is_string()) names.emplace_back(entry.key.AsString());
    }
    return names;
  }
  Answer Meet(const Answer& left, const Answer& right) const { return Join(left, right); }
  Answer Join(const Answer& left, const Answer& right) const {
    Answer both;
    std::ranges::set_union(left, right, std::back_inserter(both));
    return both;
  }
};

struct ItemQuestion : SchemaQuestion {
  static constexpr Kind kKind = Kind::List;
  std::optional<uint64_t> index;

  /// The item of lists of which the schema restricts only the length.
  std::optional<SchemaId> OfOpen(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    if (SaysMore(schema)) return std::nullopt;
    Schema rest = schema;
    rest.min_items = 0;
    rest.max_items.reset();
    return FindFree(std::move(rest));
  }

  SchemaId OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    const SchemaId rest = schema.items.has_value() ? schema.items : sets.any();
    const size_t prefix = schema.prefix_items.size();
    if (index) return *index < prefix ? schema.prefix_items[*index] : rest;
    SchemaIds parts(schema.prefix_items.begin(), schema.prefix_items.end());
    const bool has_rest = !schema.max_items || *schema.max_items > prefix;
    if (has_rest) parts.push_back(rest);
    return sets.Join(parts);
  }

  SchemaId OfValue(const Value& value) const {
    const std::span<const Value> items = value.items();
    if (index) return *index < items.size() ? sets.Only(items[*index]) : sets.nothing();
    SchemaIds parts;
    for (const Value& item : items) parts.push_back(sets.Only(item));
    return sets.Join(parts);
  }
};

struct CountQuestion {
  using Answer = CountBounds;

  static CountBounds Everything() { return {}; }
  static CountBounds Exactly(uint64_t count) { return {count, count}; }
  static CountBounds Meet(const CountBounds& left, const CountBounds& right) {
    CountBounds bounds = {std::max(left.least, right.least), left.most};
    if (right.most && (!bounds.most || *right.most < *bounds.most)) bounds.most = right.most;
    return bounds;
  }
  static CountBounds Join(const CountBounds& left, const CountBounds& right) {
    CountBounds bounds = {std::min(left.least, right.least), std::nullopt};
    if (left.most && right.most) bounds.most = std::max(*left.most, *right.most);
    return bounds;
  }
  static CountBounds Of(uint32_t least, const std::optional<uint32_t>& most) {
    return {least, most ? std::optional<uint64_t>(*most) : std::nullopt};
  }
};

struct ItemCountQuestion : CountQuestion {
  static constexpr Kind kKind = Kind::List;
  SchemaSets& sets;

  CountBounds OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    return Of(schema.min_items, schema.max_items);
  }
  static CountBounds OfValue(const Value& value) { return Exactly(value.items().size()); }
};

struct FieldCountQuestion : CountQuestion {
  static constexpr Kind kKind = Kind::Map;
  SchemaSets& sets;

  CountBounds OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    CountBounds bounds = Of(schema.min_properties, schema.max_properties);
    bounds.least = std::max<uint64_t>(bounds.least, schema.required.size());
    const SchemaId others = schema.OfOtherProperties();
    const bool is_closed = others.has_value() && sets.Get(others).is_false;
    if (!is_closed) return bounds;
    const auto count = std::ranges::count_if(schema.properties, [&](const auto& property) {
      return !sets.Get(property.second).is_false;
    });
    return Meet(bounds, {0, static_cast<uint64_t>(count)});
  }
  static CountBounds OfValue(const Value& value) { return Exactly(value.entries().size()); }
};

struct LengthQuestion : CountQuestion {
  static constexpr Kind kKind = Kind::String;
  SchemaSets& sets;

  CountBounds OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    return Of(schema.min_length, schema.max_length);
  }
  static CountBounds OfValue(const Value& value) {
    return Exactly(CountCodePoints(value.AsString()));
  }
};

/// The int at or above (with `Up`) or at or below (with `Down`) the bound; empty if it is beyond 64
/// bits.
std::optional<int64_t> ToInteger(const std::optional<Value>& bound, double (*round)(double)) {
  if (!bound) return std::nullopt;
  if (bound->kind() == Kind::Int) return bound->AsInt();
  if (bound->kind() != Kind::Double) return std::nullopt;
  const double whole = round(bound->AsDouble());
  constexpr double kLimit = 9.2e18;
  if (!(whole > -kLimit && whole < kLimit)) return std::nullopt;
  return static_cast<int64_t>(whole);
}

double Up(double number) {
  return std::ceil(number);
}
double Down(double number) {
  return std::floor(number);
}

/// The int beyond an exclusive bound: the next one above it, or with a `step` of -1 below it.
std::optional<int64_t> Beyond(const std::optional<Value>& bound, int64_t step) {
  using Limits = std::numeric_limits<int64_t>;
  const std::optional<int64_t> nearest = ToInteger(bound, step > 0 ? Down : Up);
  const bool is_last = nearest == (step > 0 ? Limits::max() : Limits::min());
  return nearest && !is_last ? std::optional(*nearest + step) : nearest;
}

struct IntegerQuestion {
  using Answer = IntegerBounds;
  static constexpr Kind kKind = Kind::Int;
  SchemaSets& sets;

  static IntegerBounds Everything() { return {}; }
  IntegerBounds OfKeywords(SchemaId id) const {
    const Schema& schema = sets.Get(id);
    const IntegerBounds inclusive = {ToInteger(schema.minimum, Up),
                                     ToInteger(schema.maximum, Down)};
    return Meet(inclusive,
                {Beyond(schema.exclusive_minimum, 1), Beyond(schema.exclusive_maximum, -1)});
  }
  static IntegerBounds OfValue(const Value& value) {
    using Limits = std::numeric_limits<int64_t>;
    if (value.kind() == Kind::Int) return {value.AsInt(), value.AsInt()};
    const bool is_negative = value.AsDigits().starts_with('-');
    return is_negative ? IntegerBounds{std::nullopt, Limits::min()}
                       : IntegerBounds{Limits::max(), std::nullopt};
  }
  static IntegerBounds Meet(const IntegerBounds& left, const IntegerBounds& right) {
    IntegerBounds bounds = left;
    if (right.least) bounds.least = std::max(*right.least, bounds.least.value_or(*right.least));
    if (right.most) bounds.most = std::min(*right.most, bounds.most.value_or(*right.most));
    return bounds;
  }
  static IntegerBounds Join(const IntegerBounds& left, const IntegerBounds& right) {
    IntegerBounds bounds;
    if (left.least && right.least) bounds.least = std::min(*left.least, *right.least);
    if (left.most && right.most) bounds.most = std::max(*left.most, *right.most);
    return bounds;
  }
};

template <class Question>
auto Ask(SchemaSets& sets, SchemaId id, Question question) {
  return Search<Question>(sets, std::move(question)).Ask(id);
}

}  // namespace

Field FindField(SchemaSets& sets, SchemaId object, std::string_view name) {
  return Ask(sets, object, FieldQuestion{{sets}, name});
}

bool IsForbidden(SchemaSets& sets, SchemaId object, std::string_view name) {
  return Ask(sets, object, ForbiddenQuestion{sets, name});
}

SchemaId FindAnyField(SchemaSets& sets, SchemaId object) {
  return Ask(sets, object, AnyFieldQuestion{{sets}});
}

std::vector<std::string> FindFieldNames(SchemaSets& sets, SchemaId object) {
  return Ask(sets, object, NamesQuestion{sets});
}

SchemaId FindItem(SchemaSets& sets, SchemaId list, std::optional<uint64_t> index) {
  return Ask(sets, list, ItemQuestion{{sets}, index});
}

IntegerBounds FindIntegerBounds(SchemaSets& sets, SchemaId integer) {
  return Ask(sets, integer, IntegerQuestion{sets});
}

CountBounds CountItems(SchemaSets& sets, SchemaId list) {
  return Ask(sets, list, ItemCountQuestion{{}, sets});
}

CountBounds CountFields(SchemaSets& sets, SchemaId object) {
  return Ask(sets, object, FieldCountQuestion{{}, sets});
}

CountBounds CountCharacters(SchemaSets& sets, SchemaId text) {
  return Ask(sets, text, LengthQuestion{{}, sets});
}

}  // namespace wfc::expr
