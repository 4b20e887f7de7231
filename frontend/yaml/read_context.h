// ReadContext is what the slices of one YAML file have in common: the tree, the findings and the
// anchors. FileReader owns it, and each Builder works on it. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include "frontend/yaml/read.h"
#include "frontend/yaml/tree.h"
#include "ir/diag/sink.h"

namespace wfc::yaml {

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

}  // namespace wfc::yaml
