// What schemas share while they are parsed: the declared names, and equal schemas once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ir/types/schema.h"

namespace wfc::types {

struct SchemaTables {
  SchemaStore schemas;
  std::map<std::string, SchemaId, std::less<>> names;
  /// By the JSON text of the full form; only schemas without references into their own document.
  std::unordered_map<std::string, SchemaId> interned;
  /// Patterns that were judged before: by source, the RE2 form.
  std::unordered_map<std::string, std::string> patterns;
};

}  // namespace wfc::types
