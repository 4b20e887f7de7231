// The rows of fields.def as data: which keys a section has, and what other systems call them.
// Called by the parser and by lowering. Unless stated otherwise, a section is looked up by its name
// in sections.def, such as "Stage".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ir/base/words.h"

namespace wfc::manifest {

/// Whether a key must be present; exactly one of a section's `OneOf` keys must be.
enum class Need : uint8_t { Required, Optional, OneOf };

/// One key of one section.
struct KeyInfo {
  std::string_view section;  ///< as sections.def spells it: "Stage"
  std::string_view key;      ///< as the manifest spells it
  std::string_view type;     ///< the kind of its value (syntax.h): "Duration"
  Need need;
  Since since;              ///< a Later key is reported as not supported yet (L001)
  std::string_view owners;  ///< see FindApplicable
};

/// The keys of one section, in the table's order; empty for an unknown section.
[[nodiscard]] std::span<const KeyInfo> FindKeys(std::string_view section);

/// Those of them that are not optional: the parser looks for each of them in each section.
[[nodiscard]] std::vector<KeyInfo> FindNeededKeys(std::string_view section);

/// How another system writes the value of a key, where it differs from ours; fields.def explains
/// each form.
enum class ForeignForm : uint8_t {
  Same,
  Retries,
  Attempts,
  Seconds,
  Minutes,
  Milliseconds,
  Delay,
  Flag
};

/// A key of another system that has a counterpart in this language.
struct ForeignKey {
  std::string_view section, foreign;  ///< `foreign` is the other system's key
  std::string_view key;               ///< what it is called here
  ForeignForm form = ForeignForm::Same;
};

/// The counterpart in `section` of `foreign`, a key of another system; null if the table has none.
[[nodiscard]] const ForeignKey* FindForeign(std::string_view section, std::string_view foreign);

/// The key that FindForeign finds; empty if the table has none.
[[nodiscard]] std::string_view FindForeignKey(std::string_view section, std::string_view foreign);

/// What to do instead of writing `foreign`, a key of another system without a counterpart here: a
/// clause for messages, empty if the table has no row. For the capabilities inside `allow` and
/// `deny`, `section` is "Capability".
[[nodiscard]] std::string_view FindForeignAdvice(std::string_view section,
                                                 std::string_view foreign);

/// The word of this language for `foreign`, another system's word for a value of `type` (see
/// KeyInfo); empty if the table has no row.
[[nodiscard]] std::string_view FindForeignWord(std::string_view type, std::string_view foreign);

/// The verbs of stages (or the kinds of tools or agents) for which a key of `section` exists,
/// separated by spaces: "agent tool". Empty if the key exists for all of them.
[[nodiscard]] std::string_view FindApplicable(std::string_view section, std::string_view key);

/// Whether `word` is one of `words`, which are separated by spaces. Nearly every key of a manifest
/// comes through here, so the words are not split into a list first.
[[nodiscard]] bool IsAmongWords(std::string_view words, std::string_view word);

/// Whether the key is recognised but not supported yet; false for an unknown key.
[[nodiscard]] bool IsLater(std::string_view section, std::string_view key);

/// Whether a section may be written in files of its own; the others may only be written in
/// wfc.yaml. Here and below, a section is named by its key, such as "agents".
[[nodiscard]] bool HasOwnFile(std::string_view section);

/// A section that may be written in files of its own.
struct FileSection {
  std::string_view section;   ///< as in HasOwnFile
  std::string_view singular;  ///< the name that its files are mistakenly given; empty: none
};
/// Every section for which HasOwnFile holds.
[[nodiscard]] std::span<const FileSection> SectionsWithOwnFile();

}  // namespace wfc::manifest
