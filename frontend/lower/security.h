// `security` and the `capabilities` of stages: scopes that allow and deny.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// The project's mode and scope; first of the scopes, also when no `security` is written.
void LowerSecurity(Context& context);

/// `security.grants`, whose targets are names of the project.
void LowerGrants(Context& context);

/// A stage's `capabilities` as a scope of its own.
void LowerCapabilities(Context& context, ir::StageId stage, const ms::CapabilitiesField& field);

/// The texts of `value` as patterns of one capability.
[[nodiscard]] Range AddPatterns(Context& context, Located value, ir::Capability capability,
                                Span key_span);

}  // namespace wfc::lower
