// G020 to G023: routes that are never taken, cases after others that cover them, values without a
// route, and decides whose routes are all dead.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/value/json.h"
#include "passes/conditions/constant_parts.h"
#include "passes/conditions/decide_facts.h"
#include "passes/conditions/left_over.h"
#include "passes/conditions/presence_graph.h"
#include "passes/conditions/truth_keys.h"
#include "passes/conditions/type_values.h"
#include "passes/context/pass.h"
#include "passes/flow/constants.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/nearest_value.h"

namespace wfc::passes {

namespace {

/// Whether the key is a word that other tools use for the default route.
bool IsWordForOthers(const Value& key) {
  constexpr std::string_view kWords[] = {"default", "_",         "*",  "else",
                                         "other",   "otherwise", ".*", "any"};
  return key.is_string() && std::ranges::find(kWords, key.AsString()) != std::end(kWords);
}

class DecisionCheck {
 public:
  DecisionCheck(PassContext& context, ir::StageId id)
      : context_(context),
        presence_(context.presence()),
        id_(id),
        stage_(context.project.stages[id]),
        decide_(context.project.GetDecide(stage_)),
        routes_(context.project.routes_of(stage_)) {}

  void Run() {
    const DecideFacts facts = FindDecideFacts(context_.project, context_.types(), stage_);
    CheckSubstitute();
    if (facts.holds_poison) return;
    if (IsDead(facts)) return ReportDead(facts);
    for (uint32_t i = 0; i < routes_.size(); ++i) {
      if (!CheckHere(facts, i)) ReportRoute(facts, i);
    }
    if (!facts.left_over.empty() && CanLeaveOver()) ReportLeftOver(facts);
  }

 private:
  using Formulas = presence::Formulas;
  /// How many earlier cases are tried one by one, so that a long list does not take quadratic time.
  static constexpr uint32_t kMaxCompared = 64;
  /// How many routes a finding about all of them shows.
  static constexpr size_t kMaxNoted = 8;
  /// How many pairs of a route and a possible value are compared for a suggestion.
  static constexpr size_t kMaxSuggested = 100'000;

  [[nodiscard]] bool IsDead(const DecideFacts& facts);
  void ReportDeadCases();
  void ReportDead(const DecideFacts& facts);
  void CheckSubstitute();
  [[nodiscard]] std::optional<LeftOver> FindSubstitutes(const ValueSet& keys) const;
  [[nodiscard]] std::vector<Value> FindPossible(const DecideFacts& facts) const;
  bool CheckHere(const DecideFacts& facts, uint32_t index);
  void CheckCase(uint32_t index, presence::Formula fits);
  [[nodiscard]] bool CanLeaveOver();
  [[nodiscard]] presence::Formula NoneBefore(uint32_t index);
  [[nodiscard]] presence::World world() const { return presence_.analysis().world_of(id_); }
  [[nodiscard]] presence::Formula And(presence::Formula left, presence::Formula right) {
    return presence_.formulas().And(left, right);
  }
  [[nodiscard]] uint32_t IndexOf(uint32_t route) const { return decide_.routes.first + route; }
  void ReportRoute(const DecideFacts& facts, uint32_t index);
  void ReportImpossible(const ir::Route& route, const TypeValues& values);
  [[nodiscard]] std::string ExplainImpossible(const ir::Route& route, const TypeValues& values);
  void ReportLeftOver(const DecideFacts& facts);
  void AddNoteOfOthers(diag::Reported& reported, const ir::Route& route) const;
  std::string Name(const ir::Route& route) const {
    return route.is_default ? "`default`" : fmt::format("the route `{}`", ShowValue(route.key));
  }
  Span SubjectSpan() const { return context_.project.exprs[decide_.subject].span; }

  PassContext& context_;
  Presence& presence_;
  ir::StageId id_;
  const ir::Stage& stage_;
  const ir::Decide& decide_;
  std::span<const ir::Route> routes_;
  // Once they were asked for.
  std::optional<TypeValues> values_;
  std::optional<TypeValues> values_here_;
  size_t impossible_count_ = 0;
  std::vector<presence::Formula> none_before_;  // by route, and of them all
};

void DecisionCheck::ReportRoute(const DecideFacts& facts, uint32_t index) {
  const ir::Route& route = routes_[index];
  diag::Sink& sink = context_.sink;
  switch (facts.fates[index]) {
    case RouteFate::Possible:
    case RouteFate::NeverTrue:  // a constant condition, E010
      return;
    case RouteFate::OtherConstant:
      sink.Report(diag::DeadRoute, route.span, Name(route),
                  fmt::format("the value is always `{}`", ShowValue(*facts.constant)))
          .AddNote(SubjectSpan(), "decided here");
      return;
    case RouteFate::Repeated:
      sink.Report(diag::DeadRoute, route.span, Name(route), "an earlier key is the same value")
          .AddNote(routes_[facts.causes[index]].span, "the earlier key");
      return;
    case RouteFate::Impossible:
      if (!values_) values_ = FindDecidedValues(context_.project, context_.types(), stage_);
      return ReportImpossible(route, *values_);
    case RouteFate::ImpossibleHere:
      if (!values_here_) {
        const ExpressionTypes& types = context_.types();
        values_here_ = FindValues(context_.project, types, types.of(decide_.subject));
      }
      return ReportImpossible(route, *values_here_);
    case RouteFate::Exhausted:
    case RouteFate::ExhaustedHere:
      sink.Report(diag::DeadRoute, route.span, Name(route),
                  "every value that is possible has a route")
          .AddNote(SubjectSpan(), "decided here");
      return;
    case RouteFate::Shadowed:
      sink.Report(diag::ShadowedCase, route.span)
          .AddNote(routes_[facts.causes[index]].span,
                   "this case already holds whenever the later one would");
      return;
  }
}

/// Reports a route that is possible by itself but not where the decide stands. False if it was not
/// reported.
bool DecisionCheck::CheckHere(const DecideFacts& facts, uint32_t index) {
  const RouteFate fate = facts.fates[index];
  const bool is_open = fate == RouteFate::Possible || fate == RouteFate::ImpossibleHere ||
                       fate == RouteFate::ExhaustedHere;
  const ir::Route& route = routes_[index];
  if (!is_open || !presence_.NeverTakes(id_, IndexOf(index))) return false;
  const presence::Formula fits =
      And(presence_.Deciding(id_), presence_.Fits(IndexOf(index), world()));
  if (!presence_.Never(fits)) {
    CheckCase(index, fits);
    return true;
  }
  diag::Reported reported = context_.sink.Report(
      diag::DeadRoute, route.span, decide_.is_case_list ? std::string("this case") : Name(route),
      decide_.is_case_list ? "its condition is never true where the decide runs"
                           : "the value is never this one where the decide runs");
  AddConstantNotes(context_, reported, id_, decide_.is_case_list ? route.when : decide_.subject,
                   Moment::Started);
  const std::string when = presence_.Explain(presence_.Deciding(id_));
  if (!when.empty()) reported.AddNote({}, fmt::format("the decide runs when {}", when));
  return true;
}

/// Reports a case for which earlier ones leave nothing: a single earlier case, or all up to the
/// first with which nothing is left.
void DecisionCheck::CheckCase(uint32_t index, presence::Formula fits) {
  if (!decide_.is_case_list) {
    context_.sink.Report(diag::DeadRoute, routes_[index].span, Name(routes_[index]),
                         "every value that is possible where the decide runs has a route");
    return;
  }
  const auto left_by = [&](presence::Formula of, uint32_t earlier) {
    return And(of, Formulas::Not(presence_.Fits(IndexOf(earlier), world())));
  };
  const auto report = [&](uint32_t earlier, std::string_view why) {
    diag::Reported reported = context_.sink.Report(diag::ShadowedCase, routes_[index].span);
    reported.AddNote(routes_[earlier].span, std::string(why));
    AddConstantNotes(context_, reported, id_, routes_[earlier].when, Moment::Started);
  };
  for (uint32_t i = index - std::min(index, kMaxCompared); i < index; ++i) {
    if (!presence_.Never(left_by(fits, i))) continue;
    return report(i, "this case already holds whenever the later one would");
  }
  // The more cases are included, the less is left, so a binary search finds the first with which
  // nothing is.
  uint32_t least = 1;
  uint32_t most = index;
  if (most == 0 || !presence_.Never(And(fits, NoneBefore(most)))) return;
  while (least < most) {
    const uint32_t middle = least + (most - least) / 2;
    if (presence_.Never(And(fits, NoneBefore(middle)))) {
      most = middle;
    } else {
      least = middle + 1;
    }
  }
  report(most - 1, "this case and the ones before it together cover every value");
}

/// The runs in which no earlier route matches.
presence::Formula DecisionCheck::NoneBefore(uint32_t index) {
  if (none_before_.empty()) none_before_.push_back(presence::kAlways);
  for (auto i = static_cast<uint32_t>(none_before_.size()); i <= index; ++i) {
    const presence::Formula fits = presence_.Fits(IndexOf(i - 1), world());
    none_before_.push_back(And(none_before_.back(), Formulas::Not(fits)));
  }
  return none_before_[index];
}

/// Whether a value that no route takes can occur here; true if that is not known.
bool DecisionCheck::CanLeaveOver() {
  const presence::Formula none = NoneBefore(static_cast<uint32_t>(routes_.size()));
  return !presence_.Never(And(presence_.Deciding(id_), none));
}

std::string_view KindInWords(const Value& value) {
  if (value.is_number()) return "number";
  return value.is_null() ? "value" : "boolean";
}

/// Describes a key that looks like a possible value but is of another kind: `"1"` where 1 is
/// decided. Empty if it does not.
std::string DescribeOtherKind(const ir::Route& route, const TypeValues& values) {
  const bool is_text = route.key.is_string();
  const std::string shown = is_text ? std::string(route.key.AsString()) : WriteJson(route.key);
  Value meant = Value::String(shown);
  if (is_text) {
    const Result<Value> scalar = ReadJson(shown);
    if (!scalar.ok() || scalar->is_string()) return {};
    meant = *scalar;
  }
  if (values.Excludes(meant)) return {};
  const std::string text = WriteJson(Value::String(shown));
  return is_text ? fmt::format("it is the text `{}`, not the {} {}; write `{}:`", text,
                               KindInWords(meant), shown, shown)
                 : fmt::format("it is the {} {}, not the text `{}`; write `{}:`",
                               KindInWords(route.key), shown, text, text);
}

/// Lists the possible values and suggests the one that may have been meant; with many routes and
/// many values, does neither.
std::string DecisionCheck::ExplainImpossible(const ir::Route& route, const TypeValues& values) {
  std::string why = "the value is never this one";
  const std::span<const Value> possible =
      values.listed ? std::span<const Value>(*values.listed) : std::span<const Value>();
  if (possible.size() * ++impossible_count_ > kMaxSuggested) return why;
  const std::string other = DescribeOtherKind(route, values);
  const std::string list = ListValues(possible);
  if (!other.empty() || list.empty()) return other.empty() ? why : other;
  return fmt::format("{}, only {}{}", why, list, SuggestValue(route.key, possible));
}

void DecisionCheck::ReportImpossible(const ir::Route& route, const TypeValues& values) {
  const std::optional<bool> truth = ReadTruth(route.key);
  const bool is_written = truth && std::ranges::any_of(routes_, [&](const ir::Route& other) {
                            return !other.is_default && other.key == Value::Bool(*truth);
                          });
  std::optional<diag::Fix> fix;
  if (!is_written && values.listed) {
    fix = FindTruthFix(context_.sources, {&route, 1}, *values.listed);
  }
  if (fix) DropAmbiguousScalars(context_.sink, *fix);
  diag::Reported reported = context_.sink.Report(diag::DeadRoute, route.span, Name(route),
                                                 ExplainImpossible(route, values));
  const bool has_default = std::ranges::any_of(routes_, &ir::Route::is_default);
  if (!has_default && IsWordForOthers(route.key)) AddNoteOfOthers(reported, route);
  reported.AddNote(SubjectSpan(), "decided here");
  if (fix) reported.SetFix(*std::move(fix));
}

/// Whether every run that reaches the decide fails with `no_route`.
bool DecisionCheck::IsDead(const DecideFacts& facts) {
  if (routes_.empty()) return false;
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    if (facts.fates[i] == RouteFate::Possible && !presence_.NeverTakes(id_, IndexOf(i))) {
      return false;
    }
  }
  // For an exhausted or shadowed route, another one is taken.
  const auto is_taken_elsewhere = [](RouteFate fate) {
    return fate == RouteFate::Exhausted || fate == RouteFate::ExhaustedHere ||
           fate == RouteFate::Shadowed || fate == RouteFate::Repeated;
  };
  if (std::ranges::any_of(facts.fates, is_taken_elsewhere)) return false;
  const bool takes_rest =
      std::ranges::any_of(routes_, [](const ir::Route& route) { return route.is_default; });
  return !takes_rest && presence_.CanHold(presence_.Deciding(id_));
}

/// The possible decided values; empty if they are not known or too many.
std::vector<Value> DecisionCheck::FindPossible(const DecideFacts& facts) const {
  if (facts.constant) return {*facts.constant};
  if (!decide_.subject.has_value()) return {};
  const TypeValues values = FindDecidedValues(context_.project, context_.types(), stage_);
  return values.listed.value_or(std::vector<Value>());
}

void DecisionCheck::ReportDeadCases() {
  diag::Reported reported =
      context_.sink.Report(diag::NoRouteTaken, stage_.verb_span,
                           "none of its cases is ever true; the run fails with `no_route`");
  for (const ir::Route& route : routes_.first(std::min(routes_.size(), kMaxNoted))) {
    if (!route.when.has_value()) continue;
    reported.AddNote(context_.project.exprs[route.when].span, "this is never true");
    AddConstantNotes(context_, reported, id_, route.when, Moment::Started);
  }
}

void DecisionCheck::ReportDead(const DecideFacts& facts) {
  if (decide_.is_case_list) return ReportDeadCases();
  const std::vector<Value> possible = FindPossible(facts);
  const std::string list = ListValues(possible, "or");
  std::optional<diag::Fix> fix = FindTruthFix(context_.sources, routes_, possible);
  if (fix) DropAmbiguousScalars(context_.sink, *fix);
  diag::Reported reported =
      context_.sink.Report(diag::NoRouteTaken, stage_.verb_span,
                           fmt::format("the value is {}; the run fails with `no_route`",
                                       list.empty() ? "none of its keys" : "always " + list));
  const TypeValues values = {.listed = possible};
  for (const ir::Route& route : routes_.first(std::min(routes_.size(), kMaxNoted))) {
    const std::string other = possible.empty() ? std::string() : DescribeOtherKind(route, values);
    reported.AddNote(route.span, !other.empty()
                                     ? other
                                     : fmt::format("it is never `{}`{}", ShowValue(route.key),
                                                   SuggestValue(route.key, possible)));
  }
  reported.AddNote(SubjectSpan(), "decided here");
  AddConstantNotes(context_, reported, id_, decide_.subject, Moment::Started);
  if (fix) reported.SetFix(*std::move(fix));
}

/// The values without a route that `on_error` may substitute for the output; none if they are not
/// known.
std::optional<LeftOver> DecisionCheck::FindSubstitutes(const ValueSet& keys) const {
  const ExpressionTypes& types = context_.types();
  if (stage_.on_error == ir::OnError::Fallback && stage_.fallback.has_value()) {
    return FindLeftOver(context_.project, types, types.output_of(stage_.fallback), keys);
  }
  if (stage_.on_error != ir::OnError::Value || !stage_.on_error_value.has_value()) return {};
  const std::optional<Value> written = FindConstant(context_.project, stage_.on_error_value);
  if (!written) {
    return FindLeftOver(context_.project, types, types.of(stage_.on_error_value), keys);
  }
  if (written->is_error() || keys.contains(*written)) return {};
  return LeftOver{.listed = {*written}};
}

/// Checks the substitute of a decide that leads to ids: it chooses by its output, recovered or not.
void DecisionCheck::CheckSubstitute() {
  const bool leads_to_ids = std::ranges::any_of(
      routes_, [](const ir::Route& route) { return route.kind == ir::Route::Kind::Ids; });
  const bool takes_all =
      !decide_.is_case_list && std::ranges::any_of(routes_, &ir::Route::is_default);
  if (!leads_to_ids || takes_all) return;
  if (presence_.Never(presence_.analysis().of(id_).fails)) return;
  std::vector<Value> keys;
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    keys.push_back(decide_.is_case_list ? Value::Int(i) : routes_[i].key);
  }
  const std::optional<LeftOver> left_over = FindSubstitutes({keys.begin(), keys.end()});
  if (!left_over || left_over->is_empty()) return;
  const Span span = stage_.on_error_value.has_value()
                        ? context_.project.exprs[stage_.on_error_value].span
                        : stage_.on_error_span;
  const std::string suggestion =
      left_over->listed.empty() ? "" : SuggestValue(left_over->listed.front(), keys);
  context_.sink.Report(diag::SubstituteWithoutRoute, span, Describe(*left_over), suggestion)
      .AddNote(stage_.verb_span, decide_.is_case_list
                                     ? "a list of cases chooses by the index of a case, from 0"
                                     : "it decides here");
}

void DecisionCheck::ReportLeftOver(const DecideFacts& facts) {
  std::string_view way = decide_.is_case_list ? "a last case without `when`" : "a `default`";
  diag::Reported reported =
      context_.sink.Report(diag::MissingDefault, stage_.verb_span, facts.left_over, way);
  for (const ir::Route& route : routes_) {
    if (IsWordForOthers(route.key)) return AddNoteOfOthers(reported, route);
  }
}

void DecisionCheck::AddNoteOfOthers(diag::Reported& reported, const ir::Route& route) const {
  const std::string key = ShowValue(route.key);
  reported.AddNote(route.span,
                   fmt::format("in `routes`, `{}` is the route of the text `{}` alone; values "
                               "without a route go to the stage's key `default`, beside `routes`",
                               key, WriteJson(route.key)));
}

}  // namespace

void CheckDecisions(PassContext& context) {
  context.ForEachStage([&](ir::StageId id) {
    const bool is_decide = context.project.FindDecide(context.project.stages[id]) != nullptr;
    if (is_decide) DecisionCheck(context, id).Run();
  });
}

}  // namespace wfc::passes
