// The findings and the anchors of one YAML file, over all slices in which it is read.
#include "frontend/yaml/read_context.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

constexpr uint32_t kMaxFindings = 500;

}  // namespace

bool ReadContext::MayReport() {
  if (++finding_count == kMaxFindings + 1) {
    sink.Report(diag::Limit, Span{.file = tree.file()},
                fmt::format("the file has more than {} findings; no more are shown", kMaxFindings));
  }
  return finding_count <= kMaxFindings;
}

bool ReadContext::IsWritten(std::string_view name) {
  if (!written_anchors) {
    written_anchors.emplace();
    const std::string_view source = tree.source();
    for (size_t at = source.find('&'); at != std::string_view::npos;
         at = source.find('&', at + 1)) {
      const size_t end = std::min(source.find_first_of(" \t\r\n[]{},", at), source.size());
      written_anchors->insert(source.substr(at + 1, end - at - 1));
    }
  }
  return written_anchors->contains(name);
}

void ReadContext::DropAnchors(Tree::Extent extent) {
  for (auto at = anchors.begin(); at != anchors.end();) {
    const auto current = at++;
    const NodeId node = current->second.node;
    if (!node.has_value() || node.index() >= extent.nodes) anchors.erase(current);
  }
}

void ReadContext::ReportUnusedAnchors() {
  std::vector<Span> unused;
  for (const auto& entry : anchors) {
    if (!entry.second.is_used) unused.push_back(entry.second.span);
  }
  std::ranges::sort(unused);
  for (const Span span : unused) {
    const std::string_view name = tree.source().substr(span.begin + 1, span.end - span.begin - 1);
    if (!MayReport()) continue;
    sink.Report(diag::UnusedAnchor, span, name)
        .AddNote({}, "in YAML `&` begins an anchor; text that begins with it is quoted");
  }
}

}  // namespace wfc::yaml
