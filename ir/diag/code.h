// The facts about each diagnostic code. The codes are listed in codes.h and their wordings in
// messages.h, so that a change to the table recompiles only the files that name them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wfc::diag {

/// A diagnostic code: one row of diagnostics.def. The enumerators are in codes.h.
enum class Code : uint8_t;
/// The group of codes that share a first letter. The enumerators are in codes.h.
enum class Family : uint8_t;

/// How serious a finding is, from the most serious.
enum class Severity : uint8_t { Error, Warning, Note };

/// What a `# wfc: ignore[…]` comment can do about a code.
enum class Suppression : uint8_t {
  Fixed,     ///< it cannot silence the code
  Lesser,    ///< it silences the code where the finding is not an error
  Plain,     ///< it silences the code
  Reasoned,  ///< it silences the code if a reason follows
};

/// What other checks can no longer know after an error of a code was reported. Each enumerator
/// includes those before it. Checks that depend on hidden knowledge stay silent, so that one
/// mistake yields one diagnostic.
enum class Hides : uint8_t {
  Nothing,
  Checks,  ///< whether a later check would have found something here
  Uses,    ///< whether something is used
  Needs,   ///< which grants are needed
  /// What this part of the manifest means, and therefore what the stages connected to it do.
  Meaning,
  /// Everything about a workflow, whatever the severity: this version does not support the
  /// construct.
  Construct,
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
  /// A phrase that says what the code reports: "not a key of this section".
  std::string_view summary;
};

/// All codes, in the order of the table.
[[nodiscard]] std::span<const CodeInfo> AllCodes();
/// The row of a code; every code has one.
[[nodiscard]] const CodeInfo& GetInfo(Code code);
/// The code with that name ("K001", in any case) or slug; no value when there is none.
[[nodiscard]] std::optional<Code> FindCode(std::string_view name_or_slug);
/// The severity as findings show it: "error", "warning" or "note".
[[nodiscard]] std::string_view GetName(Severity severity);

}  // namespace wfc::diag
