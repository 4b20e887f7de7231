// E013: text that names something in sight without `${…}`: `output: stages.a.output`, or, as other
// systems have it, `Write about {{topic}}`. It would be delivered, shown to a model or run as it
// stands.
#pragma once

#include <string_view>

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"
#include "ir/expr/span_mapper.h"

namespace wfc::lower {

/// Remembers what looks like such names in the text of a VALUE field; `mapper` knows where it
/// stands.
void WarnOfBracedNames(Context& context, const Scope& scope, std::string_view text,
                       const expr::SpanMapper& mapper);
/// The same for a scalar that is nothing but a name.
void WarnOfWholeName(Context& context, const Scope& scope, Located scalar);

/// Reports those that can be seen from where they stand, once all names are known.
void ReportTextReferences(Context& context);

}  // namespace wfc::lower
