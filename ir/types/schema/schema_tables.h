// The tables that all schemas of a project share while they are parsed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// A reference to another document, which may be registered later.
struct PendingReference {
  SchemaId from;
  std::string uri;      ///< absolute, including the fragment
  std::string pointer;  ///< where the reference is in its source
  bool is_dynamic = false;
};

/// All schemas, their locations, and what is shared between documents.
struct SchemaTables {
  SchemaStore schemas;
  std::vector<SchemaResource> resources;
  /// The schemas that other documents can refer to, by absolute URI, `#`, and a pointer or an
  /// anchor.
  std::unordered_map<std::string, SchemaId> locations;
  std::vector<PendingReference> pending;
  /// The dialects that registered documents define with `$vocabulary`, and whether each validates.
  std::unordered_map<std::string, bool> dialects;
  /// Whether `format` is an assertion; otherwise it is an annotation.
  bool asserts_formats = false;
  /// Whether the metaschemas of 2020-12 are registered, which happens at the first reference.
  bool has_metaschemas = false;
  std::map<std::string, SchemaId, std::less<>> names;
  /// Schemas by the JSON text of their full form. Only schemas without references into their own
  /// document are shared.
  std::unordered_map<std::string, SchemaId> interned;
  /// The patterns that were accepted, by their source; the value is the RE2 form.
  std::unordered_map<std::string, std::string> patterns;
  /// The RE2 instructions of all patterns that were compiled, and what the refused ones cost.
  size_t pattern_instructions = 0;
};

}  // namespace wfc::types
