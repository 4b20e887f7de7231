// Parser, values that other systems would accept: reports K003 or K004 with what to write here, and
// a fix where there is one.
#include <algorithm>

#include <fmt/format.h>

#include "frontend/manifest/parser.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

/// The list for a command that was written as text: `[make, build]` for `make build`.
std::string SplitCommand(std::string_view text) {
  std::string list = "[";
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return list + "]";
    const size_t end = std::min(text.find(' '), text.size());
    if (list.size() > 1) list += ", ";
    list += text.substr(0, end);
    text.remove_prefix(end);
  }
}

}  // namespace

void Parser::RejectKindWithFix(const Section& in, Field& field, std::string_view expected,
                               const std::string& meant) {
  const Tree& tree = *in.tree;
  auto reported =
      sink_.Report(diag::WrongKind, tree.span(field.value), KeyName(in, field),
                   fmt::format("{}: `{}`", expected, meant), yaml::GetName(tree.kind(field.value)));
  reported.SetFix({.title = fmt::format("write `{}`", meant),
                   .safety = diag::FixSafety::Unsafe,
                   .edits = {{.span = tree.span(field.value), .text = meant}}});
  field.value = {};
}

void Parser::RejectCommandText(const Section& in, Field& field) {
  const std::string_view text = in.tree->text(field.value);
  constexpr size_t kMostShown = 60;
  const bool is_plain = !text.empty() && text.size() <= kMostShown &&
                        text.find_first_of("|&;<>$`\"'\\*?~(){}[]#!,:=\n") == text.npos;
  constexpr std::string_view kExpected = "a list of words, the program first (there is no shell)";
  if (text.starts_with('-')) {
    return RejectKind(in, field, "a list of words, each after a dash and a blank, as in `- make`");
  }
  if (is_plain) return RejectKindWithFix(in, field, kExpected, SplitCommand(text));
  RejectKind(in, field,
             "a list of words, the program first (there is no shell): `[PROGRAM, WORD]`, one "
             "command per stage");
}

void Parser::RejectDuration(const Section& in, Field& field) {
  const Tree& tree = *in.tree;
  const std::string_view text = tree.text(field.value);
  std::string expected = "a duration such as `250ms`, `30s`, `10m`, `2h` or `30d`";
  const std::string meant = MakeDuration(text);
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789.") == text.npos;
  if (is_number) {
    const std::string_view whole = text.find('.') == text.npos ? text : std::string_view("5");
    expected =
        fmt::format("a duration: a whole number needs its unit, as in `{0}s` or `{0}m`", whole);
  } else if (!meant.empty()) {
    expected += fmt::format("; write `{}`", meant);
  }
  auto reported = sink_.Report(diag::BadValue, tree.span(field.value), text, expected);
  if (!is_number && !meant.empty()) {
    reported.SetFix({.title = fmt::format("write `{}`", meant),
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = tree.span(field.value), .text = meant}}});
  }
  field.value = {};
}

}  // namespace wfc::manifest
