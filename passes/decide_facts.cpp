#include "passes/decide_facts.h"

#include <algorithm>
#include <compare>

#include <fmt/format.h>

#include "ir/value/json.h"
#include "passes/case_coverage.h"
#include "passes/constants.h"
#include "passes/value_domain.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;
/// A case is compared with at most this many before it, so that a long list takes no quadratic
/// time.
constexpr uint32_t kMaxComparedCases = 64;

class FactFinder {
 public:
  FactFinder(const ir::Project& project, const ir::Stage& stage)
      : project_(project), stage_(stage), routes_(project.routes_of(stage)) {
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
  void JudgeCase(uint32_t index);
  bool IsDefault(uint32_t index) const { return routes_[index].is_default; }
  bool HasKey(const Value& value) const;

  const ir::Project& project_;
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
  ValueDomain domain = FindDomain(project_, stage_, stage_.decide.subject);
  if (!domain.is_known()) return;
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

void FactFinder::JudgeCases() {
  for (uint32_t i = 0; i < routes_.size(); ++i) JudgeCase(i);
  bool is_complete = std::ranges::any_of(routes_, [&](const ir::Route& route) {
    if (!route.when.has_value()) return true;
    std::optional<Value> constant = FindConstant(project_, route.when);
    return constant && constant->is_true();
  });
  for (uint32_t i = 0; i + 1 < routes_.size() && !is_complete; ++i) {
    is_complete = AreOpposite(project_, routes_[i].when, routes_[i + 1].when);
  }
  if (!is_complete) facts_.left_over = "what no case is true for";
}

void FactFinder::JudgeCase(uint32_t index) {
  const ir::Route& route = routes_[index];
  uint32_t first = index > kMaxComparedCases ? index - kMaxComparedCases : 0;
  for (uint32_t earlier = first; earlier < index; ++earlier) {
    const ir::Route& before = routes_[earlier];
    if (facts_.fates[earlier] != RouteFate::Possible) continue;
    std::optional<Value> constant;
    if (before.when.has_value()) constant = FindConstant(project_, before.when);
    bool is_always = !before.when.has_value() || (constant && constant->is_true());
    bool covers =
        is_always || (route.when.has_value() && Covers(project_, before.when, route.when));
    if (!covers) continue;
    facts_.fates[index] = RouteFate::Shadowed;
    facts_.causes[index] = earlier;
    return;
  }
  if (!route.when.has_value()) return;
  std::optional<Value> constant = FindConstant(project_, route.when);
  if (constant && !constant->is_true()) facts_.fates[index] = RouteFate::NeverTrue;
}

}  // namespace

std::string ShowKey(const Value& key) {
  return key.is_string() ? std::string(key.AsString()) : WriteJson(key);
}

DecideFacts FindDecideFacts(const ir::Project& project, const ir::Stage& stage) {
  return FactFinder(project, stage).Run();
}

}  // namespace wfc::passes
