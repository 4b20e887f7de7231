// Builder makes the tree from two sources: yaml-cpp's events, which give the nesting and the
// decoded values, and the scan's tokens, which give the exact places. It also checks keys, anchors,
// aliases and ambiguous scalars. FileReader makes one per slice. Internal to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/plain.h"
#include "frontend/yaml/read_context.h"
#include "frontend/yaml/scan.h"
#include "frontend/yaml/syntax_error.h"
#include "frontend/yaml/tree.h"

namespace wfc::yaml {

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
  [[nodiscard]] bool IsWordOfCommand() const;
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

}  // namespace wfc::yaml
