// What `format` asserts where a project wants it to: texts of well-known shapes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wfc::types {

/// In the order of the table in formats.cpp; plans hold the numbers.
enum class Format : uint8_t {
  Date,
  DateTime,
  Duration,
  Email,
  Hostname,
  Ipv4,
  Ipv6,
  Iri,
  IriReference,
  JsonPointer,
  RelativeJsonPointer,
  Time,
  Uri,
  UriReference,
  UriTemplate,
  Uuid,
};
inline constexpr uint32_t kFormatCount = static_cast<uint32_t>(Format::Uuid) + 1;

/// None for a format that wfc does not judge: it then only annotates.
[[nodiscard]] std::optional<Format> FindFormat(std::string_view name);
[[nodiscard]] std::string_view GetName(Format format);

/// Whether `text` has the format, in time proportional to its length.
[[nodiscard]] bool HasFormat(Format format, std::string_view text);

}  // namespace wfc::types
