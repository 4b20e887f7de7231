// Parser, every section by fields.def: assigns each key to its member and calls the reader of its
// type, then checks that the required keys are present.
#include <algorithm>
#include <type_traits>

#include "llvm/ADT/SmallVector.h"
#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {

// A key with `Now` is stored in its member and its value is read; a key with `Later` is reported as
// L001. Where the value is missing (which has been reported), only the key is stored.
#define WFC_READ_Now(type, member) \
  out.member.key = key;            \
  out.member.value = value;        \
  if (value.has_value()) Read##type(out, out.member)
#define WFC_READ_Later(type, member) ReportLater(out, kWords, name, key)
// Rows of other sections are discarded at compile time.
#define WFC_FIELD(section, key_text, member, type, need, since, owners, help) \
  if constexpr (std::is_same_v<S, section##Syntax>) {                         \
    if (name == key_text) {                                                   \
      WFC_READ_##since(type, member);                                         \
      return true;                                                            \
    }                                                                         \
  }

// NOLINTBEGIN(readability-function-size): the body is the expanded table.
template <class S>
bool Parser::ReadKeyOf(S& out, std::string_view name, NodeId key, NodeId value) {
  [[maybe_unused]] constexpr std::string_view kWords = SectionName<S>::kWords;
#include "frontend/manifest/fields.def"
  return false;
}
// NOLINTEND(readability-function-size)

#define WFC_SECTION(section, pool, words)                                                       \
  bool Parser::ReadKey(section##Syntax& out, std::string_view name, NodeId key, NodeId value) { \
    return ReadKeyOf(out, name, key, value);                                                    \
  }
#include "frontend/manifest/sections.def"

namespace {

/// Puts a key before the noun of a section's name: "a stage" with `map` becomes "a `map` stage",
/// with `approval` "an `approval` stage".
std::string Qualify(std::string_view words, std::string_view key) {
  const bool is_vowel =
      std::string_view("aeio").find(key[0]) != std::string_view::npos || key.starts_with("http");
  return fmt::format("{} `{}` {}", is_vowel ? "an" : "a", key, words.substr(words.find(' ') + 1));
}

bool IsOneOf(std::string_view table, std::string_view name) {
  return std::ranges::any_of(FindKeys(table), [&](const KeyInfo& info) {
    return info.key == name && info.need == Need::OneOf;
  });
}

/// The supported keys among those of which exactly one must be present.
std::vector<std::string_view> ListChoices(std::span<const KeyInfo> keys) {
  std::vector<std::string_view> choices;
  for (const KeyInfo& info : keys) {
    if (info.need == Need::OneOf && info.since == Since::Now) choices.push_back(info.key);
  }
  return choices;
}

Span NameSpan(const Section& section) {
  return section.tree->span(section.name.has_value() ? section.name : section.node);
}

std::vector<std::string_view> SplitWords(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

}  // namespace

void Parser::ReportLater(Section& section, std::string_view words, std::string_view name,
                         NodeId key) {
  std::string construct = fmt::format("`{}` of {}", name, words);
  if (words == SectionName<ProjectSyntax>::kWords)
    construct = fmt::format("the section `{}`", name);
  if (words == SectionName<StageSyntax>::kWords) {
    const bool is_own = !FindApplicable("Stage", name).empty();
    // A verb that is not supported yet has been reported; its own keys need no further report.
    if (is_own && static_cast<StageSyntax&>(section).has_later_verb) return;
    if (IsOneOf("Stage", name)) construct = Qualify(words, name);
  }
  if (words == SectionName<ToolSyntax>::kWords && IsOneOf("Tool", name)) {
    construct = Qualify(words, name);
  }
  section.is_unsupported = true;
  auto reported = sink_.Report(diag::Unsupported, section.tree->span(key), construct);
  const NodeId value = section.tree->FindValue(section.node, name);
  const bool has_parts = value.has_value() && section.tree->entry_count(value) > 0;
  if (has_parts) reported.AddNote({}, "its contents are not checked either");
}

void Parser::CheckNeeds(const Section& section, std::span<const KeyInfo> needed,
                        std::string_view words, OneOfRule rule,
                        std::span<const std::string_view> meant) {
  const Tree& tree = *section.tree;
  const auto is_meant = [&](const KeyInfo& info) {
    return !meant.empty() && std::ranges::find(meant, info.key) != meant.end();
  };
  if (std::ranges::find(meant, kAnyOneOfKey) != meant.end()) rule = OneOfRule::Unchecked;
  const bool is_complete = !tree.has_flag(section.node, yaml::kIncomplete);
  // Most keys that are not there differ in length from all that are.
  const auto bit_of = [](size_t length) { return uint64_t{1} << std::min<size_t>(length, 63); };
  uint64_t lengths = 0;
  const auto entries = tree.children(section.node);
  for (size_t i = 0; i < entries.size(); i += 2) lengths |= bit_of(tree.text(entries[i]).size());
  llvm::SmallVector<NodeId, 4> chosen;
  for (const KeyInfo& info : needed) {
    if (is_meant(info)) {
      if (info.need == Need::OneOf) rule = OneOfRule::Unchecked;
      continue;
    }
    const bool may_be_there = (lengths & bit_of(info.key.size())) != 0;
    const NodeId key = may_be_there ? tree.FindKey(section.node, info.key) : NodeId();
    if (info.need == Need::OneOf) {
      if (key.has_value()) chosen.push_back(key);
    } else if (!key.has_value() && is_complete) {
      sink_.Report(diag::MissingKey, NameSpan(section), words, info.key);
    }
  }
  if (rule == OneOfRule::Unchecked) return;
  if (chosen.size() > 1) {
    std::ranges::sort(chosen, {}, [&](NodeId key) { return tree.node(key).begin; });
    sink_
        .Report(diag::SeveralOf, tree.span(chosen[1]), tree.text(chosen[0]), tree.text(chosen[1]),
                words)
        .AddNote(tree.span(chosen[0]), "the other one");
  } else if (chosen.empty() && is_complete) {
    const std::vector<std::string_view> choices = ListChoices(needed);
    if (choices.empty()) return;
    sink_.Report(diag::NoneOf, NameSpan(section), words, QuoteWords(choices, " or "));
  }
}

void Parser::CheckApplicability(const Section& section, std::string_view table,
                                std::string_view owner, std::string_view noun) {
  const Tree& tree = *section.tree;
  const auto entries = tree.children(section.node);
  for (size_t i = 0; i < entries.size(); i += 2) {
    const std::string_view owners = FindApplicable(table, tree.text(entries[i]));
    if (owners.empty() || IsAmongWords(owners, owner)) continue;
    sink_.Report(diag::MisplacedKey, tree.span(entries[i]), tree.text(entries[i]),
                 QuoteWords(SplitWords(owners), " or "), noun, owner);
  }
}

void Parser::ReadDefaults(Section& in, DefaultsField& field) {
  ReadPart(in, field, syntax_.defaults);
}

void Parser::ReadExecution(Section& in, ExecutionField& field) {
  ReadPart(in, field, syntax_.executions);
}

void Parser::ReadSecurity(Section& in, SecurityField& field) {
  ReadPart(in, field, syntax_.securities);
}

void Parser::ReadSpecs(Section& in, SpecsField& field) {
  ReadPart(in, field, syntax_.specs);
}

void Parser::ReadGrants(Section& in, GrantsField& field) {
  ReadParts(in, field, syntax_.grants);
}

void Parser::ReadCapabilities(Section& in, CapabilitiesField& field) {
  ReadPart(in, field, syntax_.capabilities);
}

void Parser::ReadToolLimits(Section& in, ToolLimitsField& field) {
  ReadPart(in, field, syntax_.tool_limits);
}

void Parser::ReadAgent(Section& in, AgentField& field) {
  ReadPart(in, field, syntax_.agents);
}

void Parser::ReadModelMembers(Section& in, ModelMembersField& field) {
  ReadParts(in, field, syntax_.model_members);
  const bool is_empty = field.present() && in.tree->entry_count(field.value) == 0;
  if (!is_empty) return;
  sink_.Report(diag::BadValue, in.tree->span(field.value), "[]",
               "a list of at least one model, such as `[{provider: scripted}]`");
  field.value = {};
}

void Parser::ReadBackoff(Section& in, BackoffField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) == Kind::Map) return ReadPart(in, field, syntax_.backoffs);
  const std::string_view text = in.tree->text(field.value);
  std::string meant;
  if (text == "exponential") meant = "{factor: 2}";
  if (text == "linear" || text == "constant" || text == "fixed") meant = "{factor: 1}";
  if (ParseDuration(text)) meant = fmt::format("{{initial: {}}}", text);
  auto reported =
      sink_.Report(diag::WrongKind, in.tree->span(field.value), KeyName(in, field),
                   meant.empty() ? std::string("a map such as `{initial: 1s, factor: 2, max: 30s}`")
                                 : fmt::format("a map: `{}`", meant),
                   yaml::GetName(in.tree->kind(field.value)));
  if (!meant.empty()) {
    reported.SetFix({.title = fmt::format("write `{}`", meant),
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = in.tree->span(field.value), .text = meant}}});
  }
  field.value = {};
}

void Parser::ReadRetry(Section& in, RetryField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) == Kind::Map) {
    ReadPart(in, field, syntax_.retries);
    RetrySyntax& retry = syntax_.retries.all[field.id];
    const bool fits = !retry.max.present() || (retry.max.decoded >= 0 && retry.max.decoded <= 100);
    return CheckRange(retry, retry.max, fits, "a number of further attempts from 0 to 100");
  }
  if (in.tree->text(field.value) != "never") {
    const bool is_count =
        in.tree->kind(field.value) == Kind::Int && in.tree->AsInt(field.value) > 0;
    if (is_count) {
      return RejectKindWithFix(in, field,
                               "`never`, or a map whose `max` is the number of further attempts",
                               fmt::format("{{max: {}}}", in.tree->text(field.value)));
    }
    return RejectKind(in, field, "`never`, or a map: `{max: 2}` for two further attempts");
  }
  RetrySyntax retry = MakeSection<RetrySyntax>(*in.tree, field.key, field.value);
  retry.is_never = true;
  field.id = syntax_.retries.all.Add(retry);
}

}  // namespace wfc::manifest
