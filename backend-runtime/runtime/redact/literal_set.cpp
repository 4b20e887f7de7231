#include "backend-runtime/runtime/redact/literal_set.h"

#include <algorithm>

namespace wfc::redact {
namespace {

/// Nodes at most this deep have a row of transitions: in a text without literals, a search mostly
/// stays among them. The number of rows is limited so that together (1 MiB) they fit into a
/// processor's cache.
constexpr uint32_t kDepthOfRows = 2;
constexpr uint32_t kMostRows = 1024;

}  // namespace

LiteralSet::LiteralSet() : nodes_(1) {
  Link();
}

LiteralSet::NodeId LiteralSet::FindEdge(NodeId from, unsigned char byte) const {
  for (EdgeId edge = nodes_[from].first_edge; edge.has_value(); edge = edges_[edge].next) {
    if (edges_[edge].byte == byte) return edges_[edge].to;
  }
  return {};
}

LiteralSet::NodeId LiteralSet::AddEdge(NodeId from, unsigned char byte, uint32_t tag) {
  const NodeId to = nodes_.Add({.begun = {.length = nodes_[from].begun.length + 1, .tag = tag}});
  nodes_[from].first_edge = edges_.Add({.byte = byte, .to = to, .next = nodes_[from].first_edge});
  return to;
}

void LiteralSet::Add(std::string_view literal, uint32_t tag) {
  NodeId node = kRoot;
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    bytes_[byte] = true;
    const NodeId found = FindEdge(node, byte);
    node = found.has_value() ? found : AddEdge(node, byte, tag);
  }
  // An `ended` shorter than the path to this node was inherited from a suffix by `Link`, so it does
  // not count as this literal.
  const auto length = static_cast<uint32_t>(literal.size());
  if (nodes_[node].ended.length != length) nodes_[node].ended = {.length = length, .tag = tag};
  longest_ = std::max(longest_, literal.size());
}

std::vector<std::pair<unsigned char, unsigned char>> LiteralSet::Beginnings() const {
  std::vector<std::pair<unsigned char, unsigned char>> found;
  for (EdgeId one = nodes_[kRoot].first_edge; one.has_value(); one = edges_[one].next) {
    const EdgeId first = nodes_[edges_[one].to].first_edge;
    for (EdgeId two = first; two.has_value(); two = edges_[two].next) {
      found.emplace_back(edges_[one].byte, edges_[two].byte);
    }
  }
  return found;
}

/// The node that `byte` leads to from `node`, following failure links where there is no edge.
LiteralSet::NodeId LiteralSet::Follow(NodeId node, unsigned char byte) const {
  for (;;) {
    const NodeId to = FindEdge(node, byte);
    if (to.has_value()) return to;
    if (node == kRoot) return kRoot;
    node = nodes_[node].fallback;
  }
}

LiteralSet::State LiteralSet::StateOf(NodeId node) const {
  const Node& each = nodes_[node];
  const State state = each.row.has_value() ? OffsetOf(each.row) : kListed | node.index();
  return each.ended.length == 0 ? state : state | kEnds;
}

LiteralSet::State LiteralSet::NextListed(State state, unsigned char byte) const {
  NodeId node(state & kIndex);
  for (;;) {
    const NodeId to = FindEdge(node, byte);
    if (to.has_value()) return StateOf(to);
    node = nodes_[node].fallback;
    const RowId row = nodes_[node].row;
    if (row.has_value()) return table_[OffsetOf(row) + byte];
  }
}

std::vector<LiteralSet::NodeId> LiteralSet::LinkNodes() {
  std::vector<NodeId> order = {kRoot};
  order.reserve(nodes_.size());
  for (size_t at = 0; at < order.size(); ++at) {
    const NodeId from = order[at];
    for (EdgeId edge = nodes_[from].first_edge; edge.has_value(); edge = edges_[edge].next) {
      Node& to = nodes_[edges_[edge].to];
      to.fallback = from == kRoot ? kRoot : Follow(nodes_[from].fallback, edges_[edge].byte);
      const Found& inherited = nodes_[to.fallback].ended;
      if (to.ended.length < inherited.length) to.ended = inherited;
      order.push_back(edges_[edge].to);
    }
  }
  return order;
}

/// Rows are filled in breadth-first order: the fallback is nearer to the root, so its row exists
/// and is already filled.
void LiteralSet::FillRow(NodeId node) {
  const uint32_t row = OffsetOf(nodes_[node].row);
  const uint32_t other = OffsetOf(nodes_[nodes_[node].fallback].row);
  if (node != kRoot) std::copy_n(table_.begin() + other, kRowSize, table_.begin() + row);
  for (EdgeId edge = nodes_[node].first_edge; edge.has_value(); edge = edges_[edge].next) {
    table_[row + edges_[edge].byte] = StateOf(edges_[edge].to);
  }
}

void LiteralSet::Link() {
  const std::vector<NodeId> order = LinkNodes();
  row_nodes_ = {};
  for (const NodeId node : order) {
    const bool has_row = nodes_[node].begun.length <= kDepthOfRows && row_nodes_.size() < kMostRows;
    nodes_[node].row = has_row ? row_nodes_.Add(node) : RowId();
  }
  table_.assign(row_nodes_.size() * kRowSize, kStart);
  for (const NodeId node : row_nodes_) FillRow(node);
}

}  // namespace wfc::redact
