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

}  // namespace wfc::lower
