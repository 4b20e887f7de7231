// Parser, unknown keys: reports K001 with the nearest key, or with this language's name for another
// system's key, and a fix. The key that was meant is then read, so that one mistake causes one
// finding.
#include <algorithm>

#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "ir/diag/messages.h"
#include "ir/support/suggest.h"

namespace wfc::manifest {
namespace {

using Form = ForeignForm;

/// Another system's number of retries or attempts as the value of `key`, which counts the attempts
/// after the first one. Empty if the number cannot be converted.
std::string RewriteCount(Form form, std::string_view key, int64_t count) {
  const bool counts_attempts = form == Form::Attempts;
  if (counts_attempts && count < 1) return {};
  const int64_t further = counts_attempts ? count - 1 : count;
  return key == "max" ? fmt::format("{}", further) : fmt::format("{{max: {}}}", further);
}

std::string RewriteValue(const ForeignKey& row, const yaml::Tree& tree, yaml::NodeId value) {
  const yaml::Kind kind = tree.kind(value);
  const std::string_view text = tree.text(value);
  const bool is_count =
      kind == yaml::Kind::Int && text.find_first_not_of("0123456789") == text.npos;
  switch (row.form) {
    case Form::Same:
      return {};
    case Form::Retries:
    case Form::Attempts:
      return is_count ? RewriteCount(row.form, row.key, tree.AsInt(value)) : std::string();
    case Form::Seconds:
      return is_count ? fmt::format("{}s", text) : std::string();
    case Form::Minutes:
      return is_count ? fmt::format("{}m", text) : std::string();
    case Form::Milliseconds:
      return is_count ? fmt::format("{}ms", text) : std::string();
    case Form::Delay:
      if (is_count) return fmt::format("{{initial: {}s}}", text);
      return ParseDuration(text) ? fmt::format("{{initial: {}}}", text) : std::string();
    case Form::Flag:
      if (kind != yaml::Kind::Bool) return {};
      return std::string(Spell(tree.AsBool(value) ? OnError::Continue : OnError::Fail));
  }
  return {};
}

/// Whether the value under another system's key is already written as this language requires, so
/// that only the key must be renamed: `retries: {max: 3}`, `timeout_sec: 30s`.
bool HasOurForm(const ForeignKey& row, const yaml::Tree& tree, yaml::NodeId value) {
  const bool is_map = tree.kind(value) == yaml::Kind::Map;
  switch (row.form) {
    case Form::Same:
      return true;
    case Form::Retries:
    case Form::Attempts:
      return is_map && row.key == "retry";
    case Form::Delay:
      return is_map;
    case Form::Seconds:
    case Form::Minutes:
    case Form::Milliseconds:
      return ParseDuration(tree.text(value)).has_value();
    case Form::Flag:
      return false;
  }
  return false;
}

std::string HintFor(const ForeignKey& row, const std::string& rewritten, std::string_view value) {
  std::string call = fmt::format("; it is called `{}` here", row.key);
  if (row.form == Form::Attempts) {
    std::string hint = row.key == "max" ? call : call + ", with `max`";
    hint += ", which counts further attempts";
    if (!rewritten.empty())
      hint +=
          fmt::format(": {} {} in all {} `{}: {}`", value, value == "1" ? "attempt" : "attempts",
                      value == "1" ? "is" : "are", row.key, rewritten);
    return hint;
  }
  if (row.form == Form::Delay && !rewritten.empty()) {
    return fmt::format("; write `{}: {}`", row.key, rewritten);
  }
  return call;
}

/// What to write in place of `tools` in a stage; empty if it is merely another name of `tool`.
std::string_view AdviseTools(const yaml::Tree& tree, yaml::NodeId value, bool calls_agent) {
  if (calls_agent)
    return "it belongs to the agent, and this version has no agents that call tools yet";
  const yaml::Kind kind = tree.kind(value);
  const bool is_collection = kind == yaml::Kind::List || kind == yaml::Kind::Map;
  return is_collection ? "a stage calls one tool: `tool: ID`" : std::string_view();
}

diag::Fix RenameFix(const yaml::Tree& tree, yaml::NodeId key, std::string_view name) {
  return {.title = fmt::format("write `{}`", name),
          .safety = diag::FixSafety::Safe,
          .edits = {{.span = tree.span(key), .text = std::string(name)}}};
}

}  // namespace

Parser::IntendedKey Parser::ReportUnknownKey(const Section& section, std::string_view table,
                                             std::string_view words, NodeId key, NodeId value) {
  const Tree& tree = *section.tree;
  const std::string_view wrong = tree.text(key);
  if (table == "Stage" && wrong == "name") return ReportStageName(section, key, value);
  if (table == "Stage" && wrong == "tools") {
    const std::string_view advice = AdviseTools(tree, value, HasKey(section, "agent"));
    if (!advice.empty()) {
      ReportAdvice(section, table, words, key, advice);
      return {.key = kAnyOneOfKey};
    }
  }
  if (const ForeignKey* row = FindForeign(table, wrong)) {
    return ReportForeignKey(section, *row, table, words, key, value);
  }
  const std::string_view advice = FindForeignAdvice(table.empty() ? "Capability" : table, wrong);
  if (!advice.empty()) return ReportAdvice(section, table, words, key, advice);
  Suggester suggester(wrong);
  constexpr size_t kShortestSlip = 3;  // any other short word is near a shorter one
  if (wrong.size() >= kShortestSlip) {
    for (const KeyInfo& info : FindKeys(table)) suggester.Consider(info.key);
  }
  if (table.empty()) {
    for (const std::string_view capability : WordsOf<Capability>()) suggester.Consider(capability);
  }
  // No suggestion may lead to the next error.
  const bool fits = FitsBeside(section, table, suggester.best());
  const std::string_view name = fits ? suggester.best() : std::string_view();
  const SectionAdvice section_advice = name.empty() ? AdviceFor(section, table) : SectionAdvice();
  if (const std::string_view callee = section_advice.callee; !callee.empty()) {
    sink_.Report(
        diag::UnknownKey, tree.span(key), wrong, words,
        fmt::format("; an argument of the {} goes into `with`: `with: {{{}: …}}`", callee, wrong));
    return {};
  }
  const std::string& choices = section_advice.choices;
  std::string hint = fits ? suggester.Phrase() : std::string();
  if (!choices.empty() && IsFirstWithoutChoice(section)) {
    hint = fmt::format("; {} needs one of {}", words, choices);
  }
  auto reported = sink_.Report(diag::UnknownKey, tree.span(key), wrong, words, hint);
  if (!choices.empty()) return {.key = kAnyOneOfKey};
  if (name.empty() || HasKey(section, name)) return {};
  reported.SetFix(RenameFix(tree, key, name));
  return {.key = name, .is_same_form = name == "stages" || name == "steps"};
}

/// Reports another system's key that has no counterpart here, with the advice what to do instead.
Parser::IntendedKey Parser::ReportAdvice(const Section& section, std::string_view table,
                                         std::string_view words, NodeId key,
                                         std::string_view advice) {
  const Tree& tree = *section.tree;
  sink_.Report(diag::UnknownKey, tree.span(key), tree.text(key), words,
               fmt::format("; {}", advice));
  // If the section also lacks a key of which one is required, that is not reported again: the
  // unknown key probably stands in its place.
  return {.key = AdviceFor(section, table).choices.empty() ? std::string_view() : kAnyOneOfKey};
}

/// Computed once per section, because a section may have many keys and all of them may be unknown.
const Parser::SectionAdvice& Parser::AdviceFor(const Section& section, std::string_view table) {
  if (advice_.tree != section.tree || advice_.node != section.node) {
    advice_ = {.tree = section.tree,
               .node = section.node,
               .callee = FindCallee(section, table),
               .choices = ListMissingOneOfKeys(section, table)};
  }
  return advice_;
}

/// "tool" or "agent" if the section is a stage that calls one and has no `with`; otherwise empty.
std::string_view Parser::FindCallee(const Section& section, std::string_view table) {
  if (table != "Stage" || HasKey(section, "with")) return {};
  if (HasKey(section, "tool")) return "tool";
  return HasKey(section, "agent") ? "agent" : std::string_view();
}

/// Whether this is the first call for the section: the keys of which one is required are listed at
/// the first unknown key of a section only.
bool Parser::IsFirstWithoutChoice(const Section& section) {
  const bool is_first = choices_listed_for_ != section.node;
  choices_listed_for_ = section.node;
  return is_first;
}

Parser::IntendedKey Parser::ReportForeignKey(const Section& section, const ForeignKey& row,
                                             std::string_view table, std::string_view words,
                                             NodeId key, NodeId value) {
  const Tree& tree = *section.tree;
  ForeignKey meant = row;
  const bool is_list = tree.kind(value) == Kind::List;
  if (row.key == "stages" && is_list) meant.key = "steps";
  if (HasOurForm(row, tree, value)) meant.form = Form::Same;
  const std::string rewritten = RewriteValue(meant, tree, value);
  auto reported = sink_.Report(diag::UnknownKey, tree.span(key), row.foreign, words,
                               HintFor(meant, rewritten, tree.text(value)));
  // Renaming would define it twice, or exchange one error for another.
  if (HasKey(section, meant.key) || !FitsBeside(section, table, meant.key)) return {};
  diag::Fix fix = RenameFix(tree, key, meant.key);
  if (meant.form == Form::Same) {
    reported.SetFix(std::move(fix));
    return {.key = meant.key, .is_same_form = true};
  }
  if (!rewritten.empty()) {
    fix.edits.push_back({.span = tree.span(value), .text = rewritten});
    reported.SetFix(std::move(fix));
  }
  return {.key = meant.key};
}

/// Reports `name` in a stage. A stage is named by its id, which is the key `id` in `steps` and the
/// stage's own key elsewhere.
Parser::IntendedKey Parser::ReportStageName(const Section& section, NodeId key, NodeId value) {
  const Tree& tree = *section.tree;
  if (stage_place_ != StagePlace::Step) {
    auto reported = sink_.Report(diag::UnknownKey, tree.span(key), "name", "a stage",
                                 "; text for people is called `description` here");
    if (!HasKey(section, "description")) reported.SetFix(RenameFix(tree, key, "description"));
    return {};
  }
  if (HasKey(section, "id")) return ReportNameBesideId(section, key);
  const std::string id = MakeId(tree.text(value), IdForm::Plain);
  auto reported =
      sink_.Report(diag::UnknownKey, tree.span(key), "name", "a step",
                   id.empty() ? "; it is called `id` here" : fmt::format("; write `id: {}`", id));
  if (id.empty()) return {};
  diag::Fix fix = RenameFix(tree, key, "id");
  if (id != tree.text(value)) fix.edits.push_back({.span = tree.span(value), .text = id});
  reported.SetFix(std::move(fix));
  return {};
}

Parser::IntendedKey Parser::ReportNameBesideId(const Section& section, NodeId key) {
  const bool is_described = HasKey(section, "description");
  auto reported = sink_.Report(
      diag::UnknownKey, section.tree->span(key), "name", "a step",
      is_described ? "; its `id` is its name, and `description` is the text for people: "
                     "leave this out"
                   : "; its `id` is its name, and text for people is called "
                     "`description` here");
  if (!is_described) reported.SetFix(RenameFix(*section.tree, key, "description"));
  return {};
}

/// If none of the keys of which one is required is present, lists them for messages; empty if one
/// is present or some unknown key is close to one of them.
std::string Parser::ListMissingOneOfKeys(const Section& section, std::string_view table) const {
  if (table == "Stage" && stage_place_ == StagePlace::Defaults) return {};
  std::vector<std::string_view> choices;
  for (const KeyInfo& info : FindKeys(table)) {
    if (info.need != Need::OneOf) continue;
    if (HasKey(section, info.key)) return {};
    if (info.since == Since::Now) choices.push_back(info.key);
  }
  const Tree& tree = *section.tree;
  const auto entries = tree.children(section.node);
  for (size_t i = 0; i < entries.size() && !choices.empty(); i += 2) {
    const std::string_view key = tree.text(entries[i]);
    Suggester suggester(key);
    for (const std::string_view choice : choices) suggester.Consider(choice);
    const ForeignKey* foreign = FindForeign(table, key);
    const bool is_meant =
        !suggester.best().empty() ||
        (foreign != nullptr && std::ranges::find(choices, foreign->key) != choices.end());
    if (is_meant) return {};
  }
  return choices.empty() ? std::string() : QuoteWords(choices, " or ");
}

/// Whether the key `name` may stand beside the keys of which the section has one: it is not another
/// of them, and it applies to the one that is there.
bool Parser::FitsBeside(const Section& section, std::string_view table, std::string_view name) {
  const std::string_view owners = FindApplicable(table, name);
  const auto keys = FindKeys(table);
  const auto found = std::ranges::find(keys, name, &KeyInfo::key);
  const bool is_choice = found != keys.end() && found->need == Need::OneOf;
  if (!is_choice && owners.empty()) return true;
  return std::ranges::none_of(keys, [&](const KeyInfo& info) {
    const bool is_there = info.need == Need::OneOf && HasKey(section, info.key);
    return is_there && (is_choice || !IsAmongWords(owners, info.key));
  });
}

bool Parser::HasKey(const Section& section, std::string_view name) {
  return section.tree->FindKey(section.node, name).has_value();
}

}  // namespace wfc::manifest
