// What is said of each code of a diagnostic. The codes themselves are in codes.h and their wordings
// in messages.h, so that a change to the table reaches only the files that name them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wfc::diag {

/// A row of diagnostics.def; its enumerators are in codes.h.
enum class Code : uint8_t;
/// What the first letter of a code stands for; its enumerators are in codes.h.
enum class Family : uint8_t;

enum class Severity : uint8_t { Error, Warning, Note };

/// What `# wfc: ignore[…]` can do about a code.
enum class Suppression : uint8_t {
  Fixed,     ///< nothing
  Lesser,    ///< silence a finding that is no error
  Plain,     ///< silence it
  Reasoned,  ///< silence it when a reason follows
};

/// What other checks can no longer know once an error of a code is reported. Each includes those
/// before it: one mistake makes one diagnostic.
enum class Hides : uint8_t {
  Nothing,
  Checks,     ///< whether a later check would have found something here
  Uses,       ///< whether something is used
  Needs,      ///< which grants are needed
  Meaning,    ///< what the place was meant to say, and so what the stages joined to it do
  Construct,  ///< all of a workflow, whatever the severity: this version does not know what it does
};

/// One row of diagnostics.def.
struct CodeInfo {
  Code code;
  std::string_view name;  ///< "K001"
  std::string_view slug;  ///< "unknown-key"
  Family family;
  Severity severity;
  Suppression suppression;
  Hides hides;
  std::string_view summary;
};

[[nodiscard]] std::span<const CodeInfo> AllCodes();
[[nodiscard]] const CodeInfo& GetInfo(Code code);
/// By name ("K001", any case) or slug.
[[nodiscard]] std::optional<Code> FindCode(std::string_view name_or_slug);
[[nodiscard]] std::string_view GetName(Severity severity);

}  // namespace wfc::diag
