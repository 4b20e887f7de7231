// K001: the nearest key, or what a key of another system is called here, with a fix.
#include <fmt/format.h>

#include "frontend/manifest/parser.h"
#include "ir/support/suggest.h"

namespace wfc::manifest {

void Parser::ReportUnknownKey(const Section& section, std::string_view table,
                              std::string_view words, NodeId key, NodeId value) {
  const Tree& tree = *section.tree;
  const std::string_view wrong = tree.text(key);
  const std::string_view foreign = FindForeignKey(table, wrong);
  std::string hint;
  std::string_view name = foreign;
  if (!foreign.empty()) {
    hint = fmt::format("; it is called `{}` here", foreign);
  } else {
    Suggester suggester(wrong);
    for (const KeyInfo& info : FindKeys(table)) suggester.Consider(info.key);
    if (table.empty()) {
      for (const std::string_view capability : Capabilities()) suggester.Consider(capability);
    }
    hint = suggester.Phrase();
    name = suggester.best();
  }
  auto reported = sink_.Report(diag::UnknownKey, tree.span(key), wrong, words, hint);
  if (name.empty()) return;
  if (auto fix = FixForeignKey(section, key, value, name)) reported.SetFix(std::move(*fix));
}

std::optional<diag::Fix> Parser::FixForeignKey(const Section& section, NodeId key, NodeId value,
                                               std::string_view name) const {
  const Tree& tree = *section.tree;
  const auto entries = tree.children(section.node);
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (tree.text(entries[i]) == name) return std::nullopt;  // it would stand twice
  }
  const std::string_view wrong = tree.text(key);
  diag::Fix fix = {.title = fmt::format("write `{}`", name),
                   .safety = diag::FixSafety::Safe,
                   .edits = {{.span = tree.span(key), .text = std::string(name)}}};
  const auto replace = [&](std::string text) {
    fix.edits.push_back({.span = tree.span(value), .text = std::move(text)});
    return fix;
  };
  // Where the other system's value has another form, it is rewritten too.
  const Kind kind = tree.kind(value);
  const bool is_flag = kind == Kind::Bool;
  if (name == "retry") {
    if (kind == Kind::Int) return replace(fmt::format("{{max: {}}}", tree.text(value)));
    return kind == Kind::Map ? std::optional(fix) : std::nullopt;
  }
  if (name == "on_error" && is_flag) return replace(tree.AsBool(value) ? "continue" : "fail");
  if (name == "timeout" && kind == Kind::Int && wrong != name) {
    return replace(fmt::format("{}{}", tree.text(value), wrong.ends_with("minutes") ? "m" : "s"));
  }
  return fix;
}

}  // namespace wfc::manifest
