// R005: an `on_error` that hides a failure which is certain. This is the only check that depends on
// the findings of others, so it runs last.
#include <vector>

#include "ir/base/id_range.h"
#include "ir/diag/messages.h"
#include "passes/context/finding_places.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

/// Whether the span is in the value of `on_error`. That value is evaluated after the stage has
/// failed, so `on_error` does not hide an error in it.
bool IsInSubstitute(const ir::Project& project, const ir::Stage& stage, Span span) {
  if (!stage.on_error_value.has_value()) return false;
  const Span& value = project.exprs[stage.on_error_value].span;
  return value.file == span.file && value.begin <= span.begin && span.begin < value.end;
}

/// Whether the finding does not say that each run fails: it is about some values only, or about how
/// the manifest is written, of which no run will come to know.
bool IsDoubt(diag::Code code) {
  const diag::Family family = diag::GetInfo(code).family;
  return code == diag::Code::T001 || code == diag::Code::T004 || family == diag::Family::Yaml ||
         family == diag::Family::Keys;
}

/// For each stage, the index of the first error reported in the stage itself, not in its bodies,
/// that implies a failure; the maximum if there is none.
IdVector<ir::StageId, uint32_t> FirstErrors(const PassContext& context) {
  FindingPlaces places(context.project);
  IdVector<ir::StageId, uint32_t> errors(context.project.stages.size(), 0xFFFFFFFF);
  const std::vector<diag::Diagnostic>& findings = context.sink.diagnostics();
  for (uint32_t i = 0; i < findings.size(); ++i) {
    if (findings[i].severity != diag::Severity::Error || IsDoubt(findings[i].code)) continue;
    ir::StageId stage = places.StageOf(findings[i]);
    if (!stage.has_value() || errors[stage] != 0xFFFFFFFF) continue;
    const ir::Stage& around = context.project.stages[stage];
    if (!IsInSubstitute(context.project, around, findings[i].span)) errors[stage] = i;
  }
  return errors;
}

}  // namespace

void CheckMaskedFailures(PassContext& context) {
  const ir::Project& project = context.project;
  const IdVector<ir::StageId, uint32_t> errors = FirstErrors(context);
  context.ForEachStage([&](ir::StageId id) {
    const ir::Stage& stage = project.stages[id];
    if (stage.on_error == ir::OnError::Fail || !stage.on_error_span.has_value()) return;
    if (project.FindFail(stage) != nullptr) {
      context.sink
          .Report(diag::MaskedFailure, stage.on_error_span, Spell(stage.on_error),
                  "the stage always fails")
          .AddNote(stage.verb_span, "it fails here");
      return;
    }
    uint32_t error = errors[id];
    if (error == 0xFFFFFFFF) return;
    Span span = context.sink.diagnostics()[error].span;
    context.sink
        .Report(diag::MaskedFailure, stage.on_error_span, Spell(stage.on_error),
                "an error was found in the stage")
        .AddNote(span, "the error");
  });
}

}  // namespace wfc::passes
