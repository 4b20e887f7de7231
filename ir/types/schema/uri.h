// URI references between schema documents (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace wfc::types {

/// Resolves `reference` against `base` (RFC 3986, section 5.2, strict) and keeps the fragment. With
/// an empty `base`, only the dot segments of the reference's path are removed.
[[nodiscard]] std::string ResolveUri(std::string_view base, std::string_view reference);

/// `text` with escapes such as `%41` decoded; a `%` that does not begin an escape is kept.
[[nodiscard]] std::string DecodePercent(std::string_view text);

}  // namespace wfc::types
