// Tree is one file of YAML or JSON as a flat array of nodes that know their place in the file. The
// functions of read.h build it; everything that reads manifests, schemas, fixtures or front matter
// walks it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/id.h"
#include "ir/base/span.h"
#include "ir/support/source_map.h"

namespace wfc::yaml {

struct NodeTag;
using NodeId = Id<NodeTag>;

/// The type of a value; plain scalars are typed by the core schema of YAML 1.2. A `BigInt` is a
/// decimal integer outside int64. `Poison` stands for a value that could not be read, which has
/// been reported: skip it without another finding.
enum class Kind : uint8_t { Null, Bool, Int, BigInt, Double, String, Map, List, Poison };

/// How a value is written. `Flow` and `Block` are for collections, the others for scalars. In JSON
/// collections are `Flow`, strings `Double` and other scalars `Plain`.
enum class Style : uint8_t { Plain, Single, Double, Literal, Folded, Flow, Block };

/// The kind as a noun phrase for messages: "a map", "a number", "null".
[[nodiscard]] std::string_view GetName(Kind kind);

/// Properties of a node that few nodes have, as bits.
enum NodeFlag : uint8_t {
  kDecoded = 1,     ///< the text is in the tree's arena, because it differs from the file's bytes
  kIncomplete = 2,  ///< a part of the map or list could not be read: keys may only seem missing
  kAliased = 4,     ///< written as `*name`; text or children are shared with the anchor's node
  kRequoted = 8,    ///< Y008 was reported, and the scalar is read as if it had been quoted
};

/// One value or key, in 24 bytes.
struct Node {
  /// [begin, end) are the exact bytes of the value, including quotes, brackets and the indicator of
  /// a block scalar. An empty value is an empty range after its `:` or `-`.
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t first = 0;   ///< scalars: offset of the text; collections: index of the first child
  uint32_t count = 0;   ///< scalars: bytes of the text; collections: number of children
  uint16_t indent = 0;  ///< block scalars: columns stripped from each line
  Kind kind = Kind::Null;
  Style style = Style::Plain;
  uint8_t flags = 0;  ///< bits of NodeFlag
};

/// The bytes [begin, end) of a comment, from its `#` to the end of the line.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// The contents of one file. It can be moved; nodes keep their ids and views of texts stay valid.
class Tree {
 public:
  /// Creates a tree without nodes. `text` must outlive it, as the texts of a SourceMap do.
  Tree(FileId file, std::string_view text) : file_(file), source_(text) {}

  [[nodiscard]] FileId file() const { return file_; }
  [[nodiscard]] std::string_view source() const { return source_; }
  /// The topmost value; an empty id if the file has no content or could not be read at all.
  [[nodiscard]] NodeId root() const { return root_; }
  [[nodiscard]] uint32_t node_count() const { return static_cast<uint32_t>(nodes_.size()); }
  /// All comments, in the order of the file; suppressions are found among them.
  [[nodiscard]] std::span<const Comment> comments() const { return comments_; }
  /// Whether a part of the file could not be read, so that a key may be missing only in the tree.
  [[nodiscard]] bool has_errors() const { return has_errors_; }

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.index()]; }
  [[nodiscard]] Kind kind(NodeId id) const { return node(id).kind; }
  [[nodiscard]] Style style(NodeId id) const { return node(id).style; }
  [[nodiscard]] bool has_flag(NodeId id, NodeFlag flag) const {
    return (node(id).flags & flag) != 0;
  }
  [[nodiscard]] bool IsScalar(NodeId id) const { return kind(id) < Kind::Map; }
  [[nodiscard]] Span span(NodeId id) const;

  /// The decoded text of a scalar; a number's text is what was written. Empty for collections and
  /// poison. The view is valid while the tree exists and nothing is added to it, even if the tree
  /// is moved.
  [[nodiscard]] std::string_view text(NodeId id) const;
  /// The keys and values of a map alternately, or the items of a list, in the order of the file.
  /// Keys are scalars. Empty for scalars.
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const;
  /// The number of pairs in a map or of items in a list.
  [[nodiscard]] uint32_t entry_count(NodeId id) const;

  /// The value of `key` in `map`, or the node of the key itself; an empty id if the map has no such
  /// key or `map` is not a map. The search is linear, so it suits maps with a bounded set of keys.
  [[nodiscard]] NodeId FindValue(NodeId map, std::string_view key) const;
  [[nodiscard]] NodeId FindKey(NodeId map, std::string_view key) const;

  /// The value of a scalar. The kind must be Bool for AsBool, Int for AsInt, and Int, BigInt or
  /// Double for AsDouble, which rounds to the nearest double.
  [[nodiscard]] bool AsBool(NodeId id) const;
  [[nodiscard]] int64_t AsInt(NodeId id) const;
  [[nodiscard]] double AsDouble(NodeId id) const;

  // The functions that follow are for the readers that build the tree.
  NodeId Add(Node node);
  Range AddChildren(std::span<const NodeId> children);
  Range AddText(std::string_view text);
  void set_root(NodeId root) { root_ = root; }
  void set_has_errors() { has_errors_ = true; }
  std::vector<Comment>& mutable_comments() { return comments_; }
  /// How much has been added so far. `Rollback` removes the nodes, children and texts that were
  /// added since; comments, the root and has_errors stay as they are.
  struct Extent {
    size_t nodes, children, text;
  };
  [[nodiscard]] Extent extent() const { return {nodes_.size(), children_.size(), arena_.size()}; }
  void Rollback(Extent extent);

 private:
  FileId file_;
  std::string_view source_;
  NodeId root_;
  bool has_errors_ = false;
  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
  std::vector<char> arena_;  // not a std::string: moving a short one would invalidate the views
  std::vector<Comment> comments_;
};

using TreePtr = std::unique_ptr<const Tree>;

/// Maps byte `offset` of `tree.text(scalar)` to its offset in the file, across escapes, folding and
/// indentation. An offset past the end of the text maps to the end of the scalar's content. In an
/// aliased scalar whose text was decoded, every offset maps to the alias.
[[nodiscard]] uint32_t SourceOffset(const Tree& tree, NodeId scalar, uint32_t offset);

/// Maps bytes [begin, end) of `tree.text(scalar)` to their span in the file.
[[nodiscard]] Span SourceSpan(const Tree& tree, NodeId scalar, uint32_t begin, uint32_t end);

}  // namespace wfc::yaml
