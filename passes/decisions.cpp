// G020, G021, G022: routes that are never taken, cases behind others, values without a route.
#include <fmt/format.h>

#include "passes/decide_facts.h"
#include "passes/pass.h"

namespace wfc::passes {

namespace {

class DecisionCheck {
 public:
  DecisionCheck(PassContext& context, const ir::Stage& stage)
      : context_(context), stage_(stage), routes_(context.project.routes_of(stage)) {}

  void Run() {
    const DecideFacts facts = FindDecideFacts(context_.project, stage_);
    for (uint32_t i = 0; i < routes_.size(); ++i) ReportRoute(facts, i);
    if (!facts.left_over.empty()) ReportLeftOver(facts);
  }

 private:
  void ReportRoute(const DecideFacts& facts, uint32_t index);
  void ReportLeftOver(const DecideFacts& facts);
  std::string Name(const ir::Route& route) const {
    return route.is_default ? "`default`" : fmt::format("the route `{}`", ShowKey(route.key));
  }
  Span SubjectSpan() const { return context_.project.exprs[stage_.decide.subject].span; }

  PassContext& context_;
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
      sink.Report(diag::DeadRoute, route.span, Name(route), "what is decided never has this value")
          .AddNote(SubjectSpan(), "decided here");
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

void DecisionCheck::ReportLeftOver(const DecideFacts& facts) {
  std::string_view way = stage_.decide.is_case_list ? "a last case without `when`" : "a `default`";
  context_.sink.Report(diag::MissingDefault, stage_.verb_span, facts.left_over, way);
}

}  // namespace

void CheckDecisions(PassContext& context) {
  for (const ir::Stage& stage : context.project.stages) {
    if (stage.verb == ir::Verb::Decide) DecisionCheck(context, stage).Run();
  }
}

}  // namespace wfc::passes
