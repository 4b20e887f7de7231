// LiteralSet: finds many literals in a text in one pass, in time that does not depend on how many
// there are (Aho and Corasick, "Efficient string matching", 1975). Used by the redactor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/id_range.h"

namespace wfc::store {

class LiteralSet {
 public:
  /// Where a search is: what of the text read last begins a literal. `kEnds` is set in it where a
  /// literal ends.
  using State = uint32_t;
  static constexpr State kStart = 0;
  static constexpr State kEnds = 1U << 31;

  struct Found {
    uint32_t length = 0;  ///< bytes; 0: none
    uint32_t tag = 0;
  };

  LiteralSet();
  /// `literal` is not empty. Of two equal ones the first stays.
  void Add(std::string_view literal, uint32_t tag);
  /// After the last `Add` and before the first `Next`.
  void Link();

  [[nodiscard]] State Next(State state, unsigned char byte) const {
    return (state & kListed) == 0 ? table_[(state & kIndex) + byte] : NextListed(state, byte);
  }
  /// The longest literal that ends here.
  [[nodiscard]] const Found& ended(State state) const { return nodes_[NodeOf(state)].ended; }
  /// The most of the bytes read last that begin a literal, with the tag of one of these.
  [[nodiscard]] const Found& begun(State state) const { return nodes_[NodeOf(state)].begun; }
  [[nodiscard]] size_t longest() const { return longest_; }
  /// Whether the byte stands in one of them.
  [[nodiscard]] bool Has(unsigned char byte) const { return bytes_[byte]; }
  /// The first two bytes of the literals.
  [[nodiscard]] std::vector<std::pair<unsigned char, unsigned char>> Beginnings() const;

 private:
  using NodeId = Id<struct LiteralNodeTag>;
  using EdgeId = Id<struct LiteralEdgeTag>;
  using RowId = Id<struct LiteralRowTag>;

  // A state is an offset in the table where its node has a row there, else the node's index,
  // marked.
  static constexpr State kListed = 1U << 30;
  static constexpr State kIndex = kListed - 1;
  static constexpr uint32_t kRowSize = 256;
  static constexpr NodeId kRoot{0};

  struct Node {
    EdgeId first_edge = {};
    RowId row = {};
    NodeId fallback = kRoot;  // of the longest proper suffix that begins a literal
    Found begun = {};
    Found ended = {};
  };
  struct Edge {
    unsigned char byte;
    NodeId to;
    EdgeId next;
  };

  [[nodiscard]] NodeId NodeOf(State state) const {
    const State index = state & kIndex;
    return (state & kListed) == 0 ? row_nodes_[RowId(index / kRowSize)] : NodeId(index);
  }
  /// Where the row begins in the table.
  [[nodiscard]] static constexpr uint32_t OffsetOf(RowId row) { return row.index() * kRowSize; }
  [[nodiscard]] State StateOf(NodeId node) const;
  [[nodiscard]] State NextListed(State state, unsigned char byte) const;
  [[nodiscard]] NodeId FindEdge(NodeId from, unsigned char byte) const;
  [[nodiscard]] NodeId AddEdge(NodeId from, unsigned char byte, uint32_t tag);
  /// The nodes, nearest to the start first; with all but their rows.
  [[nodiscard]] std::vector<NodeId> LinkNodes();
  [[nodiscard]] NodeId Follow(NodeId node, unsigned char byte) const;
  void FillRow(NodeId node);

  IdVector<NodeId, Node> nodes_;
  IdVector<EdgeId, Edge> edges_;
  std::vector<State> table_;
  IdVector<RowId, NodeId> row_nodes_;
  std::array<bool, 256> bytes_{};
  size_t longest_ = 0;
};

}  // namespace wfc::store
