// `defaults`: whole keys for what leaves them out, a workflow's over the project's.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// What fills in for the stages of one workflow; null where nothing does.
struct StageDefaults {
  const ms::DefaultsSyntax* workflow = nullptr;
  const ms::DefaultsSyntax* project = nullptr;
};
[[nodiscard]] StageDefaults FindStageDefaults(const Context& context, ir::WorkflowId workflow);

/// A section and one of its fields: where a value that may have been filled in stands.
template <class FieldT>
struct Filled {
  const ms::Section* section = nullptr;  ///< null: nobody says it
  const FieldT* field = nullptr;

  [[nodiscard]] bool present() const { return field != nullptr; }
  [[nodiscard]] Located value() const { return present() ? At(*section, *field) : Located(); }
  const FieldT* operator->() const { return field; }
};

/// The field of the first section that has it. A key whose value was reported as wrong counts as
/// written. Sections may be null.
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

/// `defaults.run` of the workflow and of the project; null where there is none.
struct RunDefaults {
  const ms::StageSyntax* workflow = nullptr;
  const ms::StageSyntax* project = nullptr;
};
[[nodiscard]] RunDefaults FindRunDefaults(const Context& context, const StageDefaults& defaults);

/// The `timeout` and `retry` of a stage that makes a call, or of the defaults.
[[nodiscard]] Filled<ms::DurationField> FillTimeout(const Context& context,
                                                    const ms::StageSyntax& stage,
                                                    const StageDefaults& defaults);
[[nodiscard]] Filled<ms::RetryField> FillRetry(const Context& context, const ms::StageSyntax& stage,
                                               const StageDefaults& defaults);

/// Keys that have no sense as a default, of the project's and of a workflow's `defaults`.
void CheckProjectDefaults(Context& context);
void CheckWorkflowDefaults(Context& context, const ms::DefaultsSyntax& defaults);

/// `defaults.agent` of the project, or null.
[[nodiscard]] const ms::AgentSyntax* FindAgentDefaults(const Context& context);

}  // namespace wfc::lower
