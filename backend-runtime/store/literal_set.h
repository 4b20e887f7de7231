// LiteralSet: finds many literals in a text in one pass, in time that does not depend on how many
// there are (Aho and Corasick, "Efficient string matching", 1975). Used by the redactor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

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
  // A state is an offset in the table where its node has a row there, else the node's index,
  // marked.
  static constexpr State kListed = 1U << 30;
  static constexpr State kIndex = kListed - 1;
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  static constexpr uint32_t kRowSize = 256;

  struct Node {
    uint32_t first_edge = kNone;
    uint32_t row = kNone;   // its offset in the table
    uint32_t fallback = 0;  // the node of the longest proper suffix that begins a literal
    Found begun = {};
    Found ended = {};
  };
  struct Edge {
    unsigned char byte;
    uint32_t to;
    uint32_t next;
  };

  [[nodiscard]] uint32_t NodeOf(State state) const {
    const State index = state & kIndex;
    return (state & kListed) == 0 ? row_nodes_[index / kRowSize] : index;
  }
  [[nodiscard]] State StateOf(uint32_t node) const;
  [[nodiscard]] State NextListed(State state, unsigned char byte) const;
  [[nodiscard]] uint32_t FindEdge(uint32_t from, unsigned char byte) const;
  [[nodiscard]] uint32_t AddEdge(uint32_t from, unsigned char byte, uint32_t tag);
  /// The nodes, nearest to the start first; with all but their rows.
  [[nodiscard]] std::vector<uint32_t> LinkNodes();
  [[nodiscard]] uint32_t Follow(uint32_t node, unsigned char byte) const;
  void FillRow(uint32_t node);

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<State> table_;
  std::vector<uint32_t> row_nodes_;  // by row
  std::array<bool, 256> bytes_{};
  size_t longest_ = 0;
};

}  // namespace wfc::store
