// G020, G021, G022: routes that are never taken, cases behind others, values without a route.
#include <algorithm>

#include <fmt/format.h>

#include "ir/support/suggest.h"
#include "ir/value/json.h"
#include "passes/decide_facts.h"
#include "passes/pass.h"
#include "passes/presence_graph.h"
#include "passes/value_domain.h"

namespace wfc::passes {

namespace {

class DecisionCheck {
 public:
  DecisionCheck(PassContext& context, ir::StageId id)
      : context_(context),
        presence_(context.presence()),
        id_(id),
        stage_(context.project.stages[id]),
        routes_(context.project.routes_of(stage_)) {}

  void Run() {
    const DecideFacts facts = FindDecideFacts(context_.project, stage_);
    for (uint32_t i = 0; i < routes_.size(); ++i) {
      ReportRoute(facts, i);
      if (facts.fates[i] == RouteFate::Possible) JudgeHere(i);
    }
    if (!facts.left_over.empty() && CanLeaveOver()) ReportLeftOver(facts);
  }

 private:
  using Formulas = presence::Formulas;
  /// Of a case: at most so many before it are tried alone, so that a long list takes no quadratic
  /// time.
  static constexpr uint32_t kMaxCompared = 64;

  void JudgeHere(uint32_t index);
  void JudgeCase(uint32_t index, presence::Formula fits);
  [[nodiscard]] bool CanLeaveOver();
  [[nodiscard]] presence::World world() const { return presence_.analysis().world_of(id_); }
  [[nodiscard]] presence::Formula And(presence::Formula left, presence::Formula right) {
    return presence_.formulas().And(left, right);
  }
  [[nodiscard]] uint32_t IndexOf(uint32_t route) const {
    return stage_.decide.routes.first + route;
  }
  void ReportRoute(const DecideFacts& facts, uint32_t index);
  void ReportImpossible(const ir::Route& route);
  void ReportLeftOver(const DecideFacts& facts);
  std::string Name(const ir::Route& route) const {
    return route.is_default ? "`default`" : fmt::format("the route `{}`", ShowKey(route.key));
  }
  Span SubjectSpan() const { return context_.project.exprs[stage_.decide.subject].span; }

  PassContext& context_;
  Presence& presence_;
  ir::StageId id_;
  const ir::Stage& stage_;
  std::span<const ir::Route> routes_;
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
                  fmt::format("what is decided is always `{}`", ShowKey(*facts.constant)))
          .AddNote(SubjectSpan(), "decided here");
      return;
    case RouteFate::Repeated:
      sink.Report(diag::DeadRoute, route.span, Name(route), "an earlier key is the same value")
          .AddNote(routes_[facts.causes[index]].span, "the earlier key");
      return;
    case RouteFate::Impossible:
      ReportImpossible(route);
      return;
    case RouteFate::Exhausted:
      sink.Report(diag::DeadRoute, route.span, Name(route),
                  "every value that is possible has a route")
          .AddNote(SubjectSpan(), "decided here");
      return;
    case RouteFate::Shadowed:
      sink.Report(diag::ShadowedCase, route.span)
          .AddNote(routes_[facts.causes[index]].span, "this case is always true where it would be");
      return;
  }
}

/// A route that is possible by itself, but not where the decide stands.
void DecisionCheck::JudgeHere(uint32_t index) {
  const ir::Route& route = routes_[index];
  if (!presence_.NeverTakes(id_, IndexOf(index))) return;
  const presence::Formula fits =
      And(presence_.Deciding(id_), presence_.Fits(IndexOf(index), world()));
  if (!presence_.Never(fits)) return JudgeCase(index, fits);
  diag::Reported reported = context_.sink.Report(
      diag::DeadRoute, route.span,
      stage_.decide.is_case_list ? std::string("this case") : Name(route),
      stage_.decide.is_case_list ? "its condition is never true where the decide runs"
                                 : "what is decided never has this value where the decide runs");
  const std::string when = presence_.Explain(presence_.Deciding(id_));
  if (!when.empty()) reported.AddNote({}, fmt::format("the decide runs when {}", when));
}

/// The routes before it take all that it fits: of cases, one alone, or up to the first with which
/// they do.
void DecisionCheck::JudgeCase(uint32_t index, presence::Formula fits) {
  if (!stage_.decide.is_case_list) {
    context_.sink.Report(diag::DeadRoute, routes_[index].span, Name(routes_[index]),
                         "every value that is possible where the decide runs has a route");
    return;
  }
  const auto left_by = [&](presence::Formula of, uint32_t earlier) {
    return And(of, Formulas::Not(presence_.Fits(IndexOf(earlier), world())));
  };
  const auto report = [&](uint32_t earlier, std::string_view why) {
    context_.sink.Report(diag::ShadowedCase, routes_[index].span)
        .AddNote(routes_[earlier].span, std::string(why));
  };
  for (uint32_t i = index - std::min(index, kMaxCompared); i < index; ++i) {
    if (!presence_.Never(left_by(fits, i))) continue;
    return report(i, "this case is always true where it would be");
  }
  for (uint32_t i = 0; i < index; ++i) {
    fits = left_by(fits, i);
    if (presence_.Never(fits)) return report(i, "this case and those before it leave nothing over");
  }
}

/// Whether a value can come here that no route takes; also when it is not known.
bool DecisionCheck::CanLeaveOver() {
  presence::Formula none = presence_.Deciding(id_);
  for (uint32_t i = 0; i < routes_.size(); ++i) {
    none = And(none, Formulas::Not(presence_.Fits(IndexOf(i), world())));
  }
  return !presence_.Never(none);
}

std::string_view KindInWords(const Value& value) {
  if (value.is_number()) return "number";
  return value.is_null() ? "value" : "boolean";
}

/// The key looks like a value that is possible, and is of another kind: `"1"` where 1 is decided.
/// Empty: it does not.
std::string DescribeOtherKind(const ir::Route& route, const ValueDomain& domain) {
  const bool is_text = route.key.is_string();
  const std::string shown = ShowKey(route.key);
  Value meant = Value::String(shown);
  if (is_text) {
    const Result<Value> scalar = ReadJson(shown);
    if (!scalar.ok() || scalar->is_string()) return {};
    meant = *scalar;
  }
  if (domain.Excludes(meant)) return {};
  const std::string text = WriteJson(Value::String(shown));
  return is_text ? fmt::format("it is the text `{}`, not the {} {}; write `{}:`", text,
                               KindInWords(meant), shown, shown)
                 : fmt::format("it is the {} {}, not the text `{}`; write `{}:`",
                               KindInWords(route.key), shown, text, text);
}

/// Names the values that there are, and the one that may have been meant.
void DecisionCheck::ReportImpossible(const ir::Route& route) {
  const ValueDomain domain = FindDomain(context_.project, stage_, stage_.decide.subject);
  std::vector<std::string> shown;
  for (const Value& value : domain.finite.value_or(std::vector<Value>())) {
    shown.push_back(ShowKey(value));
  }
  const std::string key = ShowKey(route.key);
  Suggester suggester(key);
  for (const std::string& value : shown) suggester.Consider(value);
  if (const std::string other = DescribeOtherKind(route, domain); !other.empty()) {
    context_.sink.Report(diag::DeadRoute, route.span, Name(route), other)
        .AddNote(SubjectSpan(), "decided here");
    return;
  }
  const std::vector<std::string_view> views(shown.begin(), shown.end());
  std::string why = "what is decided never has this value";
  if (const std::string list = ListNames(views); !list.empty()) {
    why += fmt::format(", only {}{}", list, suggester.Phrase());
  }
  context_.sink.Report(diag::DeadRoute, route.span, Name(route), why)
      .AddNote(SubjectSpan(), "decided here");
}

void DecisionCheck::ReportLeftOver(const DecideFacts& facts) {
  std::string_view way = stage_.decide.is_case_list ? "a last case without `when`" : "a `default`";
  context_.sink.Report(diag::MissingDefault, stage_.verb_span, facts.left_over, way);
}

}  // namespace

void CheckDecisions(PassContext& context) {
  for (ir::StageId id : context.project.stages.ids()) {
    if (context.project.stages[id].verb == ir::Verb::Decide) DecisionCheck(context, id).Run();
  }
}

}  // namespace wfc::passes
