// Maps offsets in the decoded text of a scalar to offsets in the file, and decodes flow scalars, by
// which the map is made. Called by whatever reports a finding inside a scalar; the builder and the
// JSON reader use the decoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

/// A run of bytes that the decoded text and the file have in common: it begins at offset `text` of
/// the decoded text and at offset `source` of the file, and lasts until the next run begins.
struct TextRun {
  uint32_t text = 0;
  uint32_t source = 0;
};

/// The decoded text of a scalar and where its bytes come from.
struct DecodedScalar {
  std::string text;
  std::vector<TextRun> runs;  ///< both offsets ascend
};

/// Decodes the plain, single-quoted or double-quoted scalar [begin, end), quotes included: folds
/// its lines and resolves its escapes (YAML 1.2.2, chapter 7). Unknown escapes remain as written.
[[nodiscard]] DecodedScalar DecodeFlowScalar(std::string_view source, uint32_t begin, uint32_t end,
                                             Style style);

/// The runs of the block scalar [begin, end), whose decoded text is `text` and whose lines are
/// indented by `indent` columns. The text is not decoded again: its lines are found in order.
[[nodiscard]] std::vector<TextRun> MapBlockScalar(std::string_view source, uint32_t begin,
                                                  uint32_t end, uint32_t indent,
                                                  std::string_view text);

/// Maps many offsets of one scalar, as SourceOffset (tree.h) maps a single one, but decodes the
/// scalar only once. The tree must outlive the map.
class ScalarMap {
 public:
  ScalarMap(const Tree& tree, NodeId scalar);
  /// The offset in the file of byte `offset` of the text; see SourceOffset.
  [[nodiscard]] uint32_t Find(uint32_t offset) const;

 private:
  const Node& node_;
  bool is_mapped_ = false;
  uint32_t end_ = 0;
  std::vector<TextRun> runs_;
};

}  // namespace wfc::yaml
