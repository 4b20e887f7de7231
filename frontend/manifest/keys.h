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

/// What `foreign`, a key of another system, is called in `section`; empty if the table has no row.
[[nodiscard]] std::string_view FindForeignKey(std::string_view section, std::string_view foreign);

/// The verbs of stages (or kinds of tools and agents) that a key of `section` belongs to, as
/// "agent tool"; empty: it belongs to all.
[[nodiscard]] std::string_view FindOwners(std::string_view section, std::string_view key);

/// Whether a section may stand in a file of its own; the others stand in wfc.yaml only.
[[nodiscard]] bool HasOwnFile(std::string_view section);
[[nodiscard]] std::span<const std::string_view> SectionsWithOwnFile();

}  // namespace wfc::manifest
