// What other languages call a type: for messages of schemas that lead to the right word.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wfc::types {

/// Whether a word names a schema: a type word or a registered id.
using IsSchemaName = std::function<bool(std::string_view)>;

/// What `written` says, as a schema is written here: `integer` for `int`, `{list: string}` for
/// `string[]` or `List[str]`, `{enum: [a, b]}` for `a | b`; none for what is known nowhere.
[[nodiscard]] std::optional<std::string> TranslateType(std::string_view written,
                                                       const IsSchemaName& is_name);

/// `string` for `string?`; empty: no type with a question mark.
[[nodiscard]] std::string TypeBeforeQuestionMark(std::string_view written,
                                                 const IsSchemaName& is_name);

}  // namespace wfc::types
