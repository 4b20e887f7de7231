// Describes values, types and schemas in words, for messages that a person or a model reads.
#pragma once

#include <string>
#include <string_view>

#include "ir/types/vm/schema_code.h"
#include "ir/value/value.h"

namespace wfc::types {

/// A scalar is shown as JSON, with long text cut off; a list as "a list of 3 items", an object as
/// "an object".
[[nodiscard]] std::string DescribeValue(const Value& value);

/// The types in words: "a string", "an integer or null"; "nothing" for the empty mask.
[[nodiscard]] std::string DescribeTypes(TypeMask types);

/// A count with its noun: "1 item", "3 items".
[[nodiscard]] std::string Count(uint64_t count, std::string_view singular, std::string_view plural);

/// Appends a step to a JSON pointer: `/`, then `name` with `~` and `/` escaped (RFC 6901).
void AppendPointer(std::string& pointer, std::string_view name);
/// Removes the first step from a JSON pointer that is not empty, and returns it unescaped.
[[nodiscard]] std::string TakePointerStep(std::string_view& pointer);

}  // namespace wfc::types
