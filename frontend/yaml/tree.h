// Tree: one file of YAML or JSON as flat, located nodes. Made by read.h; everything that reads
// manifests, schemas, fixtures and front matter walks it.
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

/// What a value is, plain scalars typed by YAML 1.2's core schema; a `BigInt` is an integer that is
/// no int64, in decimal digits. `Poison` stands for what could
/// not be read and was reported: skip it without another finding.
enum class Kind : uint8_t { Null, Bool, Int, BigInt, Double, String, Map, List, Poison };

/// How it was written. `Flow` and `Block` are collections; JSON has `Flow` and `Double` strings.
enum class Style : uint8_t { Plain, Single, Double, Literal, Folded, Flow, Block };

[[nodiscard]] std::string_view GetName(Kind kind);  ///< for people: "a map", "a number", "null"

enum NodeFlag : uint8_t {
  kDecoded = 1,     ///< the text is in the tree's arena, not in the file
  kIncomplete = 2,  ///< a map or list with a part that could not be read: say nothing about missing
                    ///< keys
  kAliased = 4,     ///< written as `*name`; the children are the anchor's
  kRequoted = 8,    ///< Y008 was reported: read as if it had been quoted
};

/// 24 bytes. `begin`, `end`: the exact bytes of the value, quotes, brackets and block indicator
/// included; for an empty value, the place after its `:` or `-`.
struct Node {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t first = 0;  ///< of the text (scalars), of the children (collections)
  uint32_t count = 0;
  uint16_t indent = 0;  ///< block scalars: columns stripped from each line
  Kind kind = Kind::Null;
  Style style = Style::Plain;
  uint8_t flags = 0;
};

/// A comment from `#` to the end of its line.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
};

class Tree {
 public:
  /// `text` must outlive the tree (a SourceMap's texts do).
  Tree(FileId file, std::string_view text) : file_(file), source_(text) {}

  [[nodiscard]] FileId file() const { return file_; }
  [[nodiscard]] std::string_view source() const { return source_; }
  /// Empty when the file held nothing.
  [[nodiscard]] NodeId root() const { return root_; }
  [[nodiscard]] uint32_t node_count() const { return static_cast<uint32_t>(nodes_.size()); }
  /// In the order of the file; for suppressions.
  [[nodiscard]] std::span<const Comment> comments() const { return comments_; }
  /// Something could not be read: absence of a key proves nothing.
  [[nodiscard]] bool has_errors() const { return has_errors_; }

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.index()]; }
  [[nodiscard]] Kind kind(NodeId id) const { return node(id).kind; }
  [[nodiscard]] Style style(NodeId id) const { return node(id).style; }
  [[nodiscard]] bool has_flag(NodeId id, NodeFlag flag) const {
    return (node(id).flags & flag) != 0;
  }
  [[nodiscard]] bool IsScalar(NodeId id) const { return kind(id) < Kind::Map; }
  [[nodiscard]] Span span(NodeId id) const;

  /// A scalar's decoded text (of a number, as written); empty for collections. Valid as long as the
  /// tree lives and is not added to; moving the tree does not matter.
  [[nodiscard]] std::string_view text(NodeId id) const;
  /// A map's keys and values in turn, in the order of the file; a list's entries. Keys are scalars.
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const;
  /// Entries: pairs of a map, items of a list.
  [[nodiscard]] uint32_t entry_count(NodeId id) const;

  /// The value (or the key's node) of `key` in `map`; an empty id if there is none, or `map` is no
  /// map. Linear: for maps of known keys.
  [[nodiscard]] NodeId FindValue(NodeId map, std::string_view key) const;
  [[nodiscard]] NodeId FindKey(NodeId map, std::string_view key) const;

  /// Of nodes of kind Bool, Int, and Int, BigInt or Double.
  [[nodiscard]] bool AsBool(NodeId id) const;
  [[nodiscard]] int64_t AsInt(NodeId id) const;
  [[nodiscard]] double AsDouble(NodeId id) const;

  // What follows is for the readers.
  NodeId Add(Node node);
  Node& mutable_node(NodeId id) { return nodes_[id.index()]; }
  Range AddChildren(std::span<const NodeId> children);
  Range AddText(std::string_view text);
  void set_root(NodeId root) { root_ = root; }
  void set_has_errors() { has_errors_ = true; }
  std::vector<Comment>& mutable_comments() { return comments_; }
  /// How much there is; `Rollback` takes back what was added after.
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
  std::vector<char> arena_;  // not a string: views must survive moving the tree
  std::vector<Comment> comments_;
};

using TreePtr = std::unique_ptr<const Tree>;

/// Where byte `offset` of `tree.text(scalar)` stands in the file, through escapes, folding and
/// indentation. An offset past the end is the end of the scalar's content.
[[nodiscard]] uint32_t SourceOffset(const Tree& tree, NodeId scalar, uint32_t offset);

/// The span in the file of bytes [begin, end) of `tree.text(scalar)`.
[[nodiscard]] Span SourceSpan(const Tree& tree, NodeId scalar, uint32_t begin, uint32_t end);

}  // namespace wfc::yaml
