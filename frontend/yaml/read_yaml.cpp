// The only file that knows yaml-cpp: its events feed the builder, and its exceptions are caught
// here. yaml-cpp receives one document at a time, only after the byte gate and the scan, and with
// its aliases replaced, so that no input reaches it on which it would loop, exhaust memory or
// overlook an error.
#include <algorithm>
#include <istream>
#include <streambuf>

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "frontend/yaml/file_reader.h"
#include "frontend/yaml/scanner.h"
#include "frontend/yaml/syntax_advice.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // std::streambuf only reads it
    setg(begin, begin, begin + text.size());
  }
};

class Events : public YAML::EventHandler {
 public:
  explicit Events(Builder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { builder_.Null(anchor != 0); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}  // never called: Patch replaces them
  void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    builder_.Scalar(tag, anchor != 0, value);
  }
  void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    builder_.BeginList(style == YAML::EmitterStyle::Flow, tag, anchor != 0);
  }
  void OnSequenceEnd() override { builder_.EndList(); }
  void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    builder_.BeginMap(style == YAML::EmitterStyle::Flow, tag, anchor != 0);
  }
  void OnMapEnd() override { builder_.EndMap(); }

 private:
  Builder& builder_;
};

/// A message of our own, which says what to do, for a message of yaml-cpp that begins with
/// `reason`.
struct Wording {
  std::string_view reason;
  std::string_view message;
};
constexpr Wording kWordings[] = {
    {"illegal map value",
     "`:` is not allowed here; quote the text if the colon belongs to it, or check the "
     "indentation"},
    {"illegal block entry", "a `- ` entry is not allowed here; start it on a line of its own"},
    {"illegal map key", "a key is not allowed here; start it on a line of its own"},
    {"end of map flow not found", "expected `,` or `}` before this"},
    {"end of sequence flow not found", "expected `,` or `]` before this"},
    {"end of map not found",
     "expected `key: value` here, indented like the keys above; check colon and indentation"},
    {"end of sequence not found",
     "expected a `- ` entry here, indented like the entries above; check the indentation"},
    {"illegal tab", "a tab cannot indent; use spaces"},
    {"unknown escape character",
     "unknown escape in a double-quoted string; write `\\\\` for a backslash, or use single "
     "quotes"},
    {"bad character found while scanning hex", "an escape needs hexadecimal digits"},
    {"invalid unicode", "an escape names no Unicode character"},
    {"illegal document indicator", "`---` and `...` are not allowed inside a quoted string"},
    {"cannot set zero indentation", "the indentation of a block scalar must be 1 to 9"},
    {"unexpected character in block scalar",
     "only `+`, `-`, a digit or a comment may follow `|` or `>` in its line; put the text below"},
    {"cannot assign multiple tags", "a value can have only one tag"},
    {"cannot assign multiple anchors", "a value can have only one anchor"},
    {"unknown token", "this character cannot begin a value; quote the text"},
};

std::string Explain(std::string_view reason) {
  for (const Wording& wording : kWordings) {
    if (reason.starts_with(wording.reason)) return std::string(wording.message);
  }
  return fmt::format("not well-formed YAML: {}", reason);
}

SyntaxError Describe(const ScanError& error, std::string_view source) {
  SyntaxError out = {.begin = error.begin, .end = error.end, .message = {}};
  const std::string_view text = source.substr(error.begin, error.end - error.begin);
  switch (error.kind) {
    case ScanErrorKind::UnterminatedQuote:
      out.message = fmt::format("the string that {} opens is never closed", text.substr(0, 1));
      break;
    case ScanErrorKind::UnknownEscape:
      out.message = fmt::format("unknown escape `{}`; in double quotes `'` needs none", text);
      break;
    case ScanErrorKind::UnclosedBracket:
      out.message = fmt::format("the `{}` is never closed", text);
      break;
    case ScanErrorKind::WrongClose:
      out.message = fmt::format("the `{}` closes nothing that is open here", text);
      break;
    case ScanErrorKind::MismatchedClose:
      out.message = text == "}" ? "expected `]` before this `}`: a `[` is open"
                                : "expected `}` before this `]`: a `{` is open";
      break;
    case ScanErrorKind::CommaOutside:
      out.message =
          "a `,` is only allowed inside `{ }` or `[ ]`; quote the text if it begins with it";
      break;
    case ScanErrorKind::EmptyEntry:
      out.message = "there is nothing before this `,`; remove it, or write what is missing";
      break;
    case ScanErrorKind::ExplicitKey:
      out.message = "`? ` keys are not read; write `key: value`";
      break;
    case ScanErrorKind::ReservedCharacter:
      out.message = fmt::format("a value cannot begin with `{}`; quote the text", text);
      break;
    case ScanErrorKind::SecondDocument:
      out.message = "a second document begins here; a file holds one";
      break;
    case ScanErrorKind::TooDeep:
      out.message = fmt::format("maps and lists are nested deeper than {}", kMaxDepth);
      out.is_limit = true;
      break;
    case ScanErrorKind::TooMany:
      out.message = fmt::format(
          "the file has more than {} tokens; split it into several files, such as one per workflow "
          "in "
          "`workflows/`",
          kMaxTokens);
      out.is_limit = out.is_final = true;
      break;
  }
  return out;
}

/// Hides from yaml-cpp what it would misread: all of a broken scalar, and otherwise `?`.
void PatchScalar(std::span<char> scalar, bool is_broken) {
  for (char& c : scalar) {
    if (!IsSpace(c) && (is_broken || c == '?')) c = 'x';
  }
}

/// The slice as yaml-cpp receives it, of the same length so that its offsets stay valid. An alias
/// becomes an empty quoted string; a broken scalar, and a character that yaml-cpp would treat
/// differently from YAML 1.2, becomes `x`.
std::string Patch(std::string_view text, uint32_t base, const Scan& scan) {
  std::string patched(text);
  for (const Token& token : scan.tokens) {
    const std::span part = std::span(patched).subspan(token.begin - base, token.end - token.begin);
    if (token.kind == TokenKind::Alias) {
      std::ranges::fill(part, ' ');
      part[0] = part[1] = '"';
    } else if ((token.flags & (kBroken | kPatch)) != 0) {
      PatchScalar(part, (token.flags & kBroken) != 0);
    }
  }
  return patched;
}

}  // namespace

void FileReader::ReportRepairs(const Scan& scan, uint32_t limit) {
  for (const Repair& repair : scan.repairs) {
    if (repair.begin >= limit || !context_.MayReport()) return;
    const Span span = {.file = tree_.file(), .begin = repair.begin, .end = repair.end};
    const auto report = [&](auto message) {
      context_.sink.Report(message, span)
          .SetFix({.title = "quote the whole value",
                   .safety = diag::FixSafety::Safe,
                   .edits = {{.span = span,
                              .text = QuoteText(tree_.source().substr(
                                  repair.begin, repair.end - repair.begin))}}});
    };
    switch (repair.cut) {
      case Cut::Comment:
        report(diag::CutByComment);
        break;
      case Cut::CommentBefore:
        report(diag::CutBeforeExpression);
        break;
      case Cut::Flow:
        report(diag::BrokenInFlow);
        break;
      case Cut::Colon:
        report(diag::BrokenByColon);
        break;
      case Cut::Bang:
        report(diag::LeadingBang);
        break;
    }
  }
}

std::optional<SyntaxError> FileReader::ParseEvents(Slice slice, const Scan& scan,
                                                   std::string_view text, Builder& builder) {
  try {
    MemoryBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Events events(builder);
    // Only one document is read: after a stray indicator yaml-cpp would find the next document at
    // the same place, forever.
    if (parser.HandleNextDocument(events) || !scan.tokens.empty()) builder.Finish();
    return std::nullopt;
  } catch (const SyntaxError& error) {
    return error;
  } catch (const YAML::Exception& error) {
    const auto size = static_cast<uint32_t>(text.size());
    const auto at = slice.begin + (error.mark.pos < 0 ? 0 : static_cast<uint32_t>(error.mark.pos));
    return SyntaxError{.begin = std::min(at, slice.begin + size),
                       .end = std::min(at, slice.begin + size),
                       .message = Explain(error.msg)};
  }
}

/// The error of a slice that holds a control character. YAML has no place for one, but the entries
/// around it can be read.
std::optional<SyntaxError> FileReader::FindControl(Slice slice) const {
  if (bytes_ != Bytes::HoldControls) return std::nullopt;
  const auto found =
      FindControlCharacter(tree_.source().substr(slice.begin, slice.end - slice.begin));
  if (!found) return std::nullopt;
  const uint32_t at = slice.begin + static_cast<uint32_t>(found->at);
  return SyntaxError{.begin = at, .end = at + 1, .message = found->message, .is_limit = true};
}

FileReader::Part FileReader::ReadSlice(Slice slice) {
  if (std::optional<SyntaxError> control = FindControl(slice)) {
    return {.root = {}, .error = std::move(control)};
  }
  Scan scan = ScanYaml(tree_.source(), slice.begin, slice.end, context_.options.expression_keys);
  const Tree::Extent extent = tree_.extent();
  const size_t finding_count = context_.sink.diagnostics().size();
  const uint32_t counted = context_.finding_count;
  Part part;
  if (scan.error) {
    part.error = Describe(*scan.error, tree_.source());
  } else {
    std::string_view text = tree_.source().substr(slice.begin, slice.end - slice.begin);
    std::string patched;
    if (scan.needs_patch) text = patched = Patch(text, slice.begin, scan);
    ReportRepairs(scan, slice.end);
    Builder builder(context_, scan);
    part.error = ParseEvents(slice, scan, text, builder);
    part.root = builder.root();
  }
  if (part.error && scan.tab && part.error->begin >= *scan.tab) {
    // The tab is the cause of any error after it, because no line below has the indentation that it
    // seems to have.
    part.error = {.begin = *scan.tab,
                  .end = *scan.tab + 1,
                  .message = "a tab indents this line; YAML is indented with spaces alone",
                  .is_final = true};
  }
  if (part.error) {
    if (!part.error->is_final && !part.error->is_limit) {
      Advise(*part.error, scan, tree_.source(), context_.options.expression_keys);
    }
    part.root = {};
    tree_.Rollback(extent);
    auto& findings = context_.sink.mutable_diagnostics();
    findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(finding_count), findings.end());
    context_.finding_count = counted;
    context_.DropAnchors(extent);
  } else {
    auto& comments = tree_.mutable_comments();
    comments.insert(comments.end(), scan.comments.begin(), scan.comments.end());
  }
  return part;
}

Tree ReadYamlPart(const SourceMap& sources, Span part, diag::Sink& sink,
                  const ReadOptions& options) {
  const std::string_view source = sources.text(part.file);
  Tree tree(part.file, source);
  const Bytes bytes = CheckBytes(source, part, sink);
  if (bytes == Bytes::Refused) {
    tree.set_has_errors();
    return tree;
  }
  const bool has_mark = source.substr(part.begin).starts_with("\xEF\xBB\xBF");
  FileReader(tree, sink, options, bytes)
      .Run({.begin = part.begin + (has_mark ? 3 : 0), .end = part.end});
  return tree;
}

Tree ReadYaml(const SourceMap& sources, FileId file, diag::Sink& sink, const ReadOptions& options) {
  const size_t size = sources.text(file).size();
  const Span all = {
      .file = file, .begin = 0, .end = static_cast<uint32_t>(std::min<size_t>(size, 0xFFFFFFFF))};
  return ReadYamlPart(sources, all, sink, options);
}

Tree Read(const SourceMap& sources, FileId file, diag::Sink& sink, const ReadOptions& options) {
  if (sources.path(file).ends_with(".json")) return ReadJson(sources, file, sink);
  return ReadYaml(sources, file, sink, options);
}

}  // namespace wfc::yaml
