// Checks texts against the formats that `format` can assert (JSON Schema 2020-12, Validation,
// section 7.3).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc::types {

/// The formats, in the order of the table in formats.cpp. Plans store these numbers.
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

/// The format of that name; no value for a format that wfc does not check, which is then an
/// annotation.
[[nodiscard]] std::optional<Format> FindFormat(std::string_view name);
/// The name of the format as schemas write it.
[[nodiscard]] std::string_view GetName(Format format);

/// The forms of some texts that have the format, the plainest first. In each, `#` stands for a
/// number from 10 to 28, so that the texts can be told apart.
[[nodiscard]] std::span<const std::string_view> FindSamples(Format format);
inline constexpr uint32_t kLeastSampleNumber = 10;
inline constexpr uint32_t kMostSampleNumber = 28;
/// The text of the form with the number, padded to `least` characters where texts of the form may
/// end with any letters.
[[nodiscard]] std::string MakeSample(Format format, std::string_view form, uint32_t number,
                                     uint64_t least);

/// Whether `text` has the format. Takes time proportional to the length of `text`.
[[nodiscard]] bool HasFormat(Format format, std::string_view text);

}  // namespace wfc::types
