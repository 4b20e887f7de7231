// From the text of a scalar back to its place in the file, and the decoding of flow scalars that
// the map is made with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

/// From byte `text` of the decoded text on, bytes stand in the file from `source` on, one for one.
struct TextRun {
  uint32_t text = 0;
  uint32_t source = 0;
};

struct DecodedScalar {
  std::string text;
  std::vector<TextRun> runs;  ///< ascending in both
};

/// Decodes a plain, single or double quoted scalar [begin, end), quotes included, with its folding
/// and escapes (YAML 1.2.2, chapter 7). Unknown escapes stay as they are.
[[nodiscard]] DecodedScalar DecodeFlowScalar(std::string_view source, uint32_t begin, uint32_t end,
                                             Style style);

/// The runs of a block scalar of which `text` is the decoded text: its lines stand in it in order.
[[nodiscard]] std::vector<TextRun> MapBlockScalar(std::string_view source, uint32_t begin,
                                                  uint32_t end, uint32_t indent,
                                                  std::string_view text);

/// SourceOffset (tree.h) of many places in one scalar.
class ScalarMap {
 public:
  ScalarMap(const Tree& tree, NodeId scalar);
  [[nodiscard]] uint32_t Find(uint32_t offset) const;

 private:
  const Node& node_;
  bool is_mapped_ = false;
  uint32_t end_ = 0;
  std::vector<TextRun> runs_;
};

}  // namespace wfc::yaml
