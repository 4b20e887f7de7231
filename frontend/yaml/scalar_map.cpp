// Maps are made on demand: only scalars that contain expressions, or into which a finding points,
// are ever mapped.
#include "frontend/yaml/scalar_map.h"

#include <algorithm>

#include "ir/base/utf8.h"

namespace wfc::yaml {
namespace {

class FlowDecoder {
 public:
  FlowDecoder(std::string_view source, uint32_t begin, uint32_t end, Style style)
      : source_(source), at_(begin), end_(end), style_(style) {
    if (style == Style::Plain) return;
    ++at_;
    if (end_ > at_) --end_;
  }

  DecodedScalar Run() {
    while (at_ < end_) {
      const char c = source_[at_];
      if (c == '\n' || (c == '\r' && at_ + 1 < end_ && source_[at_ + 1] == '\n')) {
        out_.text.resize(kept_);
        Fold(/*joint=*/' ');
      } else if (c == '\\' && style_ == Style::Double) {
        Escape();
      } else {
        Copy(c);
      }
    }
    return std::move(out_);
  }

 private:
  void Copy(char c) {
    StartRun(at_);
    out_.text += c;
    if (c != ' ' && c != '\t') kept_ = out_.text.size();
    at_ += c == '\'' && style_ == Style::Single ? 2 : 1;
  }

  /// Skips a line break together with the empty lines and the indentation that follow. A single
  /// break becomes `joint`, or nothing if `joint` is 0; of several breaks all but one are kept.
  void Fold(char joint) {
    StartRun(at_);
    uint32_t breaks = 0;
    while (at_ < end_ && std::string_view(" \t\r\n").find(source_[at_]) != std::string_view::npos) {
      breaks += source_[at_++] == '\n' ? 1 : 0;
    }
    if (breaks > 1) {
      out_.text.append(breaks - 1, '\n');
    } else if (joint != 0) {
      out_.text += joint;
    }
    kept_ = out_.text.size();
  }

  void Escape() {
    StartRun(at_);
    const char c = at_ + 1 < end_ ? source_[at_ + 1] : '\\';
    if (c == '\n' || c == '\r') {
      ++at_;
      return Fold(/*joint=*/0);
    }
    static constexpr std::string_view kNames = "0abt\tnvfre \"/\\N_LP";
    static constexpr char32_t kValues[] = {0,    7,   8,   9,   9,    10,   11,   12,     13,
                                           0x1B, ' ', '"', '/', '\\', 0x85, 0xA0, 0x2028, 0x2029};
    const size_t name = kNames.find(c);
    if (name != std::string_view::npos) {
      AppendUtf8(out_.text, kValues[name]);
      at_ += 2;
    } else {
      Hex(c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0);
    }
    kept_ = out_.text.size();
  }

  void Hex(uint32_t digits) {
    at_ += 2;
    char32_t value = Digits(digits);
    const bool is_high = value >= 0xD800 && value < 0xDC00;
    if (is_high && source_.substr(at_, 2) == "\\u") {  // a surrogate pair, as JSON writes it
      at_ += 2;
      const char32_t low = Digits(4);
      value = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
                                            : U'\uFFFD';
    }
    const bool valid = value < 0xD800 || (value > 0xDFFF && value <= 0x10FFFF);
    AppendUtf8(out_.text, valid && digits > 0 ? value : U'\uFFFD');
  }

  char32_t Digits(uint32_t count) {
    char32_t value = 0;
    for (uint32_t i = 0; i < count && at_ < end_; ++i, ++at_) {
      const char c = source_[at_];
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      value = value * 16 + static_cast<char32_t>(digit & 15);
    }
    return value;
  }

  /// Records that the next byte of the text comes from offset `source` of the file.
  void StartRun(uint32_t source) {
    const auto text = static_cast<uint32_t>(out_.text.size());
    if (!out_.runs.empty()) {
      TextRun& last = out_.runs.back();
      if (source - last.source == text - last.text) return;
      if (last.text == text) {
        last.source = source;
        return;
      }
    }
    out_.runs.push_back({.text = text, .source = source});
  }

  std::string_view source_;
  uint32_t at_;
  uint32_t end_;
  Style style_;
  size_t kept_ = 0;  // length of the text that folding must not trim, such as escaped blanks
  DecodedScalar out_;
};

uint32_t Locate(const std::vector<TextRun>& runs, uint32_t offset, uint32_t begin, uint32_t end) {
  const auto after = std::ranges::upper_bound(runs, offset, {}, &TextRun::text);
  if (after == runs.begin()) return begin;
  const TextRun& run = *(after - 1);
  const uint32_t limit = after == runs.end() ? end : after->source;
  return std::min(run.source + (offset - run.text), limit);
}

}  // namespace

DecodedScalar DecodeFlowScalar(std::string_view source, uint32_t begin, uint32_t end, Style style) {
  return FlowDecoder(source, begin, end, style).Run();
}

std::vector<TextRun> MapBlockScalar(std::string_view source, uint32_t begin, uint32_t end,
                                    uint32_t indent, std::string_view text) {
  std::vector<TextRun> runs;
  uint32_t done = 0;
  size_t line = source.find('\n', begin);
  while (line != std::string_view::npos && line + 1 < end) {
    ++line;
    const auto line_end = static_cast<uint32_t>(std::min<size_t>(source.find('\n', line), end));
    const auto content = std::min(static_cast<uint32_t>(line) + indent, line_end);
    uint32_t length = line_end - content;
    if (length > 0 && source[line_end - 1] == '\r') --length;
    if (length > 0) {
      if (done < text.size() && !runs.empty() && text[done] == ' ') ++done;
      while (done < text.size() && text[done] == '\n') ++done;
      runs.push_back({.text = done, .source = content});
      done += length;
    }
    line = source.find('\n', line);
  }
  return runs;
}

ScalarMap::ScalarMap(const Tree& tree, NodeId scalar) : node_(tree.node(scalar)) {
  is_mapped_ = (node_.flags & kDecoded) != 0 && (node_.flags & kAliased) == 0;
  if (!is_mapped_) return;
  const bool is_block = node_.style == Style::Literal || node_.style == Style::Folded;
  end_ = is_block || node_.style == Style::Plain ? node_.end : node_.end - 1;
  runs_ = is_block ? MapBlockScalar(tree.source(), node_.begin, node_.end, node_.indent,
                                    tree.text(scalar))
                   : DecodeFlowScalar(tree.source(), node_.begin, node_.end, node_.style).runs;
}

uint32_t ScalarMap::Find(uint32_t offset) const {
  offset = std::min(offset, node_.count);
  if ((node_.flags & kDecoded) == 0) return node_.first + offset;
  return is_mapped_ ? Locate(runs_, offset, node_.begin, end_) : node_.begin;
}

uint32_t SourceOffset(const Tree& tree, NodeId scalar, uint32_t offset) {
  return ScalarMap(tree, scalar).Find(offset);
}

}  // namespace wfc::yaml
