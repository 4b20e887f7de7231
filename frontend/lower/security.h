// Lowers `security` and the `capabilities` of stages into scopes of allowed and denied patterns.
// Called by lowering.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Lowers the project's mode, risk limit and scope, which becomes the first scope. Without a
/// section `security`, that is the default scope. Call it before patterns or scopes are added.
void LowerSecurity(Context& context);

/// Lowers `security.grants`. The names that their targets refer to must be known.
void LowerGrants(Context& context);

/// Lowers a stage's `capabilities` into a scope of the stage; does nothing if there are none.
void LowerCapabilities(Context& context, ir::StageId stage, const ms::CapabilitiesField& field);

/// Adds the texts of `value`, a text or a list of texts, as patterns of one capability. The result
/// is their range in Security::patterns; `key_span` is the key that they are written under.
[[nodiscard]] Range AddPatterns(Context& context, Located value, ir::Capability capability,
                                Span key_span);

}  // namespace wfc::lower
