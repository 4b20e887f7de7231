// The rows of fields.def as data: what keys a section has, and what other systems call them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace wfc::manifest {

enum class Need : uint8_t { Required, Optional, OneOf };
enum class Since : uint8_t { Now, Later };

struct KeyInfo {
  std::string_view section;  ///< "Stage"
  std::string_view key;
  std::string_view type;  ///< "Duration"
  Need need;
  Since since;
};

/// The rows of one section, in the table's order.
[[nodiscard]] std::span<const KeyInfo> FindKeys(std::string_view section);

/// How the value of another system's key is written, if not as ours.
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

struct ForeignKey {
  std::string_view section, foreign;
  std::string_view key;  ///< what it is called here
  ForeignForm form = ForeignForm::Same;
};

/// What `foreign`, a key of another system, is in `section`; null if the table has no row.
[[nodiscard]] const ForeignKey* FindForeign(std::string_view section, std::string_view foreign);

/// What it is called there; empty if the table has no row.
[[nodiscard]] std::string_view FindForeignKey(std::string_view section, std::string_view foreign);

/// What to do in place of `foreign`, a key of another system that has no name here; empty: no row.
/// The section of the capabilities is "Capability".
[[nodiscard]] std::string_view FindForeignAdvice(std::string_view section,
                                                 std::string_view foreign);

/// What `foreign`, a word of another system, is called among the values of `type`; empty: no row.
[[nodiscard]] std::string_view FindForeignWord(std::string_view type, std::string_view foreign);

/// The verbs of stages (or kinds of tools and agents) that a key of `section` belongs to, as
/// "agent tool"; empty: it belongs to all.
[[nodiscard]] std::string_view FindOwners(std::string_view section, std::string_view key);

/// Whether the key is recognised and not supported yet.
[[nodiscard]] bool IsLater(std::string_view section, std::string_view key);

/// Whether a section may stand in a file of its own; the others stand in wfc.yaml only.
[[nodiscard]] bool HasOwnFile(std::string_view section);
[[nodiscard]] std::span<const std::string_view> SectionsWithOwnFile();

}  // namespace wfc::manifest
