// Codes of diagnostics, as diagnostics.def lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wfc::diag {

enum class Code : uint8_t {
#define WFC_CODE(code, slug, severity, suppression, summary) code,
#include "ir/diag/diagnostics.def"
};

enum class Severity : uint8_t { Error, Warning, Note };

/// What `# wfc: ignore[…]` can do about a code.
enum class Suppression : uint8_t {
  Fixed,     ///< nothing
  Lesser,    ///< silence a finding that is no error
  Plain,     ///< silence it
  Reasoned,  ///< silence it when a reason follows
};

/// One row of diagnostics.def.
struct CodeInfo {
  Code code;
  std::string_view name;  ///< "K001"
  std::string_view slug;  ///< "unknown-key"
  Severity severity;
  Suppression suppression;
  std::string_view summary;
};

[[nodiscard]] std::span<const CodeInfo> AllCodes();
[[nodiscard]] const CodeInfo& GetInfo(Code code);
/// By name ("K001", any case) or slug.
[[nodiscard]] std::optional<Code> FindCode(std::string_view name_or_slug);
[[nodiscard]] std::string_view GetName(Severity severity);

}  // namespace wfc::diag
