// Finds an object that satisfies facts. Some facts require a property by name, others any property
// whose name meets a condition. For each of the latter a name is chosen: one that must exist, one
// that a schema lists, or a new one, for which it is first decided which patterns match it. The
// value of each property is then a goal of its own, from what the schemas say about its name and
// what was required.
#include <algorithm>
#include <map>
#include <utility>

#include "ir/types/containment/subschema_prover.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxPatterns = 6;         // the most patterns that new names are distinguished by
constexpr uint32_t kMaxProperties = 1000;  // the largest object that is made
constexpr std::string_view kNewName = "extra";

/// The set of patterns that match a name: bit i for pattern i.
using Signature = uint32_t;

/// A property whose name no schema lists.
struct NewProperty {
  Outcome name;  ///< its name, a string, if one was found
  Goal goal;
};

/// A backtracking search over the names of the required properties.
class ObjectSearch {
 public:
  explicit ObjectSearch(const Branch& branch) : branch_(branch) {
    for (const Fact& fact : branch.facts) Read(fact);
  }

  [[nodiscard]] bool IsClosed();
  Outcome Run();

 private:
  void Read(const Fact& fact);
  void AddPatterns(const Schema& owner);
  [[nodiscard]] bool IsInSignature(const SchemaPattern& pattern, Signature signature) const;
  template <class Matches>
  void AddOthersOrMatched(const Schema& rule, Matches matches, Goal& goal) const;
  [[nodiscard]] Goal GoalOf(std::string_view name) const;
  [[nodiscard]] Goal GoalOfNew(Signature signature) const;
  [[nodiscard]] bool IsAllowed(std::string_view name);
  [[nodiscard]] bool IsAsked(const Fact& asked, std::string_view name);
  [[nodiscard]] bool IsAskedOfNew(const Fact& asked, Signature signature) const;
  [[nodiscard]] std::vector<std::string_view> FindNamed() const;

  Outcome PlaceAsked(size_t index);
  Outcome PlaceAt(size_t index, std::string_view name);
  Outcome Make();
  Outcome Fill(std::vector<MapEntry> entries);
  NewProperty FindNew(const Fact* asked, Signature signature, std::span<const MapEntry> entries);
  Outcome FindNewName(const Fact* asked, Signature signature, std::span<const MapEntry> entries);
  [[nodiscard]] Signature signature_count() const { return 1U << patterns_.size(); }

  const Branch& branch_;
  Prover& prover_ = branch_.prover;
  uint32_t least_ = 0;
  uint32_t most_ = 0xFFFFFFFF;
  std::vector<const Schema*> rules_;
  /// The patterns of `rules_` and of conditions on names, as terms of demand Matches.
  std::vector<Term> patterns_;
  bool has_too_many_patterns_ = false;
  std::vector<std::string_view> lacked_;
  std::vector<const Fact*> required_terms_;  ///< facts that require a property of some name
  /// The properties that must exist, and the terms that their values must meet.
  std::map<std::string, Goal, std::less<>> placed_terms_;
};

void ObjectSearch::AddPatterns(const Schema& owner) {
  for (const auto& [pattern, unused] : owner.pattern_properties) {
    const Term term = prover_.terms().OfPattern(pattern, Demand::Matches);
    if (std::ranges::find(patterns_, term) == patterns_.end()) patterns_.push_back(term);
  }
}

void ObjectSearch::Read(const Fact& fact) {
  if (fact.kind == FactKind::CountAtLeast) {
    least_ = std::max(least_, fact.least);
  } else if (fact.kind == FactKind::CountAtMost) {
    most_ = std::min(most_, fact.most);
  } else if (fact.kind == FactKind::Rule) {
    rules_.push_back(fact.owner);
  } else if (fact.kind == FactKind::Lacks) {
    lacked_.push_back(fact.name);
  } else if (fact.kind == FactKind::Has) {
    placed_terms_.try_emplace(std::string(fact.name));
  } else if (fact.kind == FactKind::PropertyMeets) {
    placed_terms_[std::string(fact.name)].push_back(fact.term);
  } else if (fact.kind == FactKind::SomeProperty || fact.kind == FactKind::SomeNameMeets ||
             fact.kind == FactKind::SomeNameIsNoneOf) {
    required_terms_.push_back(&fact);
  }
}

bool ObjectSearch::IsInSignature(const SchemaPattern& pattern, Signature signature) const {
  const Term term = prover_.terms().OfPattern(pattern, Demand::Matches);
  const auto at = std::ranges::find(patterns_, term) - patterns_.begin();
  return (signature >> at & 1U) != 0;
}

/// Adds what `rule` says about a property that it does not list: its matching patterns, or else
/// `additionalProperties`.
template <class Matches>
void ObjectSearch::AddOthersOrMatched(const Schema& rule, Matches matches, Goal& goal) const {
  bool is_matched = false;
  for (const auto& [pattern, schema] : rule.pattern_properties) {
    if (!matches(pattern)) continue;
    goal.push_back(Fits(schema));
    is_matched = true;
  }
  if (!is_matched && rule.other_properties.has_value()) goal.push_back(Fits(rule.other_properties));
}

Goal ObjectSearch::GoalOf(std::string_view name) const {
  Goal goal;
  const auto matches = [&](const SchemaPattern& pattern) {
    return prover_.terms().Matches(prover_.terms().OfPattern(pattern, Demand::Matches), name);
  };
  for (const Schema* rule : rules_) {
    const SchemaId* property = rule->FindProperty(name);
    if (property == nullptr) {
      AddOthersOrMatched(*rule, matches, goal);
      continue;
    }
    goal.push_back(Fits(*property));
    for (const auto& [pattern, schema] : rule->pattern_properties) {
      if (matches(pattern)) goal.push_back(Fits(schema));
    }
  }
  const auto put = placed_terms_.find(name);
  if (put != placed_terms_.end()) goal.insert(goal.end(), put->second.begin(), put->second.end());
  return goal;
}

Goal ObjectSearch::GoalOfNew(Signature signature) const {
  Goal goal;
  const auto matches = [&](const SchemaPattern& pattern) {
    return IsInSignature(pattern, signature);
  };
  for (const Schema* rule : rules_) AddOthersOrMatched(*rule, matches, goal);
  return goal;
}

bool ObjectSearch::IsAllowed(std::string_view name) {
  if (std::ranges::find(lacked_, name) != lacked_.end()) return false;
  return std::ranges::all_of(rules_, [&](const Schema* rule) {
    return !rule->property_names.has_value() ||
           prover_.Meets(Fits(rule->property_names), Value::String(name));
  });
}

/// Whether the property `name`, which a schema lists, meets the condition of `asked` on names.
bool ObjectSearch::IsAsked(const Fact& asked, std::string_view name) {
  if (asked.kind == FactKind::SomeNameIsNoneOf) return asked.value->Find(name) == nullptr;
  if (asked.kind == FactKind::SomeNameMeets) return prover_.Meets(asked.term, Value::String(name));
  if (asked.name_term) return prover_.terms().Matches(*asked.name_term, name);
  if (asked.owner == nullptr) return true;
  const auto& patterns = asked.owner->pattern_properties;
  return asked.owner->FindProperty(name) == nullptr &&
         std::ranges::none_of(patterns, [&](const auto& each) {
           const Term term = prover_.terms().OfPattern(each.first, Demand::Matches);
           return prover_.terms().Matches(term, name);
         });
}

/// Whether a new name that exactly the patterns of `signature` match can meet the condition of
/// `asked`.
bool ObjectSearch::IsAskedOfNew(const Fact& asked, Signature signature) const {
  if (asked.name_term) {
    const auto at = std::ranges::find(patterns_, *asked.name_term) - patterns_.begin();
    return (signature >> at & 1U) != 0;
  }
  if (asked.owner == nullptr) return true;
  return std::ranges::none_of(asked.owner->pattern_properties, [&](const auto& each) {
    return IsInSignature(each.first, signature);
  });
}

/// The names worth trying, with those that must exist first.
std::vector<std::string_view> ObjectSearch::FindNamed() const {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : placed_terms_) names.push_back(name);
  for (const Schema* rule : rules_) {
    for (const auto& [name, unused] : rule->properties) {
      if (!placed_terms_.contains(name)) names.push_back(name);
    }
  }
  return names;
}

bool ObjectSearch::IsClosed() {
  if (least_ > most_) return true;
  for (const Schema* rule : rules_) {
    if (rule->required.size() > most_) return true;
    for (const std::string_view name : lacked_) {
      if (rule->Requires(name)) return true;
    }
  }
  if (placed_terms_.size() > most_) return true;
  return std::ranges::any_of(placed_terms_, [&](const auto& entry) {
    const bool is_lacked = std::ranges::find(lacked_, entry.first) != lacked_.end();
    return is_lacked || prover_.Solve(GoalOf(entry.first)).is_none();
  });
}

Outcome ObjectSearch::Run() {
  if (least_ > kMaxProperties) return Outcome::Unclear("minProperties");
  for (const Schema* rule : rules_) {
    AddPatterns(*rule);
    for (const std::string& name : rule->required) placed_terms_.try_emplace(name);
  }
  for (const Fact* asked : required_terms_) {
    if (asked->owner != nullptr) AddPatterns(*asked->owner);
    const bool is_new =
        asked->name_term && std::ranges::find(patterns_, *asked->name_term) == patterns_.end();
    if (is_new) patterns_.push_back(*asked->name_term);
  }
  has_too_many_patterns_ = patterns_.size() > kMaxPatterns;
  return PlaceAsked(0);
}

Outcome ObjectSearch::PlaceAsked(size_t index) {
  if (index == required_terms_.size()) return Make();
  const Fact& asked = *required_terms_[index];
  Outcome outcome;
  for (const std::string_view name : FindNamed()) {
    if (!IsAsked(asked, name)) continue;
    if (!prover_.ChargeBudget()) return Outcome::Unclear("steps");
    if (outcome.Join(PlaceAt(index, name))) return outcome;
  }
  if (has_too_many_patterns_) {
    outcome.Join(Outcome::Unclear("patternProperties"));
    return outcome;
  }
  for (Signature signature = 0; signature < signature_count(); ++signature) {
    const NewProperty property = FindNew(&asked, signature, {});
    const Outcome& name = property.name;
    if (outcome.Join(name.is_found() ? PlaceAt(index, name.value.AsString()) : name)) break;
  }
  return outcome;
}

Outcome ObjectSearch::PlaceAt(size_t index, std::string_view name) {
  const auto [entry, is_new] = placed_terms_.try_emplace(std::string(name));
  const bool has_term = required_terms_[index]->kind == FactKind::SomeProperty;
  if (has_term) entry->second.push_back(required_terms_[index]->term);
  Outcome outcome;
  if (!prover_.Solve(GoalOf(name)).is_none()) outcome = PlaceAsked(index + 1);
  if (has_term) entry->second.pop_back();
  if (is_new) placed_terms_.erase(entry);
  return outcome;
}

Outcome ObjectSearch::Make() {
  if (placed_terms_.size() > most_) return {};
  std::vector<MapEntry> entries;
  Outcome unclear;
  for (const auto& [name, unused] : placed_terms_) {
    if (!IsAllowed(name)) return {};
    Outcome value = prover_.Solve(GoalOf(name));
    if (value.is_none()) return value;
    if (!value.is_found()) unclear.Join(value);
    entries.push_back({Value::String(name), std::move(value.value)});
  }
  return unclear.is_none() ? Fill(std::move(entries)) : unclear;
}

/// Adds properties until there are at least `least_`.
Outcome ObjectSearch::Fill(std::vector<MapEntry> entries) {
  Outcome unclear;
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(entries,
                               [&](const MapEntry& each) { return each.key.AsString() == name; });
  };
  const auto add = [&](std::string_view name, Outcome value) {
    if (value.is_found()) {
      entries.push_back({Value::String(name), std::move(value.value)});
    } else {
      unclear.Join(std::move(value));
    }
  };
  for (const std::string_view name : FindNamed()) {
    if (entries.size() >= least_) break;
    if (!has(name) && IsAllowed(name)) add(name, prover_.Solve(GoalOf(name)));
  }
  for (Signature signature = 0; entries.size() < least_ && signature < signature_count();) {
    if (has_too_many_patterns_) return Outcome::Unclear("patternProperties");
    const NewProperty property = FindNew(nullptr, signature, entries);
    if (property.name.is_found()) {
      add(property.name.value.AsString(), prover_.Solve(property.goal));
    } else {
      unclear.Join(property.name);
      ++signature;
    }
    if (!prover_.ChargeBudget()) return Outcome::Unclear("steps");
  }
  if (entries.size() < least_) return unclear;
  return branch_.TryCandidate(Value::Map(std::move(entries)));
}

NewProperty ObjectSearch::FindNew(const Fact* asked, Signature signature,
                                  std::span<const MapEntry> entries) {
  if (asked != nullptr && !IsAskedOfNew(*asked, signature)) return {};
  NewProperty property = {.name = {}, .goal = GoalOfNew(signature)};
  if (asked != nullptr && asked->kind == FactKind::SomeProperty) {
    property.goal.push_back(asked->term);
  }
  const Outcome value = prover_.Solve(property.goal);
  property.name = value.is_found() ? FindNewName(asked, signature, entries) : value;
  return property;
}

/// A new name, as a string: one that is not taken, is allowed, and that exactly the patterns of
/// `signature` match.
Outcome ObjectSearch::FindNewName(const Fact* asked, Signature signature,
                                  std::span<const MapEntry> entries) {
  Goal goal = {{.index = 0, .demand = Demand::IsText}};
  for (size_t i = 0; i < patterns_.size(); ++i) {
    const bool matches = (signature >> i & 1U) != 0;
    goal.push_back({patterns_[i].index, matches ? Demand::Matches : Demand::MatchesNot});
  }
  for (const Schema* rule : rules_) {
    if (rule->property_names.has_value()) goal.push_back(Fits(rule->property_names));
  }
  if (asked != nullptr && asked->kind == FactKind::SomeNameMeets) goal.push_back(asked->term);
  std::vector<Value> taken;
  for (const std::string_view name : FindNamed()) taken.push_back(Value::String(name));
  for (const std::string_view name : lacked_) taken.push_back(Value::String(name));
  for (const MapEntry& entry : entries) taken.push_back(entry.key);
  if (asked != nullptr && asked->owner != nullptr) {
    for (const auto& [name, unused] : asked->owner->properties) {
      taken.push_back(Value::String(name));
    }
  }
  if (asked != nullptr && asked->kind == FactKind::SomeNameIsNoneOf) {
    for (const MapEntry& entry : asked->value->entries()) taken.push_back(entry.key);
  }
  const Value easy = Value::String(kNewName);
  const bool is_free = std::ranges::find(taken, easy) == taken.end();
  if (is_free && prover_.Meets(goal, easy)) return Outcome::Found(easy);
  for (const Value& name : taken) goal.push_back(prover_.terms().IsNot(name));
  return prover_.Solve(std::move(goal));
}

}  // namespace

bool IsObjectBranchClosed(const Branch& branch) {
  return ObjectSearch(branch).IsClosed();
}

Outcome FindObject(const Branch& branch) {
  return ObjectSearch(branch).Run();
}

}  // namespace wfc::types
