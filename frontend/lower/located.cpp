#include "frontend/lower/located.h"

namespace wfc::lower {

Span KeySpan(const manifest::Section& section, const manifest::Field& field) {
  return section.tree->span(field.key.has_value() ? field.key : field.value);
}

std::vector<Located> ListTexts(Located value) {
  std::vector<Located> texts;
  if (!value.present()) return texts;
  if (value.kind() != yaml::Kind::List) {
    if (value.tree->IsScalar(value.node)) texts.push_back(value);
    return texts;
  }
  for (yaml::NodeId item : value.tree->children(value.node)) {
    if (value.tree->IsScalar(item)) texts.push_back(value.At(item));
  }
  return texts;
}

namespace {

Value ListToValue(Located list) {
  std::vector<Value> items;
  for (yaml::NodeId item : list.tree->children(list.node)) items.push_back(ToValue(list.At(item)));
  return Value::List(std::move(items));
}

Value MapToValue(Located map) {
  std::vector<MapEntry> entries;
  std::span<const yaml::NodeId> children = map.tree->children(map.node);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    entries.push_back(
        {Value::String(map.tree->text(children[i])), ToValue(map.At(children[i + 1]))});
  }
  return Value::Map(std::move(entries));
}

}  // namespace

Value ToValue(Located value) {
  switch (value.kind()) {
    case yaml::Kind::Null:
    case yaml::Kind::Poison:
      return Value::Null();
    case yaml::Kind::Bool:
      return Value::Bool(value.tree->AsBool(value.node));
    case yaml::Kind::Int:
      return Value::Int(value.tree->AsInt(value.node));
    case yaml::Kind::Double:
      return Value::Double(value.tree->AsDouble(value.node));
    case yaml::Kind::String:
      return Value::String(value.text());
    case yaml::Kind::List:
      return ListToValue(value);
    case yaml::Kind::Map:
      return MapToValue(value);
  }
  return Value::Null();
}

}  // namespace wfc::lower
