// LiteralSet: finds many literals in a text in one pass, in time that does not depend on their
// number (A. Aho and M. Corasick, "Efficient string matching", CACM 18, 1975). Used by the
// redactor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/id_range.h"

namespace wfc::redact {

/// An automaton over bytes. Literals are added, then linked; after that, searching is const and
/// safe from several threads.
class LiteralSet {
 public:
  /// The state of a search: the longest suffix of the text read so far that is a prefix of a
  /// literal. The bit `kEnds` is set in states in which a literal ends.
  using State = uint32_t;
  static constexpr State kStart = 0;
  static constexpr State kEnds = 1U << 31;

  /// A literal or a prefix of one, with the tag it was added with.
  struct Found {
    uint32_t length = 0;  ///< bytes; 0 means none
    uint32_t tag = 0;
  };

  LiteralSet();
  /// Adds `literal`, which must not be empty. If it is added twice, the first tag stays.
  void Add(std::string_view literal, uint32_t tag);
  /// Builds the transitions. Call it after the last `Add` and before the first `Next`; it may be
  /// called again after further literals.
  void Link();

  /// The state after one more byte of the text.
  [[nodiscard]] State Next(State state, unsigned char byte) const {
    return (state & kListed) == 0 ? table_[(state & kIndex) + byte] : NextListed(state, byte);
  }
  /// The longest literal that ends in this state; length 0 if none does.
  [[nodiscard]] const Found& ended(State state) const { return nodes_[NodeOf(state)].ended; }
  /// The longest suffix of the text read so far that is a prefix of a literal, with the tag of one
  /// such literal.
  [[nodiscard]] const Found& begun(State state) const { return nodes_[NodeOf(state)].begun; }
  /// The length of the longest literal; 0 when there is none.
  [[nodiscard]] size_t longest() const { return longest_; }
  /// Whether the byte occurs in any literal.
  [[nodiscard]] bool Has(unsigned char byte) const { return bytes_[byte]; }
  /// The first two bytes of every literal that has at least two.
  [[nodiscard]] std::vector<std::pair<unsigned char, unsigned char>> Beginnings() const;

 private:
  using NodeId = Id<struct LiteralNodeTag>;
  using EdgeId = Id<struct LiteralEdgeTag>;
  using RowId = Id<struct LiteralRowTag>;

  // The low 30 bits of a state are the offset of the node's row in the table or, if the node has no
  // row, the node's index together with the bit kListed.
  static constexpr State kListed = 1U << 30;
  static constexpr State kIndex = kListed - 1;
  static constexpr uint32_t kRowSize = 256;
  static constexpr NodeId kRoot{0};

  struct Node {
    EdgeId first_edge = {};
    RowId row = {};
    NodeId fallback = kRoot;  // the failure link: the longest proper suffix that is a prefix
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
  /// The offset of the row in the table.
  [[nodiscard]] static constexpr uint32_t OffsetOf(RowId row) { return row.index() * kRowSize; }
  [[nodiscard]] State StateOf(NodeId node) const;
  [[nodiscard]] State NextListed(State state, unsigned char byte) const;
  [[nodiscard]] NodeId FindEdge(NodeId from, unsigned char byte) const;
  [[nodiscard]] NodeId AddEdge(NodeId from, unsigned char byte, uint32_t tag);
  /// Computes failure links and ends. Returns the nodes in breadth-first order.
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

}  // namespace wfc::redact
