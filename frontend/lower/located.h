// Located: a value in one of the project's trees. Lowering passes these around, since a stage's key
// may have been filled in from `defaults` in another file.
#pragma once

#include <string_view>
#include <vector>

#include "frontend/manifest/syntax.h"
#include "frontend/yaml/to_value.h"
#include "frontend/yaml/tree.h"
#include "ir/value/value.h"

namespace wfc::lower {

struct Located {
  const yaml::Tree* tree = nullptr;
  yaml::NodeId node;

  [[nodiscard]] bool present() const { return node.has_value(); }
  [[nodiscard]] Span span() const { return tree->span(node); }
  [[nodiscard]] std::string_view text() const { return tree->text(node); }
  [[nodiscard]] yaml::Kind kind() const { return tree->kind(node); }
  [[nodiscard]] Located At(yaml::NodeId other) const { return {tree, other}; }
};

/// The value of `field`, which is a key of `section`.
[[nodiscard]] inline Located At(const manifest::Section& section, const manifest::Field& field) {
  return {section.tree, field.value};
}

/// The key's span; the value's where the key has no node of its own.
[[nodiscard]] Span KeySpan(const manifest::Section& section, const manifest::Field& field);

/// The texts of one literal text or a list of them; what is no scalar is skipped.
[[nodiscard]] std::vector<Located> ListTexts(Located value);

/// The value without expressions: a tree of maps, lists and scalars as JSON would hold it.
[[nodiscard]] inline Value ToValue(Located value) {
  return yaml::ToValue(*value.tree, value.node);
}

}  // namespace wfc::lower
