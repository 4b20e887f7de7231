// Builder makes the tree from two sources: yaml-cpp's events, which give the nesting and the
// decoded values, and the scan's tokens, which give the exact places. It also checks keys, anchors
// and ambiguous scalars. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include "frontend/yaml/plain.h"
#include "frontend/yaml/read.h"
#include "frontend/yaml/scan.h"
#include "frontend/yaml/tree.h"
#include "ir/diag/sink.h"

namespace wfc::yaml {

/// The reason why reading a slice of a file stopped, for bytes [begin, end) of the file. Thrown and
/// caught within this folder only.
struct SyntaxError {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
  bool is_limit = false;  ///< report it as Y007 instead of Y001
  bool is_final = false;  ///< do not try to read around the error
  /// A suggested replacement for bytes [meant_begin, meant_end); no suggestion if empty.
  std::string meant = {};
  uint32_t meant_begin = 0;
  uint32_t meant_end = 0;
};

/// An anchor `&name` of the file.
struct Anchor {
  NodeId node;          ///< the anchored node; empty while it is being read
  Span span;            ///< the anchor itself, not the node
  uint64_t weight = 0;  ///< number of nodes in the anchored value, with its aliases expanded
  uint32_t depth = 0;   ///< levels of maps and lists in it, with its aliases expanded
  bool is_used = false;
};

/// The state that the slices of one file share; each slice has a Builder of its own.
struct ReadContext {
  Tree& tree;
  diag::Sink& sink;
  const ReadOptions& options;
  bool is_recovering = false;  ///< the file could not be read as a whole
  uint64_t alias_weight = 0;   ///< nodes that the aliases read so far stand for
  uint32_t finding_count = 0;  ///< findings of this file so far
  llvm::StringMap<Anchor> anchors = {};
  std::optional<llvm::StringSet<>> written_anchors = std::nullopt;

  /// Counts one finding; false once the file has more findings than anyone would read. The first
  /// finding over the limit reports that there are more.
  [[nodiscard]] bool MayReport();
  /// Whether `&name` occurs anywhere in the file, even in a part that could not be read.
  [[nodiscard]] bool IsWritten(std::string_view name);
  /// Forgets the anchors of nodes that a rollback of the tree to `extent` removed, and those whose
  /// node was still being read.
  void DropAnchors(Tree::Extent extent);
  /// Reports each anchor that no alias refers to.
  void ReportUnusedAnchors();
};

/// Builds the nodes of one slice, in the tree of `context`. Call its functions in the order of
/// yaml-cpp's events, then Finish. All of them throw SyntaxError where the events and the tokens
/// disagree, and where a limit is exceeded.
class Builder {
 public:
  Builder(ReadContext& context, const Scan& scan);

  // One function per event of yaml-cpp. `anchored` says that an anchor precedes the node. For an
  // empty value, yaml-cpp sends Null, or a Scalar with a tag.
  void Null(bool anchored);
  void Scalar(std::string_view tag, bool anchored, std::string_view value);
  void BeginMap(bool is_flow, std::string_view tag, bool anchored);
  void EndMap();
  void BeginList(bool is_flow, std::string_view tag, bool anchored);
  void EndList();
  /// Checks, after the last event, that all tokens have been used.
  void Finish() const;

  /// The topmost node of the slice; an empty id if the slice has no content.
  [[nodiscard]] NodeId root() const { return root_; }

 private:
  /// A map or list that is not closed yet.
  struct Frame {
    size_t first_child;  // index into pending_
    uint32_t begin;
    Kind kind;
    bool is_flow;
    bool is_routes;
    uint64_t weight;
    uint32_t depth;
    Anchor* anchor;
  };
  /// The size of a node with its aliases expanded: see Anchor.
  struct Cost {
    uint64_t weight = 1;
    uint32_t depth = 0;
  };
  /// The anchor and the tag that precede a node.
  struct Properties {
    Anchor* anchor = nullptr;
    const Token* tag = nullptr;
  };

  [[nodiscard]] const Token* Next() const;
  [[nodiscard]] const Token& Take(TokenKind kind);
  [[noreturn]] void FailHere(std::string message) const;
  void BeginNode();
  [[nodiscard]] bool IsAtKey() const;
  [[nodiscard]] bool IsDefaultOfBool() const;
  [[nodiscard]] bool TakesScalar(bool is_null) const;
  Properties TakeProperties(bool anchored, std::string_view tag);
  Anchor* Define(const Token& token);
  void AddNode(const Node& node, Anchor* anchor, Cost cost);
  void AddEmpty(const Properties& properties);
  void AddScalar(const Token& token, const Properties& properties, std::string_view value);
  void AddAlias(const Token& token);
  void ReportUnknownAlias(const Token& token);
  [[nodiscard]] bool CanWriteOut(Anchor& anchor, std::string_view name, Span span);
  void SetText(Node& node, const Token& token, std::string_view value);
  void ResolveKind(Node& node, const Token& token, const Properties& properties);
  void CheckPlain(const Node& node, std::string_view text, const PlainType& type);
  void BeginCollection(Kind kind, bool is_flow, std::string_view tag, bool anchored);
  void EndCollection();
  [[nodiscard]] std::string_view TokenText(const Token& token) const;
  [[nodiscard]] uint32_t PlaceOfEmpty() const;

  ReadContext& context_;
  Tree& tree_;
  const Scan& scan_;
  size_t next_ = 0;              // index of the next unused token
  std::vector<Frame> frames_;    // the open collections, outermost first
  std::vector<NodeId> pending_;  // children of the open collections
  NodeId root_;
};

/// Removes merge keys and repeated keys, with their values, from the part of `children` that begins
/// at index `first`, and reports them; `children` holds keys and values alternately. Of equal keys
/// the first is kept. In `routes`, keys of different kinds are different even if their texts agree.
void DropBadKeys(ReadContext& context, std::vector<NodeId>& children, size_t first, bool is_routes);

}  // namespace wfc::yaml
