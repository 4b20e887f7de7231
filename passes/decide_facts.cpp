#include "passes/decide_facts.h"

#include <algorithm>
#include <compare>

#include <fmt/format.h>

#include "ir/value/json.h"
#include "passes/constants.h"
#include "passes/value_domain.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;
/// Pairs of a route and a possible value; past that nothing is said of values.
constexpr size_t kMaxComparedValues = 4'000'000;

class FactFinder {
 public:
  FactFinder(const ir::Project& project, const ExpressionTypes& types, const ir::Stage& stage)
      : project_(project), types_(types), stage_(stage), routes_(project.routes_of(stage)) {
    facts_.fates.assign(routes_.size(), RouteFate::Possible);
    facts_.causes.assign(routes_.size(), kNone);
  }

  DecideFacts Run() {
    if (HoldsPoison()) return std::move(facts_);
    if (stage_.decide.is_case_list) {
      JudgeCases();
    } else if (stage_.decide.subject.has_value()) {
      JudgeRoutes();
    }
    return std::move(facts_);
  }

 private:
  bool HoldsPoison() const;
  void JudgeRoutes();
  void JudgeConstant();
  void JudgeRepeated();
  void JudgeDomain(const ValueDomain& domain);
  void FindLeftOver(const ValueDomain& domain);
  void JudgeCases();
  bool IsDefault(uint32_t index) const { return routes_[index].is_default; }
  bool HasKey(const Value& value) const;

  const ir::Project& project_;
  const ExpressionTypes& types_;
  const ir::Stage& stage_;
  std::span<const ir::Route> routes_;
  DecideFacts facts_;
};

bool FactFinder::HoldsPoison() const {
  ir::ExprId subject = stage_.decide.subject;
  if (subject.has_value() && expr::HasPoison(project_.exprs, subject)) return true;
  return std::ranges::any_of(routes_, [&](const ir::Route& route) {
    return route.when.has_value() && expr::HasPoison(project_.exprs, route.when);
  });
}

bool FactFinder::HasKey(const Value& value) const {
  return std::ranges::any_of(
      routes_, [&](const ir::Route& route) { return !route.is_default && route.key == value; });
}

void FactFinder::JudgeRoutes() {
  JudgeRepeated();
  facts_.constant = FindConstant(project_, stage_.decide.subject);
  if (facts_.constant) {
    JudgeConstant();
    return;
  }
  ValueDomain domain = FindDecidedDomain(project_, types_, stage_);
  if (!domain.is_known()) return;
  bool is_small = !domain.finite || domain.finite->size() * routes_.size() <= kMaxComparedValues;
  if (!is_small) return;
  JudgeDomain(domain);
  FindLeftOver(domain);
}

void FactFinder::JudgeConstant() {
  bool has_key = HasKey(*facts_.constant);
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    bool is_taken = IsDefault(i) ? !has_key : routes_[i].key == *facts_.constant;
    bool is_judged = facts_.fates[i] != RouteFate::Possible;
    if (!is_taken && !is_judged) facts_.fates[i] = RouteFate::OtherConstant;
  }
}

/// Keys are sorted as text, so that `1` and `1.0` need not stand together.
void FactFinder::JudgeRepeated() {
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    if (!IsDefault(i) && routes_[i].key.is_number()) order.push_back(i);
  }
  std::ranges::sort(order, [&](uint32_t left, uint32_t right) {
    std::optional<std::strong_ordering> by_value = Compare(routes_[left].key, routes_[right].key);
    return by_value && *by_value != 0 ? *by_value < 0 : left < right;
  });
  for (size_t i = 1; i < order.size(); ++i) {
    if (!(routes_[order[i]].key == routes_[order[i - 1]].key)) continue;
    facts_.fates[order[i]] = RouteFate::Repeated;
    facts_.causes[order[i]] = order[i - 1];
  }
}

void FactFinder::JudgeDomain(const ValueDomain& domain) {
  bool all_have_keys =
      domain.finite.has_value() &&
      std::ranges::all_of(*domain.finite, [&](const Value& value) { return HasKey(value); });
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    if (facts_.fates[i] != RouteFate::Possible) continue;
    if (IsDefault(i)) {
      if (all_have_keys) facts_.fates[i] = RouteFate::Exhausted;
    } else if (domain.Excludes(routes_[i].key)) {
      facts_.fates[i] = RouteFate::Impossible;
    }
  }
}

void FactFinder::FindLeftOver(const ValueDomain& domain) {
  bool has_default =
      std::ranges::any_of(routes_, [](const ir::Route& route) { return route.is_default; });
  // Without any route, that is what was reported.
  if (has_default || routes_.empty()) return;
  if (!domain.finite) {
    facts_.left_over = fmt::format("any other {}", domain.type);
    return;
  }
  constexpr size_t kMaxNamed = 10;
  size_t count = 0;
  for (const Value& value : *domain.finite) {
    if (HasKey(value) || ++count > kMaxNamed) continue;
    facts_.left_over += (facts_.left_over.empty() ? "`" : ", `") + ShowKey(value) + "`";
  }
  if (count > kMaxNamed) facts_.left_over += fmt::format(" and {} more", count - kMaxNamed);
}

/// A case without `when` is always true.
void FactFinder::JudgeCases() {
  uint32_t always = kNone;
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    std::optional<Value> constant = Value::Bool(true);
    if (routes_[i].when.has_value()) constant = FindConstant(project_, routes_[i].when);
    if (always != kNone) {
      facts_.fates[i] = RouteFate::Shadowed;
      facts_.causes[i] = always;
    } else if (constant && constant->is_true()) {
      always = i;
    } else if (constant) {
      facts_.fates[i] = RouteFate::NeverTrue;
    }
  }
  if (always == kNone) facts_.left_over = "what no case is true for";
}

}  // namespace

std::string ShowKey(const Value& key) {
  return key.is_string() ? std::string(key.AsString()) : WriteJson(key);
}

DecideFacts FindDecideFacts(const ir::Project& project, const ExpressionTypes& types,
                            const ir::Stage& stage) {
  return FactFinder(project, types, stage).Run();
}

}  // namespace wfc::passes
