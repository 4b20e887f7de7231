// Builder: yaml-cpp's events (what stands inside what, decoded) and the scan's tokens (exactly
// where) together make the tree. It also judges keys, anchors and ambiguous scalars.
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

/// Why reading a slice stopped.
struct SyntaxError {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
  bool is_limit = false;   ///< Y007 instead of Y001
  bool is_final = false;   ///< too much for another look: nothing is recovered
  std::string meant = {};  ///< in place of [meant_begin, meant_end), what is likely meant; or empty
  uint32_t meant_begin = 0;
  uint32_t meant_end = 0;
};

struct Anchor {
  NodeId node;  ///< empty while what it names is still being read
  Span span;
  uint64_t weight = 0;  ///< values it stands for, aliases written out
  uint32_t depth = 0;   ///< levels of maps and lists in it, aliases written out
  bool is_used = false;
};

/// What the slices of one file share.
struct ReadContext {
  Tree& tree;
  diag::Sink& sink;
  const ReadOptions& options;
  bool is_recovering = false;
  uint64_t alias_weight = 0;
  uint32_t finding_count = 0;
  llvm::StringMap<Anchor> anchors = {};
  std::optional<llvm::StringSet<>> written_anchors = std::nullopt;

  /// False past the number of findings of one file that anyone reads; says so once.
  [[nodiscard]] bool MayReport();
  /// Whether `&name` stands anywhere in the file, be it in a part that could not be read.
  [[nodiscard]] bool IsWritten(std::string_view name);
  /// Forgets the anchors of nodes that were rolled back to `extent`.
  void DropAnchors(Tree::Extent extent);
  void ReportUnusedAnchors();
};

class Builder {
 public:
  Builder(ReadContext& context, const Scan& scan);

  // One a yaml-cpp event. `anchored`: an anchor stands before the node. Throws SyntaxError.
  void Null(bool anchored);
  void Scalar(std::string_view tag, bool anchored, std::string_view value);
  void BeginMap(bool is_flow, std::string_view tag, bool anchored);
  void EndMap();
  void BeginList(bool is_flow, std::string_view tag, bool anchored);
  void EndList();
  /// All events came: every token must have been used.
  void Finish() const;

  [[nodiscard]] NodeId root() const { return root_; }

 private:
  struct Frame {
    size_t first_child;  // in pending_
    uint32_t begin;
    Kind kind;
    bool is_flow;
    bool is_routes;
    uint64_t weight;
    uint32_t depth;
    Anchor* anchor;
  };
  /// What a node costs when written out.
  struct Cost {
    uint64_t weight = 1;
    uint32_t depth = 0;
  };
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
  size_t next_ = 0;
  std::vector<Frame> frames_;
  std::vector<NodeId> pending_;
  NodeId root_;
};

/// Removes merge keys and keys that stand twice from `children` (keys and values in turn) and
/// reports them. In `routes` keys of different kinds differ.
void DropBadKeys(ReadContext& context, std::vector<NodeId>& children, size_t first, bool is_routes);

}  // namespace wfc::yaml
