#include "ir/types/schema/schema.h"

#include <algorithm>

namespace wfc::types {

const SchemaId* Schema::FindProperty(std::string_view property) const {
  const auto found =
      std::ranges::lower_bound(properties, property, {}, &std::pair<std::string, SchemaId>::first);
  return found != properties.end() && found->first == property ? &found->second : nullptr;
}

bool Schema::Requires(std::string_view property) const {
  return std::ranges::binary_search(required, property);
}

}  // namespace wfc::types
