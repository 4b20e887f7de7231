#include "passes/conditions/decide_facts.h"

#include <algorithm>
#include <compare>
#include <iterator>

#include <fmt/core.h>

#include "ir/value/json.h"
#include "passes/conditions/left_over.h"
#include "passes/conditions/type_values.h"
#include "passes/flow/constants.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;

class FactFinder {
 public:
  FactFinder(const ir::Project& project, const ExpressionTypes& types, const ir::Stage& stage)
      : project_(project),
        types_(types),
        stage_(stage),
        decide_(project.GetDecide(stage)),
        routes_(project.routes_of(stage)) {
    facts_.fates.assign(routes_.size(), RouteFate::Possible);
    facts_.causes.assign(routes_.size(), kNone);
    for (const ir::Route& route : routes_) {
      if (!route.is_default && !route.when.has_value()) keys_.insert(route.key);
    }
  }

  DecideFacts Run() {
    facts_.holds_poison = HoldsPoison();
    if (facts_.holds_poison) return std::move(facts_);
    if (decide_.is_case_list) {
      EvaluateCases();
    } else if (decide_.subject.has_value()) {
      EvaluateRoutes();
    }
    return std::move(facts_);
  }

 private:
  bool HoldsPoison() const;
  void EvaluateRoutes();
  void EvaluateConstant();
  void EvaluateRepeated();
  void EvaluateValues(const TypeValues& values, RouteFate of_key, RouteFate of_default);
  void FindLeftOver(const TypeValues& values);
  [[nodiscard]] std::string FindOthers(const TypeValues& values) const;
  void EvaluateCases();
  bool IsDefault(uint32_t index) const { return routes_[index].is_default; }
  bool HasKey(const Value& value) const { return keys_.contains(value); }

  const ir::Project& project_;
  const ExpressionTypes& types_;
  const ir::Stage& stage_;
  const ir::Decide& decide_;
  std::span<const ir::Route> routes_;
  ValueSet keys_;
  DecideFacts facts_;
};

bool FactFinder::HoldsPoison() const {
  ir::ExprId subject = decide_.subject;
  if (subject.has_value() && expr::HasPoison(project_.exprs, subject)) return true;
  return std::ranges::any_of(routes_, [&](const ir::Route& route) {
    return route.when.has_value() && expr::HasPoison(project_.exprs, route.when);
  });
}

void FactFinder::EvaluateRoutes() {
  EvaluateRepeated();
  facts_.constant = FindConstant(project_, decide_.subject);
  if (facts_.constant) {
    EvaluateConstant();
    return;
  }
  const TypeValues values = FindDecidedValues(project_, types_, stage_);
  EvaluateValues(values, RouteFate::Impossible, RouteFate::Exhausted);
  const expr::Type& inferred = types_.of(decide_.subject);
  if (inferred != FindDeclaredType(project_, types_, decide_.subject)) {
    EvaluateValues(FindValues(project_, types_, inferred), RouteFate::ImpossibleHere,
                   RouteFate::ExhaustedHere);
  }
  FindLeftOver(values);
}

void FactFinder::EvaluateConstant() {
  bool has_key = HasKey(*facts_.constant);
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    bool is_taken = IsDefault(i) ? !has_key : routes_[i].key == *facts_.constant;
    bool is_judged = facts_.fates[i] != RouteFate::Possible;
    if (!is_taken && !is_judged) facts_.fates[i] = RouteFate::OtherConstant;
  }
}

/// Finds repeated keys. They are sorted as text, so `1` and `1.0` need not be adjacent.
void FactFinder::EvaluateRepeated() {
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

void FactFinder::EvaluateValues(const TypeValues& values, RouteFate of_key, RouteFate of_default) {
  const bool all_have_keys =
      values.listed.has_value() &&
      std::ranges::all_of(*values.listed, [&](const Value& value) { return HasKey(value); });
  ValueSet possible;
  if (values.listed) possible.insert(values.listed->begin(), values.listed->end());
  const auto excludes = [&](const Value& key) {
    return values.listed ? !possible.contains(key) : values.Excludes(key);
  };
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    if (facts_.fates[i] != RouteFate::Possible) continue;
    if (IsDefault(i)) {
      if (all_have_keys) facts_.fates[i] = of_default;
    } else if (excludes(routes_[i].key)) {
      facts_.fates[i] = of_key;
    }
  }
}

void FactFinder::FindLeftOver(const TypeValues& values) {
  bool has_default =
      std::ranges::any_of(routes_, [](const ir::Route& route) { return route.is_default; });
  // A decide without any route was reported as such.
  if (has_default || routes_.empty()) return;
  facts_.left_over = FindOthers(values);
}

/// The values left over by the declared and by the inferred type. Either can prove that there are
/// none.
std::string FactFinder::FindOthers(const TypeValues& values) const {
  LeftOver listed;
  if (values.listed) {
    std::ranges::copy_if(*values.listed, std::back_inserter(listed.listed),
                         [&](const Value& value) { return !HasKey(value); });
    if (listed.is_empty()) return "";
  }
  const ir::ExprId subject = decide_.subject;
  const auto left_of = [&](const expr::Type& type) {
    return passes::FindLeftOver(project_, types_, type, keys_);
  };
  if (const std::optional<LeftOver> inferred = left_of(types_.of(subject))) {
    return Describe(*inferred);
  }
  if (values.listed) return Describe(listed);
  const std::optional<LeftOver> declared = left_of(FindDeclaredType(project_, types_, subject));
  return declared ? Describe(*declared) : "";
}

/// Finds the fates of cases. A case without `when` is always true.
void FactFinder::EvaluateCases() {
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

DecideFacts FindDecideFacts(const ir::Project& project, const ExpressionTypes& types,
                            const ir::Stage& stage) {
  return FactFinder(project, types, stage).Run();
}

}  // namespace wfc::passes
