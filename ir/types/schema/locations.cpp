#include "ir/types/schema/locations.h"

#include <algorithm>

#include <fmt/core.h>

#include "ir/types/schema/metaschemas.h"
#include "ir/types/schema/uri.h"

namespace wfc::types {

namespace {

/// The base URI that the ids of registered schemas are resolved against.
constexpr std::string_view kOwnBase = "wfc:/";

}  // namespace

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

std::string UnresolvedMessage(const SchemaTables& tables, std::string_view reference) {
  if (reference.starts_with('#')) return fmt::format("there is no schema at `{}`", reference);
  const bool is_own = reference.starts_with(kOwnBase);
  if (is_own) reference.remove_prefix(kOwnBase.size());
  const size_t hash = std::min(reference.find('#'), reference.size());
  const std::string_view document = reference.substr(0, hash);
  const std::string_view fragment = reference.substr(hash);
  if (tables.names.contains(document)) {
    return fmt::format("the schema `{}` has nothing at `{}`", document, fragment);
  }
  const size_t folder = document.rfind('/') + 1;  // 0 when there is no slash
  const std::string_view id = document.substr(folder, document.rfind('.') - folder);
  if (is_own && id != document && tables.names.contains(id)) {
    return fmt::format(
        "`{}` is not the id of a schema; a file in `schemas/` is named without its ending: "
        "write `{}{}`",
        document, id, fragment);
  }
  return fmt::format(
      "no registered schema is `{}`; nothing is read from the network: put the "
      "document into `schemas/`",
      reference);
}

}  // namespace wfc::types
