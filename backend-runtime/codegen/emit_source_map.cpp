// The part of the emitter that writes the source map: the project's files with their digests, and a
// line and column for each node.
#include <algorithm>
#include <filesystem>

#include "backend-runtime/codegen/emitter.h"
#include "ir/support/sha256.h"

namespace wfc::codegen {
namespace {

constexpr uint32_t kMax16 = 0xFFFF;

/// `path` relative to `folder`. If it is outside, only its last part, because a plan must not
/// contain an absolute path.
std::string RelativeTo(const std::string& folder, std::string_view path) {
  const std::filesystem::path file(path);
  const std::filesystem::path below = file.lexically_normal().lexically_relative(
      std::filesystem::path(folder.empty() ? "." : folder).lexically_normal());
  const bool is_below = !below.empty() && *below.begin() != "..";
  return (is_below ? below : file.filename()).generic_string();
}

}  // namespace

void Emitter::EmitSourceMap(const SourceMap& sources) {
  std::map<std::string, FileId> files;
  for (const ir::StageId stage : layout_.nodes) {
    const Span span = project_.stages[stage].span;
    if (!span.has_value()) return;  // a project made by hand has no positions
    files.emplace(RelativeTo(project_.folder, sources.path(span.file)), span.file);
  }
  if (files.size() > kMax16) return;
  std::map<FileId, uint32_t> number_of;
  fb::SourceMapT& map = builder_.source_map;
  for (const auto& [path, file] : files) {
    const std::string_view text = sources.text(file);
    number_of.emplace(file, static_cast<uint32_t>(map.files.size()));
    map.files.push_back(path);
    map.digests.push_back(ToHex(Sha256(std::as_bytes(std::span(text.data(), text.size())))));
  }
  for (const ir::StageId stage : layout_.nodes) {
    const Span span = project_.stages[stage].span;
    const Position position = sources.Locate(span.file, span.begin);
    map.places.emplace_back(position.line, static_cast<uint16_t>(std::min(position.column, kMax16)),
                            static_cast<uint16_t>(number_of.at(span.file)));
  }
}

}  // namespace wfc::codegen
