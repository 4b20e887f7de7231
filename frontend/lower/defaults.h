// Fills in keys from `defaults`. A key is taken as a whole; a stage's own key takes precedence over
// the workflow's defaults, and these over the project's. Called by lowering.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// The defaults that apply to the stages of one workflow.
struct StageDefaults {
  const ms::DefaultsSyntax* workflow = nullptr;  ///< null if the workflow has none
  const ms::DefaultsSyntax* project = nullptr;   ///< null if the project has none
};
/// The defaults for the stages of `workflow`.
[[nodiscard]] StageDefaults FindStageDefaults(const Context& context, ir::WorkflowId workflow);

/// A field that may have been filled in, together with the section that it is written in.
template <class FieldT>
struct Filled {
  const ms::Section* section = nullptr;  ///< null if no section has the field
  const FieldT* field = nullptr;

  [[nodiscard]] bool present() const { return field != nullptr; }
  [[nodiscard]] Located value() const { return present() ? At(*section, *field) : Located(); }
  const FieldT* operator->() const { return field; }
};

/// The field of the first section that has it. Sections may be null. If that section's value was
/// reported as wrong, the field is absent: it is not filled in from a later section.
template <class Section, class FieldT>
Filled<FieldT> Fill(FieldT Section::* member, std::initializer_list<const Section*> sections) {
  for (const Section* section : sections) {
    if (section == nullptr) continue;
    const FieldT& field = section->*member;
    if (field.present()) return {section, &field};
    if (field.key.has_value()) return {};
  }
  return {};
}

/// The `defaults.run` that apply to the `run` stages of one workflow.
struct RunDefaults {
  const ms::StageSyntax* workflow = nullptr;  ///< null if the workflow has none
  const ms::StageSyntax* project = nullptr;   ///< null if the project has none
};
/// The `defaults.run` of `defaults`.
[[nodiscard]] RunDefaults FindRunDefaults(const Context& context, const StageDefaults& defaults);

/// The `timeout` or `retry` of a stage; for `agent`, `tool` and `run` stages, filled in from the
/// defaults.
[[nodiscard]] Filled<ms::DurationField> FillTimeout(const Context& context,
                                                    const ms::StageSyntax& stage,
                                                    const StageDefaults& defaults);
[[nodiscard]] Filled<ms::RetryField> FillRetry(const Context& context, const ms::StageSyntax& stage,
                                               const StageDefaults& defaults);

/// Reports the keys in the `defaults` of the project, or of a workflow, that make no sense as
/// defaults or are not supported there.
void CheckProjectDefaults(Context& context);
void CheckWorkflowDefaults(Context& context, const ms::DefaultsSyntax& defaults);

/// The `defaults.agent` of the project; null if there is none.
[[nodiscard]] const ms::AgentSyntax* FindAgentDefaults(const Context& context);

}  // namespace wfc::lower
