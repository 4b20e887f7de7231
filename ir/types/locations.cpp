#include "ir/types/locations.h"

#include <algorithm>

#include <fmt/format.h>

#include "ir/types/metaschemas.h"
#include "ir/types/uri.h"

namespace wfc::types {

std::string LocationKey(std::string_view uri) {
  const size_t hash = std::min(uri.find('#'), uri.size());
  const std::string_view fragment = uri.substr(std::min(hash + 1, uri.size()));
  return std::string(uri.substr(0, hash)) + "#" + DecodePercent(fragment);
}

SchemaId FindSharedLocation(SchemaTables& tables, const std::string& key) {
  auto found = tables.locations.find(key);
  if (found == tables.locations.end() && IsOfMetaschema(key)) {
    RegisterMetaschemas(tables);
    found = tables.locations.find(key);
  }
  return found != tables.locations.end() ? found->second : SchemaId();
}

void SetReference(SchemaTables& tables, SchemaId from, SchemaId to, std::string_view uri,
                  bool is_dynamic) {
  Schema& schema = tables.schemas[from];
  if (!is_dynamic) {
    schema.reference = to;
    return;
  }
  schema.dynamic_reference = to;
  const std::string_view anchor = uri.substr(std::min(uri.find('#') + 1, uri.size()));
  const auto& anchors = tables.resources[tables.schemas[to].resource].dynamic_anchors;
  const std::pair<std::string, SchemaId> wanted = {std::string(anchor), to};
  if (std::ranges::find(anchors, wanted) != anchors.end()) schema.dynamic_anchor = anchor;
}

std::string UnresolvedMessage(std::string_view reference) {
  if (reference.starts_with('#')) return fmt::format("no schema stands at `{}`", reference);
  return fmt::format(
      "no registered schema is `{}`; nothing is read from the network: put the "
      "document into `schemas/`",
      reference);
}

}  // namespace wfc::types
