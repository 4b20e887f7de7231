// Located is a value together with its tree. All of lowering uses it, because a key of a stage may
// have been filled in from `defaults` in another file.
#pragma once

#include <string_view>
#include <vector>

#include "frontend/manifest/syntax.h"
#include "frontend/yaml/to_value.h"
#include "frontend/yaml/tree.h"
#include "ir/value/value.h"

namespace wfc::lower {

/// A node and the tree that holds it. If it is not present, only `present` may be called.
struct Located {
  const yaml::Tree* tree = nullptr;
  yaml::NodeId node;

  [[nodiscard]] bool present() const { return node.has_value(); }
  [[nodiscard]] Span span() const { return tree->span(node); }
  [[nodiscard]] std::string_view text() const { return tree->text(node); }
  [[nodiscard]] yaml::Kind kind() const { return tree->kind(node); }
  /// Another node of the same tree.
  [[nodiscard]] Located At(yaml::NodeId other) const { return {tree, other}; }
};

/// The value of `field`, which must be a field of `section`.
[[nodiscard]] inline Located At(const manifest::Section& section, const manifest::Field& field) {
  return {section.tree, field.value};
}

/// The span of the field's key, or of its value if the key has no node of its own.
[[nodiscard]] Span KeySpan(const manifest::Section& section, const manifest::Field& field);

/// The scalars of a field that is one text or a list of texts; other nodes are skipped. Empty if
/// the value is not present.
[[nodiscard]] std::vector<Located> ListTexts(Located value);

/// The value as JSON, where `${…}` in a text has no meaning. It must be present.
[[nodiscard]] inline Value ToValue(Located value) {
  return yaml::ToValue(*value.tree, value.node);
}

}  // namespace wfc::lower
