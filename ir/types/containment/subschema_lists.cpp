// Finds a list that satisfies facts. Some facts require an item that meets a term, at a given index
// or at any index from one on. The required items are placed into lists of growing length; each
// item is then a goal of its own, from what the schemas say about its index and what was placed
// there.
#include <algorithm>
#include <utility>

#include "ir/types/containment/subschema_prover.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMaxItems = 1000;  // the longest list that is made
// The longest list that is made when its items must differ.
constexpr uint32_t kMaxUniqueItems = 64;
constexpr uint32_t kMaxAskedItems = 64;
constexpr uint32_t kUncounted = 0xFFFFFFFF;

/// A required item.
struct AskedItem {
  Term term;
  uint32_t from = 0;
  bool is_exact = false;  ///< the item must be at index `from` itself
  /// The index of the counted term that it is placed for, or kUncounted. Two items for the same
  /// counted term need different indices.
  uint32_t counted = kUncounted;
};

/// Between `least` and `most` items meet the term.
struct CountedItems {
  Term term;
  uint32_t least = 0;
  uint32_t most = 0;
};

Term Opposite(Term term) {
  return {term.index, term.demand == Demand::Fits ? Demand::FitsNot : Demand::Fits};
}

/// A backtracking search over the length of the list and the indices of the required items.
class ListSearch {
 public:
  explicit ListSearch(const Branch& branch) : branch_(branch) {
    for (const Fact& fact : branch.facts) Read(fact);
    std::erase_if(counted_, [&](const CountedItems& counted) {
      if (counted.least > 0) return false;
      if (counted.most == 0) everywhere_.push_back(Opposite(counted.term));
      return counted.most == 0 || counted.most >= most_;
    });
  }

  [[nodiscard]] bool IsClosed();
  Outcome Run();

 private:
  void Read(const Fact& fact);
  [[nodiscard]] Goal GoalAt(uint32_t place) const;
  [[nodiscard]] Goal FullGoalAt(uint32_t place) const;
  [[nodiscard]] bool IsPossible(uint32_t place, Term term);
  Outcome ChooseCounts(size_t index);
  Outcome TryLengths();
  Outcome PlaceAsked(size_t index);
  Outcome PlaceRepetition();
  Outcome Make();
  Outcome SolveNextItem(const std::vector<Value>& items);
  [[nodiscard]] std::vector<uint32_t> PlacesBetween(size_t first, size_t end) const;
  [[nodiscard]] bool HoldsCounted(uint32_t place, uint32_t counted) const;

  const Branch& branch_;
  Prover& prover_ = branch_.prover;
  uint32_t least_ = 0;
  uint32_t most_ = 0xFFFFFFFF;
  uint32_t fixed_count_ = 0;  ///< from this index on, the same schemas apply to every item
  std::vector<const Schema*> rules_;
  Goal everywhere_;
  bool is_unique_ = false;
  bool repeats_ = false;
  std::vector<AskedItem> required_terms_;
  std::vector<CountedItems> counted_;
  /// By counted term: whether every other item must not meet it.
  std::vector<bool> is_exact_count_;
  std::vector<Goal> placed_terms_;  ///< by index: the terms of the required items placed there
  /// (index, counted term) pairs that have been placed.
  std::vector<std::pair<uint32_t, uint32_t>> placed_;
};

void ListSearch::Read(const Fact& fact) {
  if (fact.kind == FactKind::CountAtLeast) {
    least_ = std::max(least_, fact.least);
  } else if (fact.kind == FactKind::CountAtMost) {
    most_ = std::min(most_, fact.most);
  } else if (fact.kind == FactKind::Rule) {
    rules_.push_back(fact.owner);
    const auto count = static_cast<uint32_t>(fact.owner->prefix_items.size());
    fixed_count_ = std::max(fixed_count_, count);
  } else if (fact.kind == FactKind::ItemMeets) {
    required_terms_.push_back({fact.term, fact.least, true});
    least_ = std::max(least_, fact.least + 1);
    fixed_count_ = std::max(fixed_count_, fact.least + 1);
  } else if (fact.kind == FactKind::SomeItemMeets) {
    required_terms_.push_back({fact.term, fact.least, false});
    least_ = std::max(least_, fact.least + 1);
    fixed_count_ = std::max(fixed_count_, fact.least);
  } else if (fact.kind == FactKind::ItemsMeet) {
    counted_.push_back({fact.term, fact.least, fact.most});
    least_ = std::max(least_, fact.least);
  } else if (fact.kind == FactKind::IsUnique) {
    is_unique_ = true;
  } else if (fact.kind == FactKind::Repeats) {
    repeats_ = true;
    least_ = std::max(least_, 2U);
  }
}

/// The terms that every item at index `place` must meet.
Goal ListSearch::GoalAt(uint32_t place) const {
  Goal goal = everywhere_;
  for (const Schema* rule : rules_) {
    if (place < rule->prefix_items.size()) {
      goal.push_back(Fits(rule->prefix_items[place]));
    } else if (rule->items.has_value()) {
      goal.push_back(Fits(rule->items));
    }
  }
  if (place < placed_terms_.size())
    goal.insert(goal.end(), placed_terms_[place].begin(), placed_terms_[place].end());
  return goal;
}

bool ListSearch::IsPossible(uint32_t place, Term term) {
  Goal goal = GoalAt(place);
  goal.push_back(term);
  return !prover_.Solve(std::move(goal)).is_none();
}

bool ListSearch::IsClosed() {
  if (least_ > most_ || (is_unique_ && repeats_)) return true;
  for (const AskedItem& asked : required_terms_) {
    bool is_possible = false;
    for (uint32_t place = asked.from; place < most_ && !is_possible; ++place) {
      is_possible = IsPossible(place, asked.term);
      if (asked.is_exact || place >= fixed_count_) break;
    }
    if (!is_possible) return true;
  }
  return std::ranges::any_of(counted_,
                             [](const CountedItems& each) { return each.least > each.most; });
}

Outcome ListSearch::Run() {
  if (least_ > most_ || (is_unique_ && repeats_)) return {};
  if (least_ > kMaxItems) return Outcome::Unclear("minItems");
  is_exact_count_.assign(counted_.size(), false);
  return ChooseCounts(0);
}

/// Chooses how many items are placed for each counted term. Without an upper bound this is the
/// least number; with one, every number up to it is tried, and no other item may meet the term.
Outcome ListSearch::ChooseCounts(size_t index) {
  if (index == counted_.size()) return TryLengths();
  const CountedItems counted = counted_[index];
  const bool is_bounded = counted.most < most_;
  is_exact_count_[index] = is_bounded;
  const auto asked = static_cast<uint32_t>(required_terms_.size());
  const uint32_t enough = std::max(least_, fixed_count_) + asked + counted.least;
  const uint32_t last = is_bounded ? std::min(counted.most, enough) : counted.least;
  Outcome outcome;
  for (uint32_t count = counted.least; count <= last; ++count) {
    const bool is_too_many = asked + count > kMaxAskedItems;
    if (is_too_many || !prover_.ChargeBudget()) {
      outcome.Join(Outcome::Unclear(is_too_many ? "contains" : "steps"));
      break;
    }
    required_terms_.resize(asked);
    for (uint32_t i = 0; i < count; ++i) {
      required_terms_.push_back({counted.term, 0, false, static_cast<uint32_t>(index)});
    }
    if (outcome.Join(ChooseCounts(index + 1))) break;
  }
  required_terms_.resize(asked);
  return outcome;
}

/// Tries all lengths up to the one at which a further item could change nothing.
Outcome ListSearch::TryLengths() {
  const uint64_t needed = static_cast<uint64_t>(std::max(least_, fixed_count_)) +
                          required_terms_.size() + (repeats_ ? 2 : 0);
  const auto longest = static_cast<uint32_t>(std::min<uint64_t>(most_, needed));
  Outcome outcome;
  for (uint32_t length = least_; length <= longest; ++length) {
    if (length > kMaxItems || !prover_.ChargeBudget()) {
      outcome.Join(Outcome::Unclear(length > kMaxItems ? "minItems" : "steps"));
      break;
    }
    placed_terms_.assign(length, {});
    placed_.clear();
    if (outcome.Join(PlaceAsked(0))) break;
  }
  placed_terms_.clear();
  return outcome;
}

bool ListSearch::HoldsCounted(uint32_t place, uint32_t counted) const {
  return counted != kUncounted &&
         std::ranges::find(placed_, std::pair(place, counted)) != placed_.end();
}

/// The indices worth trying. Of several free indices to which the same schemas apply, only the
/// first is tried.
std::vector<uint32_t> ListSearch::PlacesBetween(size_t first, size_t end) const {
  std::vector<uint32_t> places;
  bool has_free = false;
  for (auto place = static_cast<uint32_t>(first); place < end && place < placed_terms_.size();
       ++place) {
    const bool is_alike = place >= fixed_count_ && placed_terms_[place].empty();
    if (!is_alike || !has_free) places.push_back(place);
    has_free |= is_alike;
  }
  return places;
}

Outcome ListSearch::PlaceAsked(size_t index) {
  if (index == required_terms_.size()) return repeats_ ? PlaceRepetition() : Make();
  const AskedItem& asked = required_terms_[index];
  const size_t end = asked.is_exact ? asked.from + size_t{1} : placed_terms_.size();
  Outcome outcome;
  for (const uint32_t place : PlacesBetween(asked.from, end)) {
    if (!prover_.ChargeBudget()) return Outcome::Unclear("steps");
    if (HoldsCounted(place, asked.counted) || !IsPossible(place, asked.term)) continue;
    placed_terms_[place].push_back(asked.term);
    placed_.emplace_back(place, asked.counted);
    const bool is_settled = outcome.Join(PlaceAsked(index + 1));
    placed_.pop_back();
    placed_terms_[place].pop_back();
    if (is_settled) break;
  }
  return outcome;
}

/// Makes two items equal by giving both the union of their goals: a goal always yields the same
/// value.
Outcome ListSearch::PlaceRepetition() {
  Outcome outcome;
  for (const uint32_t first : PlacesBetween(0, placed_terms_.size())) {
    for (uint32_t second = first + 1; second < placed_terms_.size(); ++second) {
      if (!prover_.ChargeBudget()) return Outcome::Unclear("steps");
      const std::vector<Goal> before = placed_terms_;
      Goal both = GoalAt(first);
      const Goal other = GoalAt(second);
      both.insert(both.end(), other.begin(), other.end());
      placed_terms_[first] = both;
      placed_terms_[second] = both;
      const bool is_settled = outcome.Join(Make());
      placed_terms_ = before;
      if (is_settled) return outcome;
      if (second >= fixed_count_ && placed_terms_[second].empty()) break;
    }
  }
  return outcome;
}

Goal ListSearch::FullGoalAt(uint32_t place) const {
  Goal goal = GoalAt(place);
  for (uint32_t i = 0; i < counted_.size(); ++i) {
    if (is_exact_count_[i] && !HoldsCounted(place, i)) goal.push_back(Opposite(counted_[i].term));
  }
  return goal;
}

/// Solves for an item that differs from `items`. A failure can be due to those items, which might
/// have been chosen differently if their goals differ; the outcome is then Unclear.
Outcome ListSearch::SolveNextItem(const std::vector<Value>& items) {
  const auto place = static_cast<uint32_t>(items.size());
  Goal goal = FullGoalAt(place);
  const Goal alone = goal;
  for (const Value& item : items) goal.push_back(prover_.terms().IsNot(item));
  Outcome outcome = prover_.Solve(std::move(goal));
  if (!outcome.is_none()) return outcome;
  bool has_other_goal = false;
  for (uint32_t i = 0; i < place; ++i) has_other_goal |= FullGoalAt(i) != alone;
  const bool is_taken = has_other_goal && !prover_.Solve(alone).is_none();
  return is_taken ? Outcome::Unclear("uniqueItems") : outcome;
}

Outcome ListSearch::Make() {
  if (is_unique_ && placed_terms_.size() > kMaxUniqueItems) return Outcome::Unclear("uniqueItems");
  std::vector<Value> items;
  for (uint32_t place = 0; place < placed_terms_.size(); ++place) {
    Outcome item = is_unique_ ? SolveNextItem(items) : prover_.Solve(FullGoalAt(place));
    if (!item.is_found()) return item;
    items.push_back(std::move(item.value));
  }
  return branch_.TryCandidate(Value::List(std::move(items)));
}

}  // namespace

bool IsListBranchClosed(const Branch& branch) {
  return ListSearch(branch).IsClosed();
}

Outcome FindList(const Branch& branch) {
  return ListSearch(branch).Run();
}

}  // namespace wfc::types
