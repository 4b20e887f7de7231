// References between schema documents: URIs, resolved as RFC 3986 says.
#pragma once

#include <string>
#include <string_view>

namespace wfc::types {

/// `reference` against `base` (RFC 3986, section 5.2, strict); the fragment is kept. An empty
/// `base` leaves `reference` as it is, with its path's dots removed.
[[nodiscard]] std::string ResolveUri(std::string_view base, std::string_view reference);

/// `text` with `%41` decoded; what is no escape stays.
[[nodiscard]] std::string DecodePercent(std::string_view text);

}  // namespace wfc::types
