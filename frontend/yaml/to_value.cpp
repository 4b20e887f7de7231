// The recursion is bounded, because the readers bound the depth of the tree, including its aliases
// (kMaxDepth).
#include "frontend/yaml/to_value.h"

#include <string>
#include <utility>
#include <vector>

#include "ir/value/numbers.h"

namespace wfc::yaml {
namespace {

wfc::Value MapValue(const Tree& tree, NodeId node) {
  std::vector<MapEntry> entries;
  const auto children = tree.children(node);
  entries.reserve(children.size() / 2);
  for (size_t i = 0; i < children.size(); i += 2) {
    entries.push_back({.key = wfc::Value::String(tree.text(children[i])),
                       .value = ToValue(tree, children[i + 1])});
  }
  // In `routes` the keys 1 and "1" are different, but not in JSON, where the first counts.
  while (const wfc::Value* twice = FindDuplicateKey(entries)) {
    const std::string key(twice->AsString());
    bool seen = false;
    std::erase_if(entries, [&](const MapEntry& entry) {
      return entry.key.AsString() == key && std::exchange(seen, true);
    });
  }
  return wfc::Value::Map(std::move(entries));
}

wfc::Value ListValue(const Tree& tree, NodeId node) {
  std::vector<wfc::Value> items;
  items.reserve(tree.entry_count(node));
  for (const NodeId item : tree.children(node)) items.push_back(ToValue(tree, item));
  return wfc::Value::List(std::move(items));
}

wfc::Value BigIntValue(std::string_view digits) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  return *ParseInteger(digits);
}

}  // namespace

wfc::Value ToValue(const Tree& tree, NodeId node) {
  switch (tree.kind(node)) {
    case Kind::Null:
    case Kind::Poison:
      return {};
    case Kind::Bool:
      return wfc::Value::Bool(tree.AsBool(node));
    case Kind::Int:
      return wfc::Value::Int(tree.AsInt(node));
    case Kind::BigInt:
      return BigIntValue(tree.text(node));
    case Kind::Double:
      return wfc::Value::Double(tree.AsDouble(node));
    case Kind::String:
      return wfc::Value::String(tree.text(node));
    case Kind::Map:
      return MapValue(tree, node);
    case Kind::List:
      return ListValue(tree, node);
  }
  return {};
}

}  // namespace wfc::yaml
