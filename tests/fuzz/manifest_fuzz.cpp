// The parser of manifests on any bytes as wfc.yaml and as a section's file: no crash, no hang, and
// every field that is present points into its tree.
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/manifest/load.h"
#include "frontend/manifest/suppressions.h"
#include "ir/base/check.h"

namespace {

using namespace wfc;

template <class S>
void CheckPool(const manifest::Syntax::Pool<S>& pool) {
  for (const Id<S> id : pool.lists) WFC_CHECK(id.index() < pool.all.size());
  for (const S& entry : pool.all) {
    const manifest::Section& section = entry;
    WFC_CHECK(section.tree != nullptr);
    WFC_CHECK(section.node.index() < section.tree->node_count());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t half = text.find('\f');  // a form feed, which no manifest may hold, parts two files
  SourceMap sources;
  diag::Sink sink;
  manifest::Syntax syntax;
  const manifest::ProjectFile files[] = {
      {.file = sources.Add("wfc.yaml", std::string(text.substr(0, half))),
       .role = manifest::FileRole::Root,
       .section = {}},
      {.file = sources.Add("agents.yaml",
                           half < size ? std::string(text.substr(half + 1)) : std::string()),
       .role = manifest::FileRole::Section,
       .section = "agents"}};
  manifest::ParseProject(files, sources, sink, syntax);
  (void)manifest::FindSuppressions(syntax, sources);
  CheckPool(syntax.agents);
  CheckPool(syntax.tools);
  CheckPool(syntax.stages);
  CheckPool(syntax.routes);
  CheckPool(syntax.bodies);
  CheckPool(syntax.workflows);
  for (const diag::Diagnostic& found : sink.diagnostics()) {
    WFC_CHECK(found.span.end <= sources.text(found.span.file).size());
  }
  return 0;
}
