// The small literal formats of the language: durations, sizes, counts, ids and enumerated words.
// Called by the parser and by lowering.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc::manifest {

/// The nanoseconds of a duration such as `250ms`, `30s`, `10m`, `2h` or `30d`; nullopt when it is
/// malformed or longer than 100 years.
[[nodiscard]] std::optional<int64_t> ParseDuration(std::string_view text);
/// The bytes of a size such as `512`, `64KiB` or `10MB`; nullopt when it is malformed or exceeds
/// int64.
[[nodiscard]] std::optional<int64_t> ParseSize(std::string_view text);
/// The value of a count such as `20`, `200k` or `1M`; nullopt when it is malformed or exceeds
/// int64.
[[nodiscard]] std::optional<int64_t> ParseCount(std::string_view text);

/// Which characters an identifier may consist of; it depends on what the identifier names.
enum class IdForm : uint8_t {
  Plain,     ///< `[a-z][a-z0-9_]*`: most entities
  Dotted,    ///< one or more `Plain` ids joined by dots: tools
  Upper,     ///< `[A-Z][A-Z0-9_]*`: secrets
  Variable,  ///< `[A-Za-z_][A-Za-z0-9_]*`: environment variables
};

/// Rewrites a duration in another system's notation in this language's, in the largest unit that
/// divides it: "90m" for `1h30m`, `90 minutes`, `1.5h` or `PT1H30M`. Empty when `text` is not a
/// duration, or is shorter than a millisecond or longer than 100 years.
[[nodiscard]] std::string MakeDuration(std::string_view text);

/// Whether `text` is an identifier of this form; an empty text is not.
[[nodiscard]] bool IsId(std::string_view text, IdForm form);
/// The id that `text` was probably meant to be: `build_docs` for `Build-docs`. Empty when no id
/// can be made from `text`, and always for `Variable`, where the case of a letter is significant.
[[nodiscard]] std::string MakeId(std::string_view text, IdForm form);
/// The rule of the form as a clause for messages: "ids are lower-case letters, digits and `_`, …".
[[nodiscard]] std::string_view Describe(IdForm form);

/// Reserved words of the expression language: none of them can be a name after a dot, so none of
/// them can be an id that expressions refer to.
inline constexpr std::string_view kWordsOfExpressions[] = {"true", "false", "null", "in"};

}  // namespace wfc::manifest
