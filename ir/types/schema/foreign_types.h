// Translates type names of other languages, so that messages can suggest the right spelling.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wfc::types {

/// Whether a word names a schema: it is a type word or the id of a registered schema.
using IsSchemaName = std::function<bool(std::string_view)>;

/// The schema that `written` means, in this project's notation: `integer` for `int`,
/// `{list: string}` for `string[]` and `List[str]`, `{enum: [a, b]}` for `a | b`. No value when the
/// text is not recognised.
[[nodiscard]] std::optional<std::string> TranslateType(std::string_view written,
                                                       const IsSchemaName& is_name);

/// The type in front of a question mark: `string` for `string?`. Empty when `written` is not a
/// known type followed by `?`.
[[nodiscard]] std::string TypeBeforeQuestionMark(std::string_view written,
                                                 const IsSchemaName& is_name);

}  // namespace wfc::types
