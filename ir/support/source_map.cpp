// The tables of line starts and of code points are made once per file. A column is counted from the
// start of the block on demand.
#include "ir/support/source_map.h"

#include <algorithm>

#include "ir/base/utf8.h"

namespace wfc {
namespace {

constexpr uint32_t kBlockBytes = 4096;

/// The number of code points before each block of kBlockBytes bytes, and before the end.
std::vector<uint32_t> CountBlocks(std::string_view text) {
  std::vector<uint32_t> before;
  uint32_t count = 0;
  for (size_t at = 0; at < text.size(); at += kBlockBytes) {
    before.push_back(count);
    count += static_cast<uint32_t>(CountCodePoints(text.substr(at, kBlockBytes)));
  }
  before.push_back(count);
  return before;
}

}  // namespace

FileId SourceMap::Add(std::string path, std::string text) {
  std::vector<uint32_t> line_begins = {0};
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    line_begins.push_back(static_cast<uint32_t>(at + 1));
  }
  std::vector<uint32_t> code_points_before = CountBlocks(text);
  return files_.Add({.path = std::move(path),
                     .text = std::make_unique<const std::string>(std::move(text)),
                     .line_begins = std::move(line_begins),
                     .code_points_before = std::move(code_points_before)});
}

std::string_view SourceMap::text(Span span) const {
  const std::string_view all = *files_[span.file].text;
  const size_t begin = std::min<size_t>(span.begin, all.size());
  return all.substr(begin, std::max(span.end, span.begin) - span.begin);
}

Position SourceMap::Locate(FileId file, uint32_t offset) const {
  const File& source = files_[file];
  offset = std::min(offset, static_cast<uint32_t>(source.text->size()));
  const auto after = std::ranges::upper_bound(source.line_begins, offset);
  const auto line = static_cast<uint32_t>(after - source.line_begins.begin());
  const uint32_t begin = source.line_begins[line - 1];
  return {.line = line, .column = CountBefore(source, offset) - CountBefore(source, begin) + 1};
}

uint32_t SourceMap::CountBefore(const File& file, uint32_t offset) {
  const uint32_t block = offset / kBlockBytes;
  const auto rest = std::string_view(*file.text)
                        .substr(size_t{block} * kBlockBytes, offset - block * kBlockBytes);
  return file.code_points_before[block] + static_cast<uint32_t>(CountCodePoints(rest));
}

uint32_t SourceMap::line_count(FileId file) const {
  return static_cast<uint32_t>(files_[file].line_begins.size());
}

std::string_view SourceMap::line(FileId file, uint32_t line) const {
  const File& source = files_[file];
  if (line == 0 || line > source.line_begins.size()) return {};
  const uint32_t begin = source.line_begins[line - 1];
  const size_t end =
      line < source.line_begins.size() ? source.line_begins[line] - 1 : source.text->size();
  std::string_view rest = std::string_view(*source.text).substr(begin, end - begin);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

uint32_t SourceMap::line_begin(FileId file, uint32_t line) const {
  const File& source = files_[file];
  return source.line_begins[std::clamp<size_t>(line, 1, source.line_begins.size()) - 1];
}

}  // namespace wfc
