// The YAML and JSON readers on any bytes: no crash, no hang, spans inside the file, children before
// their parents, and offsets that map into the scalar.
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/yaml/read.h"
#include "ir/base/check.h"
#include "ir/base/utf8.h"

namespace {

using namespace wfc;

void CheckScalar(const yaml::Tree& tree, yaml::NodeId id) {
  const std::string_view text = tree.text(id);
  WFC_CHECK(FindInvalidUtf8(text) == std::string_view::npos);
  const auto size = static_cast<uint32_t>(text.size());
  const uint32_t step = size / 16 + 1;
  uint32_t last = 0;
  for (uint32_t at = 0; at <= size; at += step) {
    const uint32_t offset = yaml::SourceOffset(tree, id, at);
    WFC_CHECK(offset <= tree.source().size());
    WFC_CHECK(offset >= last);
    last = offset;
  }
}

void CheckTree(const yaml::Tree& tree) {
  for (uint32_t i = 0; i < tree.node_count(); ++i) {
    const yaml::NodeId id(i);
    const yaml::Node& node = tree.node(id);
    WFC_CHECK(node.begin <= node.end && node.end <= tree.source().size());
    for (const yaml::NodeId child : tree.children(id)) WFC_CHECK(child.index() < i);
    if (tree.IsScalar(id)) CheckScalar(tree, id);
    if (node.kind == yaml::Kind::Map) WFC_CHECK(tree.children(id).size() % 2 == 0);
  }
}

void Read(std::string_view text, const char* path) {
  SourceMap sources;
  diag::Sink sink;
  const FileId file = sources.Add(path, std::string(text));
  constexpr std::string_view kExpressionKeys[] = {"if", "when", "decide"};
  const yaml::Tree tree = yaml::Read(sources, file, sink, {.expression_keys = kExpressionKeys});
  CheckTree(tree);
  for (const diag::Diagnostic& found : sink.diagnostics()) {
    WFC_CHECK(found.span.begin <= found.span.end && found.span.end <= text.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Read(text, "t.yaml");
  Read(text, "t.json");
  return 0;
}
