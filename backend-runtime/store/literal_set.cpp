#include "backend-runtime/store/literal_set.h"

#include <algorithm>

namespace wfc::store {
namespace {

/// Nodes of so many bytes have rows: most of a text that holds no literal stays among them. The
/// rows together stay in a processor's cache.
constexpr uint32_t kDepthOfRows = 2;
constexpr uint32_t kMostRows = 1024;

}  // namespace

LiteralSet::LiteralSet() : nodes_(1) {
  Link();
}

uint32_t LiteralSet::FindEdge(uint32_t from, unsigned char byte) const {
  for (uint32_t edge = nodes_[from].first_edge; edge != kNone; edge = edges_[edge].next) {
    if (edges_[edge].byte == byte) return edges_[edge].to;
  }
  return kNone;
}

uint32_t LiteralSet::AddEdge(uint32_t from, unsigned char byte, uint32_t tag) {
  const auto to = static_cast<uint32_t>(nodes_.size());
  edges_.push_back({.byte = byte, .to = to, .next = nodes_[from].first_edge});
  nodes_[from].first_edge = static_cast<uint32_t>(edges_.size() - 1);
  nodes_.push_back({.begun = {.length = nodes_[from].begun.length + 1, .tag = tag}});
  return to;
}

void LiteralSet::Add(std::string_view literal, uint32_t tag) {
  uint32_t node = 0;
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    bytes_[byte] = true;
    const uint32_t found = FindEdge(node, byte);
    node = found == kNone ? AddEdge(node, byte, tag) : found;
  }
  // What is shorter than the way here was inherited by `Link`.
  const auto length = static_cast<uint32_t>(literal.size());
  if (nodes_[node].ended.length != length) nodes_[node].ended = {.length = length, .tag = tag};
  longest_ = std::max(longest_, literal.size());
}

std::vector<std::pair<unsigned char, unsigned char>> LiteralSet::Beginnings() const {
  std::vector<std::pair<unsigned char, unsigned char>> found;
  for (uint32_t one = nodes_[0].first_edge; one != kNone; one = edges_[one].next) {
    const uint32_t first = nodes_[edges_[one].to].first_edge;
    for (uint32_t two = first; two != kNone; two = edges_[two].next) {
      found.emplace_back(edges_[one].byte, edges_[two].byte);
    }
  }
  return found;
}

/// Where `byte` leads from `node`, by edges and fallbacks.
uint32_t LiteralSet::Follow(uint32_t node, unsigned char byte) const {
  for (;;) {
    const uint32_t to = FindEdge(node, byte);
    if (to != kNone) return to;
    if (node == 0) return 0;
    node = nodes_[node].fallback;
  }
}

LiteralSet::State LiteralSet::StateOf(uint32_t node) const {
  const Node& each = nodes_[node];
  const State state = each.row == kNone ? kListed | node : each.row;
  return each.ended.length == 0 ? state : state | kEnds;
}

LiteralSet::State LiteralSet::NextListed(State state, unsigned char byte) const {
  uint32_t node = state & kIndex;
  for (;;) {
    const uint32_t to = FindEdge(node, byte);
    if (to != kNone) return StateOf(to);
    node = nodes_[node].fallback;
    if (nodes_[node].row != kNone) return table_[nodes_[node].row + byte];
  }
}

std::vector<uint32_t> LiteralSet::LinkNodes() {
  std::vector<uint32_t> order = {0};
  order.reserve(nodes_.size());
  for (size_t at = 0; at < order.size(); ++at) {
    const uint32_t from = order[at];
    for (uint32_t edge = nodes_[from].first_edge; edge != kNone; edge = edges_[edge].next) {
      Node& to = nodes_[edges_[edge].to];
      to.fallback = from == 0 ? 0 : Follow(nodes_[from].fallback, edges_[edge].byte);
      const Found& inherited = nodes_[to.fallback].ended;
      if (to.ended.length < inherited.length) to.ended = inherited;
      order.push_back(edges_[edge].to);
    }
  }
  return order;
}

/// The fallback is nearer to the start, so that it has a row, which is filled.
void LiteralSet::FillRow(uint32_t node) {
  const uint32_t row = nodes_[node].row;
  const uint32_t other = nodes_[nodes_[node].fallback].row;
  if (node != 0) std::copy_n(table_.begin() + other, kRowSize, table_.begin() + row);
  for (uint32_t edge = nodes_[node].first_edge; edge != kNone; edge = edges_[edge].next) {
    table_[row + edges_[edge].byte] = StateOf(edges_[edge].to);
  }
}

void LiteralSet::Link() {
  const std::vector<uint32_t> order = LinkNodes();
  row_nodes_.clear();
  for (const uint32_t node : order) {
    const bool has_row = nodes_[node].begun.length <= kDepthOfRows && row_nodes_.size() < kMostRows;
    nodes_[node].row = has_row ? static_cast<uint32_t>(row_nodes_.size()) * kRowSize : kNone;
    if (has_row) row_nodes_.push_back(node);
  }
  table_.assign(row_nodes_.size() * kRowSize, kStart);
  for (const uint32_t node : row_nodes_) FillRow(node);
}

}  // namespace wfc::store
