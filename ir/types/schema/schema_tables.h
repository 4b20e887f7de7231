// What schemas share while they are parsed: the declared names, and equal schemas once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// A reference to a schema of another document, which may be registered later.
struct PendingReference {
  SchemaId from;
  std::string uri;      ///< absolute, with its fragment
  std::string pointer;  ///< where it stands in the source
  bool is_dynamic = false;
};

struct SchemaTables {
  SchemaStore schemas;
  std::vector<SchemaResource> resources;
  /// By absolute URI, `#` and a pointer or an anchor: what other documents can refer to.
  std::unordered_map<std::string, SchemaId> locations;
  std::vector<PendingReference> pending;
  /// Dialects that registered documents define with `$vocabulary`: whether they validate.
  std::unordered_map<std::string, bool> dialects;
  bool asserts_formats = false;  ///< else `format` annotates
  bool has_metaschemas = false;  ///< those of 2020-12, added when first referred to
  std::map<std::string, SchemaId, std::less<>> names;
  /// By the JSON text of the full form; only schemas without references into their own document.
  std::unordered_map<std::string, SchemaId> interned;
  /// Patterns that were judged before: by source, the RE2 form.
  std::unordered_map<std::string, std::string> patterns;
};

}  // namespace wfc::types
