// Makes self-contained documents of schemas, for models and people: references to the registry
// become references into the document's own `$defs`. SchemaPool uses it.
#include <algorithm>
#include <map>

#include "backend-runtime/codegen/schema_pool.h"
#include "ir/base/check.h"
#include "ir/types/vm/describe.h"

namespace wfc::codegen {
namespace {

constexpr std::string_view kReference = "$ref";
constexpr std::string_view kDefinitions = "$defs";

/// Where the definition of that name stands in the document, as a JSON pointer.
std::string DefinitionAt(std::string_view name) {
  std::string pointer = "/$defs";
  types::AppendPointer(pointer, name);
  return pointer;
}

class DocumentMaker {
 public:
  explicit DocumentMaker(const types::SchemaRegistry& registry) : registry_(registry) {}

  Value Make(ir::SchemaId schema) {
    const Value document = Rewrite(registry_.Expanded(schema), "");
    // Rewriting a schema can refer to further ones; `pending_` holds those that have no definition
    // yet.
    while (!pending_.empty()) {
      const std::string name = pending_.back();
      pending_.pop_back();
      const ir::SchemaId found = registry_.Find(name);
      definitions_[name] = Rewrite(registry_.Expanded(found), DefinitionAt(name));
    }
    return definitions_.empty() ? document : WithDefinitions(document);
  }

 private:
  /// `base` is the JSON pointer in the document to the schema that contains `value`.
  Value Rewrite(const Value& value, const std::string& base) {
    if (value.kind() == Kind::List) {
      std::vector<Value> items;
      for (const Value& item : value.items()) items.push_back(Rewrite(item, base));
      return Value::List(std::move(items));
    }
    if (value.kind() != Kind::Map) return value;
    std::vector<MapEntry> entries;
    for (const MapEntry& entry : value.entries()) {
      const bool is_reference =
          entry.key.is_string() && entry.key.AsString() == kReference && entry.value.is_string();
      entries.push_back({.key = entry.key,
                         .value = is_reference
                                      ? Value::String(Redirect(entry.value.AsString(), base))
                                      : Rewrite(entry.value, base)});
    }
    return Value::Map(std::move(entries));
  }

  std::string Redirect(std::string_view reference, const std::string& base) {
    if (reference.starts_with('#')) return "#" + base + std::string(reference.substr(1));
    std::string name(reference);
    if (!registry_.Find(name).has_value()) return name;
    if (definitions_.try_emplace(name).second) pending_.push_back(name);
    return "#" + DefinitionAt(name);
  }

  /// The schema's own definitions keep their names; those from the registry are added.
  Value WithDefinitions(const Value& document) const {
    std::vector<MapEntry> entries;
    std::vector<MapEntry> definitions;
    if (document.kind() != Kind::Map) return document;
    for (const MapEntry& entry : document.entries()) {
      if (entry.key.AsString() != kDefinitions) {
        entries.push_back(entry);
        continue;
      }
      for (const MapEntry& own : entry.value.entries()) {
        if (!definitions_.contains(std::string(own.key.AsString()))) definitions.push_back(own);
      }
    }
    for (const auto& [name, schema] : definitions_) {
      definitions.push_back({.key = Value::String(name), .value = schema});
    }
    entries.push_back(
        {.key = Value::String(kDefinitions), .value = Value::Map(std::move(definitions))});
    return Value::Map(std::move(entries));
  }

  const types::SchemaRegistry& registry_;
  std::map<std::string, Value> definitions_;
  std::vector<std::string> pending_;
};

}  // namespace

Value MakeDocument(const types::SchemaRegistry& registry, ir::SchemaId schema) {
  return DocumentMaker(registry).Make(schema);
}

}  // namespace wfc::codegen
