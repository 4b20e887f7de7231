// The small literal formats of the language: durations, sizes, counts, ids and enumerated words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc::manifest {

/// `250ms`, `30s`, `10m`, `2h`, `30d` as nanoseconds; nothing if malformed or over 100 years.
[[nodiscard]] std::optional<int64_t> ParseDuration(std::string_view text);
/// `512`, `64KiB`, `10MB` as bytes.
[[nodiscard]] std::optional<int64_t> ParseSize(std::string_view text);
/// `20`, `200k`, `1M`.
[[nodiscard]] std::optional<int64_t> ParseCount(std::string_view text);

enum class IdForm : uint8_t {
  Plain,     ///< `[a-z][a-z0-9_]*`
  Dotted,    ///< the same with dots between: tools
  Upper,     ///< `[A-Z][A-Z0-9_]*`: secrets
  Variable,  ///< `[A-Za-z_][A-Za-z0-9_]*`: environment variables
};
/// "90m" for `1h30m`, `90 minutes`, `1.5h` or `PT1H30M`: a duration that other systems write;
/// empty: it is none.
[[nodiscard]] std::string MakeDuration(std::string_view text);

[[nodiscard]] bool IsId(std::string_view text, IdForm form);
/// The id that `text` was meant to be: `Build-docs` is `build_docs`; empty when it holds none, and
/// for forms in which capitals matter.
[[nodiscard]] std::string MakeId(std::string_view text, IdForm form);
/// "begin with a lower-case letter …"
[[nodiscard]] std::string_view Describe(IdForm form);

/// Words of expressions, which no name after a dot can be.
inline constexpr std::string_view kWordsOfExpressions[] = {"true", "false", "null", "in"};

/// "`a`, `b` or `c`".
[[nodiscard]] std::string ListWords(std::span<const std::string_view> words);

}  // namespace wfc::manifest
