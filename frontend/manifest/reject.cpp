// Parser, wrong values: reports K003 or K004 with what to write instead and, where that is known, a
// fix. Called by the readers of fields, sections and stages.
#include <algorithm>

#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "ir/diag/messages.h"
#include "ir/support/suggest.h"

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

void Parser::ReportNotMap(const Section& section, std::string_view words) {
  const Tree& tree = *section.tree;
  if (tree.kind(section.node) == Kind::Poison) return;
  if (!section.id.empty()) return ReportKind(tree, section.node, section.id, "a map");
  sink_.Report(diag::WrongItem, tree.span(section.node), words, "a map",
               yaml::GetName(tree.kind(section.node)));
}

void Parser::ReportKind(const Tree& tree, NodeId node, std::string_view name,
                        std::string_view expected) {
  const std::string_view text = tree.kind(node) == Kind::String ? tree.text(node) : "";
  const size_t colon = text.find(':');
  const bool is_entry = expected.starts_with("a map") && colon != text.npos && colon > 0 &&
                        IsId(text.substr(0, colon), IdForm::Plain) && colon + 1 < text.size();
  const std::string why = is_entry ? fmt::format("{} (a space is missing after the colon of `{}:`)",
                                                 expected, text.substr(0, colon))
                                   : std::string(expected);
  sink_.Report(diag::WrongKind, tree.span(node), name, why, yaml::GetName(tree.kind(node)));
}

void Parser::ReportItem(const Tree& tree, NodeId node, std::string_view what, std::string_view key,
                        std::string_view expected) {
  const std::string_view article = what.starts_with('i') ? "an" : "a";
  sink_.Report(diag::WrongItem, tree.span(node), fmt::format("{} {} of `{}`", article, what, key),
               expected, yaml::GetName(tree.kind(node)));
}

void Parser::RejectKind(const Section& in, Field& field, std::string_view expected) {
  ReportKind(*in.tree, field.value, KeyName(in, field), expected);
  field.value = {};
}

void Parser::RejectValue(const Section& in, Field& field, std::string_view expected) {
  sink_.Report(diag::BadValue, in.tree->span(field.value), in.tree->text(field.value), expected);
  field.value = {};
}

std::string_view Parser::FindMeantWord(std::string_view wrong,
                                       std::span<const std::string_view> words,
                                       std::string_view type) {
  if (const std::string_view foreign = FindForeignWord(type, wrong); !foreign.empty())
    return foreign;
  Suggester suggester(wrong);
  for (const std::string_view word : words) suggester.Consider(word);
  return suggester.best();
}

void Parser::ReportWord(const Tree& tree, NodeId node, std::span<const std::string_view> words,
                        std::string_view type, std::string_view expected) {
  const std::string_view wrong = tree.text(node);
  const std::string_view meant = FindMeantWord(wrong, words, type);
  // A typing error is obvious beside the listed words, but another system's word may look unlike
  // them all: only then does the message name the word that was meant.
  const bool is_foreign = !FindForeignWord(type, wrong).empty();
  auto reported = sink_.Report(
      diag::BadValue, tree.span(node), wrong,
      is_foreign ? fmt::format("{}; did you mean `{}`?", expected, meant) : std::string(expected));
  constexpr size_t kMostListed = 10;
  if (words.size() > kMostListed) {
    reported.AddNote({}, fmt::format("one of {}", QuoteWords(words, " or ")));
  }
  if (meant.empty()) return;
  reported.SetFix({.title = fmt::format("write `{}`", meant),
                   .safety = diag::FixSafety::Unsafe,
                   .edits = {{.span = tree.span(node), .text = std::string(meant)}}});
}

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
