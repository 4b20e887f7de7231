// The form for people. A finding is shown as a header, followed by a snippet for its span and for
// each of its notes:
//
//   error[K001]: unknown key `aftr` in a stage; did you mean `after`?
//    --> wfc.yaml:7:5
//     |
//   7 |     aftr: [a]
//     |     ^^^^
//   help: rename the key to `after`
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ir/base/visible_text.h"
#include "ir/diag/display_line.h"
#include "ir/diag/render.h"

namespace wfc::diag {
namespace {

// Longest shown source line; longer ones are cut around the span.
constexpr uint32_t kMaxColumns = 120;
constexpr uint32_t kContextColumns = 40;  // columns kept before a span that is far to the right
constexpr uint32_t kMaxLineBytes = 1024;  // the bytes of a source line that are examined
constexpr uint32_t kMaxLines = 4;         // lines shown of a span over several lines

enum class Style : uint8_t { Error, Warning, Note, Help, Bold, Gutter };

std::string_view EscapeCode(Style style) {
  switch (style) {
    case Style::Error:
      return "\033[1;31m";
    case Style::Warning:
      return "\033[1;33m";
    case Style::Note:
      return "\033[1;36m";
    case Style::Help:
      return "\033[1;32m";
    case Style::Bold:
      return "\033[1m";
    case Style::Gutter:
      return "\033[1;34m";
  }
  return {};
}

Style StyleOf(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return Style::Error;
    case Severity::Warning:
      return Style::Warning;
    case Severity::Note:
      return Style::Note;
  }
  return Style::Note;
}

uint32_t DigitCount(uint32_t number) {
  return static_cast<uint32_t>(fmt::formatted_size("{}", number));
}

/// The columns [begin, end) of a line as shown.
struct ColumnRange {
  uint32_t begin;
  uint32_t end;
};

class TextRenderer {
 public:
  TextRenderer(const SourceMap& sources, Color color) : sources_(sources), color_(color) {}

  void AddFinding(const Diagnostic& finding) {
    gutter_ = GutterWidth(finding);
    const Style style = StyleOf(finding.severity);
    AddHeader(style, fmt::format("{}[{}]", GetName(finding.severity), GetInfo(finding.code).name),
              finding.message);
    AddSnippet(finding.span, style, '^');
    for (const Note& note : finding.notes) {
      AddHeader(Style::Note, "note", note.message);
      AddSnippet(note.span, Style::Note, '-');
    }
    if (finding.fix) AddFix(*finding.fix);
    out_ += '\n';
  }

  std::string&& Take() { return std::move(out_); }

 private:
  void AddStyled(Style style, std::string_view text) {
    if (color_ == Color::Never) {
      out_ += text;
      return;
    }
    out_ += EscapeCode(style);
    out_ += text;
    out_ += "\033[0m";
  }

  void AddHeader(Style style, std::string_view label, std::string_view message) {
    AddStyled(style, label);
    out_ += ": ";
    AddStyled(Style::Bold, VisibleText(message));
    out_ += '\n';
  }

  /// The width of the largest line number in all snippets of a finding.
  [[nodiscard]] uint32_t GutterWidth(const Diagnostic& finding) const {
    uint32_t width = 1;
    auto widen = [&](Span span) {
      if (!span.has_value()) return;
      width = std::max(width, DigitCount(sources_.Locate(span.file, span.end).line));
    };
    widen(finding.span);
    for (const Note& note : finding.notes) widen(note.span);
    return width;
  }

  void AddGutter(std::string_view number) {
    AddStyled(Style::Gutter, fmt::format("{:>{}} |", number, gutter_));
  }

  void AddSnippet(Span span, Style style, char mark) {
    if (!span.has_value()) return;
    const Position begin = sources_.Locate(span.file, span.begin);
    AddStyled(Style::Gutter, fmt::format("{:>{}}", "", gutter_) + "-->");
    out_ +=
        fmt::format(" {}:{}:{}\n", VisibleText(sources_.path(span.file)), begin.line, begin.column);
    AddGutter("");
    out_ += '\n';
    // A span that ends with a line break does not include the next line.
    const uint32_t last_byte = std::max(span.begin, span.end == 0 ? 0 : span.end - 1);
    const uint32_t last_line = sources_.Locate(span.file, last_byte).line;
    for (uint32_t line = begin.line; line <= last_line; ++line) {
      if (line - begin.line >= kMaxLines - 1 && line < last_line) {
        AddGutter("");
        out_ += " ...\n";
        line = last_line;
      }
      AddLine(span, line, style, mark);
    }
  }

  void AddLine(Span span, uint32_t line, Style style, char mark) {
    std::string_view source = sources_.line(span.file, line);
    uint32_t offset = sources_.line_begin(span.file, line);
    KeepNear(span.begin, source, offset);
    const DisplayLine shown = MakeDisplayLine(source);
    const ColumnRange marked = MarkedColumns(span, source, offset, shown);
    const ColumnRange window = WindowAround(marked, shown.columns.back());
    AddGutter(fmt::format("{}", line));
    if (!source.empty()) out_ += ' ' + Cut(shown.text, window, shown.columns.back());
    out_ += '\n';
    AddGutter("");
    const uint32_t shift = window.begin > 0 ? 1 : 0;  // for the `…` in front
    out_ += std::string(1 + shift + marked.begin - window.begin, ' ');
    const uint32_t end = std::min(marked.end, window.end);
    AddStyled(style, std::string(std::max(1U, end - std::min(end, marked.begin)), mark));
    out_ += '\n';
  }

  /// Narrows a line to the part near `place` that can be shown, so that a line of several megabytes
  /// costs no more than a short one.
  static void KeepNear(uint32_t place, std::string_view& line, uint32_t& offset) {
    size_t cut = 0;
    if (place > offset + kMaxLineBytes / 4) cut = place - offset - kMaxLineBytes / 4;
    cut = std::min(cut, line.size());
    while (cut > 0 && cut < line.size() && (line[cut] & 0xC0) == 0x80) --cut;
    offset += static_cast<uint32_t>(cut);
    line = line.substr(cut, kMaxLineBytes);
  }

  /// The columns of a line that the span covers, without the indentation of the span's later lines;
  /// at least one column.
  static ColumnRange MarkedColumns(Span span, std::string_view source, uint32_t offset,
                                   const DisplayLine& shown) {
    const auto size = static_cast<uint32_t>(source.size());
    uint32_t begin = span.begin > offset ? std::min(span.begin - offset, size) : 0;
    if (span.begin < offset) {
      while (begin < size && (source[begin] == ' ' || source[begin] == '\t')) ++begin;
    }
    const uint32_t end = std::clamp(span.end > offset ? span.end - offset : 0, begin, size);
    const uint32_t first = shown.columns[begin];
    return {.begin = first, .end = std::max(first + 1, shown.columns[end])};
  }

  static ColumnRange WindowAround(ColumnRange marked, uint32_t width) {
    if (width <= kMaxColumns) return {.begin = 0, .end = width + 1};
    uint32_t begin = 0;
    if (marked.end > kMaxColumns) {
      begin = marked.begin > kContextColumns ? marked.begin - kContextColumns : 0;
    }
    return {.begin = begin, .end = begin + kMaxColumns};
  }

  /// The part of `text` in the columns of `window`, with `…` where something was cut off.
  static std::string Cut(std::string_view text, ColumnRange window, uint32_t width) {
    if (window.begin == 0 && window.end > width) return std::string(text);
    const DisplayLine measured = MakeDisplayLine(text);
    const auto byte_at = [&](uint32_t column) {
      return static_cast<size_t>(std::ranges::lower_bound(measured.columns, column) -
                                 measured.columns.begin());
    };
    const size_t begin = byte_at(window.begin);
    const size_t end = std::min(text.size(), byte_at(window.end));
    return (window.begin > 0 ? "…" : "") + std::string(text.substr(begin, end - begin)) +
           (end < text.size() ? "…" : "");
  }

  void AddFix(const Fix& fix) {
    AddHeader(Style::Help, "help", fix.title);
    for (const Edit& edit : fix.edits) {
      if (std::ranges::count(edit.text, '\n') < 2) continue;  // the title already says everything
      AddInsertedLines(edit.text);
    }
  }

  void AddInsertedLines(std::string_view text) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      AddGutter("");
      out_ += ' ';
      AddStyled(Style::Help, "+ " + MakeDisplayLine(text.substr(0, end)).text);
      out_ += '\n';
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  const SourceMap& sources_;
  const Color color_;
  uint32_t gutter_ = 1;
  std::string out_;
};

}  // namespace

std::string RenderText(const std::vector<Diagnostic>& findings, const SourceMap& sources,
                       Color color) {
  TextRenderer renderer(sources, color);
  for (const Diagnostic& finding : findings) renderer.AddFinding(finding);
  return renderer.Take();
}

}  // namespace wfc::diag
