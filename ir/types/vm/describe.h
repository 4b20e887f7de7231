// Values, types and schemas in words, for messages that a person or a model reads.
#pragma once

#include <string>
#include <string_view>

#include "ir/types/vm/schema_code.h"
#include "ir/value/value.h"

namespace wfc::types {

/// The value itself when it is a scalar (long text is cut), else "a list of 3 items", "an object".
[[nodiscard]] std::string DescribeValue(const Value& value);

/// "a string", "an integer or null", "nothing".
[[nodiscard]] std::string DescribeTypes(TypeMask types);

/// "1 item", "3 items".
[[nodiscard]] std::string Count(uint64_t count, std::string_view singular, std::string_view plural);

/// Appends `/` and `name` with `~` and `/` escaped (RFC 6901).
void AppendPointer(std::string& pointer, std::string_view name);
/// The first step of a JSON pointer that has one, unescaped; it is taken off `pointer`.
[[nodiscard]] std::string TakePointerStep(std::string_view& pointer);

}  // namespace wfc::types
