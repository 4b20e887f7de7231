// The slow, obvious validator: it reads the schema itself, recursively. The oracle of the property
// test; knows schemas in full form, with references into their own document only.
#pragma once

#include <string>
#include <string_view>

#include "ir/value/value.h"

namespace wfc::types {

[[nodiscard]] bool ReferenceAccepts(const Value& document, const Value& schema, const Value& value);

}  // namespace wfc::types
