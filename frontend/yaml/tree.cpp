#include "frontend/yaml/tree.h"

#include <algorithm>
#include <charconv>

#include "ir/base/check.h"

namespace wfc::yaml {

std::string_view GetName(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return "null";
    case Kind::Bool:
      return "a boolean";
    case Kind::Int:
      return "an integer";
    case Kind::BigInt:
      return "an integer beyond 64 bits";
    case Kind::Double:
      return "a number";
    case Kind::String:
      return "text";
    case Kind::Map:
      return "a map";
    case Kind::List:
      return "a list";
    case Kind::Poison:
      return "something that could not be read";
  }
  return {};
}

Span Tree::span(NodeId id) const {
  return {.file = file_, .begin = node(id).begin, .end = node(id).end};
}

std::string_view Tree::text(NodeId id) const {
  const Node& scalar = node(id);
  if (scalar.kind >= Kind::Map) return {};
  if ((scalar.flags & kDecoded) != 0) return {arena_.data() + scalar.first, scalar.count};
  return source_.substr(scalar.first, scalar.count);
}

std::span<const NodeId> Tree::children(NodeId id) const {
  const Node& parent = node(id);
  if (parent.kind != Kind::Map && parent.kind != Kind::List) return {};
  return std::span(children_).subspan(parent.first, parent.count);
}

uint32_t Tree::entry_count(NodeId id) const {
  const auto count = static_cast<uint32_t>(children(id).size());
  return kind(id) == Kind::Map ? count / 2 : count;
}

NodeId Tree::FindKey(NodeId map, std::string_view key) const {
  if (kind(map) != Kind::Map) return {};
  const auto entries = children(map);
  for (size_t i = 0; i < entries.size(); i += 2) {
    // Keys are scalars, and nearly all differ from `key` in length.
    const bool may_be = node(entries[i]).count == key.size();
    if (may_be && text(entries[i]) == key) return entries[i];
  }
  return {};
}

NodeId Tree::FindValue(NodeId map, std::string_view key) const {
  if (kind(map) != Kind::Map) return {};
  const auto entries = children(map);
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (text(entries[i]) == key) return entries[i + 1];
  }
  return {};
}

bool Tree::AsBool(NodeId id) const {
  WFC_CHECK(kind(id) == Kind::Bool);
  return (text(id)[0] | 0x20) == 't';
}

int64_t Tree::AsInt(NodeId id) const {
  WFC_CHECK(kind(id) == Kind::Int);
  std::string_view digits = text(id);
  int base = 10;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.starts_with("0x")) base = 16;
  if (digits.starts_with("0o")) base = 8;
  if (base != 10) digits.remove_prefix(2);
  int64_t value = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

double Tree::AsDouble(NodeId id) const {
  if (kind(id) == Kind::Int) return static_cast<double>(AsInt(id));
  WFC_CHECK(kind(id) == Kind::Double || kind(id) == Kind::BigInt);
  std::string_view digits = text(id);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

NodeId Tree::Add(Node node) {
  nodes_.push_back(node);
  return NodeId(static_cast<uint32_t>(nodes_.size() - 1));
}

Range Tree::AddChildren(std::span<const NodeId> children) {
  const Range range = {.first = static_cast<uint32_t>(children_.size()),
                       .count = static_cast<uint32_t>(children.size())};
  children_.insert(children_.end(), children.begin(), children.end());
  return range;
}

Range Tree::AddText(std::string_view text) {
  const Range range = {.first = static_cast<uint32_t>(arena_.size()),
                       .count = static_cast<uint32_t>(text.size())};
  arena_.insert(arena_.end(), text.begin(), text.end());
  return range;
}

void Tree::Rollback(Extent extent) {
  nodes_.resize(extent.nodes);
  children_.resize(extent.children);
  arena_.resize(extent.text);
}

Span SourceSpan(const Tree& tree, NodeId scalar, uint32_t begin, uint32_t end) {
  const uint32_t first = SourceOffset(tree, scalar, begin);
  const uint32_t last = end > begin ? SourceOffset(tree, scalar, end - 1) + 1 : first;
  return {.file = tree.file(), .begin = first, .end = std::max(first, last)};
}

}  // namespace wfc::yaml
