// ScopeResolver, names that do not resolve: reports N010 or E011 and, for the names that other
// languages have in their expressions, what to write here.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

#include "frontend/lower/scope.h"
#include "frontend/manifest/decode.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

using expr::Resolution;
using expr::Segment;

namespace {

struct ForeignName {
  std::string_view foreign, here;
};

/// What other languages call a constant.
constexpr auto kConstants = std::to_array<ForeignName>({{"FALSE", "false"},
                                                        {"False", "false"},
                                                        {"NULL", "null"},
                                                        {"None", "null"},
                                                        {"Null", "null"},
                                                        {"TRUE", "true"},
                                                        {"True", "true"},
                                                        {"nil", "null"},
                                                        {"none", "null"},
                                                        {"undefined", "null"}});

struct ForeignStatus {
  std::string_view foreign;
  StageStatus here;
};

/// What other systems call the statuses of stages. A word that is also a status here has the same
/// meaning and is not listed.
constexpr auto kStatuses = std::to_array<ForeignStatus>({{"Failed", StageStatus::Failed},
                                                         {"Omitted", StageStatus::Skipped},
                                                         {"Skipped", StageStatus::Skipped},
                                                         {"Succeeded", StageStatus::Succeeded},
                                                         {"completed", StageStatus::Succeeded},
                                                         {"failure", StageStatus::Failed},
                                                         {"success", StageStatus::Succeeded}});

std::string_view FindStatus(std::string_view word) {
  const auto* found = std::ranges::find(kStatuses, word, &ForeignStatus::foreign);
  if (found != kStatuses.end()) return Spell(found->here);
  return ParseWord<StageStatus>(word) ? word : std::string_view();
}

/// Whether a field of this name says in other systems how a stage ended.
bool IsStatusField(std::string_view name) {
  return name == "result" || name == "status" || name == "outcome" || name == "conclusion" ||
         name == "phase";
}

/// What to write instead of the names under which other systems keep the input of a run, the
/// environment or the outputs of stages.
constexpr auto kAdvice = std::to_array<ForeignName>(
    {{"ENV", "a variable of the environment is a value of `vars`: `{env: NAME}`"},
     {"Date", "the start of the run is `run.started_at`"},
     {"Math", "the functions are `math.least`, `math.greatest`, `math.abs` and their like"},
     {"datetime", "the start of the run is `run.started_at`"},
     {"github",
      "what the run is given is read as `input.NAME`, and the environment through `vars`"},
     {"jobs", "a stage is read as `stages.ID.output`"},
     {"matrix", "what the run is given is read as `input.NAME`"},
     {"os", "a variable of the environment is a value of `vars`: `{env: NAME}`"},
     {"parameters", "what the run is given is read as `input.NAME`"},
     {"process", "a variable of the environment is a value of `vars`: `{env: NAME}`"},
     {"state", "a stage is read as `stages.ID.output`, and the run's input as `input.NAME`"},
     {"workflow",
      "what the run is given is read as `input.NAME`, and a stage as "
      "`stages.ID.output`"}});

template <size_t count>
std::string_view Find(const std::array<ForeignName, count>& rows, std::string_view name) {
  const auto* found = std::ranges::find(rows, name, &ForeignName::foreign);
  return found == rows.end() ? std::string_view() : found->here;
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view TrimmedEnd(std::string_view text) {
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view TrimmedBegin(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text;
}

bool IsEquality(std::string_view two) {
  return two == "==" || two == "!=";
}

/// Whether `before` ends inside a list that is the right operand of `in`: `in [`, then only simple
/// items.
bool EndsInsideList(std::string_view before) {
  constexpr size_t kMaxBack = 400;
  if (before.size() > kMaxBack) before.remove_prefix(before.size() - kMaxBack);
  const size_t open = before.rfind('[');
  if (open == std::string_view::npos) return false;
  const std::string_view items = before.substr(open + 1);
  if (items.find_first_of("](){}=<>&|?:") != std::string_view::npos) return false;
  const std::string_view word = TrimmedEnd(before.substr(0, open));
  return word.ends_with(" in") || word.ends_with(")in");
}

std::string Written(std::span<const Segment> chain) {
  std::string written;
  for (const Segment& segment : chain) {
    written += written.empty() ? "" : ".";
    written += segment.name;
  }
  return written;
}

}  // namespace

/// Whether the word at `span` is an operand of a comparison, as a text would be: of `==` or `!=`,
/// or in a list after `in`.
bool ScopeResolver::IsComparedWord(Span span) const {
  const std::string_view text = context_.sources.text(span.file);
  const std::string_view before = TrimmedEnd(text.substr(0, span.begin));
  const std::string_view after = TrimmedBegin(text.substr(span.end));
  if (before.size() >= 2 && IsEquality(before.substr(before.size() - 2))) return true;
  return IsEquality(after.substr(0, 2)) || EndsInsideList(text.substr(0, span.begin));
}

/// The path that reads `name` in this scope, if it is an input, an argument, a variable or a
/// secret.
std::optional<std::string> ScopeResolver::FindReadOf(std::string_view name) const {
  const ir::Project& project = context_.project;
  const auto has = [&](ir::SchemaId schema) {
    if (!schema.has_value()) return false;
    const auto properties = project.schemas.FindProperties(schema);
    return properties && std::ranges::find(properties->names, name) != properties->names.end();
  };
  if (scope_.place == Place::Callee) {
    const bool is_taken = (scope_.agent.has_value() && has(project.agents[scope_.agent].input)) ||
                          (scope_.tool.has_value() && has(project.tools[scope_.tool].input));
    if (is_taken) return fmt::format("with.{}", name);
  } else if (scope_.workflow.has_value() && has(project.workflows[scope_.workflow].input)) {
    return fmt::format("input.{}", name);
  }
  const StringId id = project.strings.Find(name);
  if (!id.has_value()) return std::nullopt;
  if (context_.vars.Has(id)) return fmt::format("vars.{}", name);
  if (scope_.sees_secrets && context_.secrets.Has(id)) return fmt::format("secret.{}", name);
  return std::nullopt;
}

Resolution ScopeResolver::ReportMeant(Span span, std::string_view name, std::string_view advice,
                                      std::string_view written) {
  if (context_.syntax.is_incomplete) return Resolution::Poison();
  diag::Reported reported =
      context_.sink.Report(diag::UndefinedName, span, "name", name, fmt::format("; {}", advice));
  if (!written.empty()) {
    reported.SetFix({.title = fmt::format("write `{}`", written),
                     .safety = diag::FixSafety::Unsafe,
                     .edits = {{.span = span, .text = std::string(written)}}});
  }
  return Resolution::Poison();
}

/// If the name at `span` is compared with another system's status, as in `== 'success'`, the edit
/// that writes this language's word instead; otherwise nullopt.
std::optional<diag::Edit> ScopeResolver::FindComparedStatus(Span span) const {
  const std::string_view text = context_.sources.text(span.file);
  std::string_view rest = TrimmedBegin(text.substr(span.end));
  if (!IsEquality(rest.substr(0, 2))) return std::nullopt;
  rest = TrimmedBegin(rest.substr(2));
  if (rest.empty() || (rest[0] != '\'' && rest[0] != '"')) return std::nullopt;
  const std::string_view word = rest.substr(1, rest.find(rest[0], 1) - 1);
  const std::string_view here = FindStatus(word);
  if (here.empty()) return std::nullopt;
  const auto begin = static_cast<uint32_t>(word.data() - text.data());
  const auto end = begin + static_cast<uint32_t>(word.size());
  return diag::Edit{.span = {span.file, begin, end}, .text = std::string(here)};
}

/// Reports a stage that is read as in other systems: `steps.build.outputs.x`.
Resolution ScopeResolver::ReportForeignStage(Chain chain) {
  const bool has_stage = chain.size() > 1;
  const std::string_view id = has_stage ? chain[1].name : "ID";
  const std::string_view field = chain.size() > 2 ? chain[2].name : std::string_view();
  const std::optional<diag::Edit> status =
      chain.size() == 3 && IsStatusField(field) ? FindComparedStatus(chain[2].span) : std::nullopt;
  const bool is_status =
      status || field == "outcome" || field == "conclusion" ||
      (field == "result" && (chain[0].name == "needs" || chain[0].name == "jobs"));
  std::string advice = fmt::format("; a stage is read as `stages.{}.output`", id);
  if (is_status) {
    advice = fmt::format("; how a stage ended is asked with `stages.{}.status == '{}'`", id,
                         status ? status->text : Spell(StageStatus::Succeeded));
  }
  auto reported =
      context_.sink.Report(diag::UndefinedName, chain[0].span, "name", chain[0].name, advice);
  if (!has_stage) return Resolution::Poison();
  diag::Fix fix = {.title = "write `stages`",
                   .safety = diag::FixSafety::Safe,
                   .edits = {{.span = chain[0].span, .text = "stages"}}};
  if (is_status) {
    fix.title = "write `status`";
    fix.safety = diag::FixSafety::Unsafe;
    if (field != "status") fix.edits.push_back({.span = chain[2].span, .text = "status"});
    if (status) fix.edits.push_back(*status);
  } else if (field == "outputs" || field == "result") {
    fix.edits.push_back({.span = chain[2].span, .text = "output"});
  }
  reported.SetFix(std::move(fix));
  return Resolution::Poison();
}

/// Reports the id of a stage without `stages.`, the most frequent mistake; false if the name is not
/// a stage.
bool ScopeResolver::ReportBareStage(Chain chain) {
  const Segment& segment = chain.front();
  if (!IsInWorkflow()) return false;
  const std::string_view word = WordAround(segment.span);
  const bool has_hyphen =
      word.find('-') != std::string_view::npos && word.starts_with(segment.name);
  const std::string meant = has_hyphen ? ms::MakeId(word, ms::IdForm::Plain) : "";
  if (has_hyphen && (NamesStage(word) || NamesStage(meant))) {
    const auto length = static_cast<uint32_t>(word.size());
    reported_ = {segment.span.file, segment.span.begin, segment.span.begin + length};
    context_.sink.Report(diag::UndefinedName, reported_, "name", word,
                         fmt::format("; a stage is read as `stages.{}.output`", meant));
    return true;
  }
  if (!NamesStage(segment.name)) return false;
  const bool has_field =
      chain.size() > 1 && (chain[1].name == "output" || chain[1].name == "status" ||
                           chain[1].name == "error" || chain[1].name == "attempts");
  diag::Reported reported =
      context_.sink.Report(diag::UndefinedName, segment.span, "name", segment.name,
                           fmt::format("; a stage is read as `stages.{}.output`", segment.name));
  reported.SetFix(
      {.title = fmt::format("write `stages.{}{}`", segment.name, has_field ? "" : ".output"),
       .safety = diag::FixSafety::Unsafe,
       .edits = {{.span = segment.span,
                  .text = fmt::format("stages.{}{}", segment.name, has_field ? "" : ".output")}}});
  return true;
}

/// Reports `secrets.API-KEY`, where neither the root nor the name can be read: the parser ends the
/// name at the hyphen. Null if that is not what is written.
std::optional<Resolution> ScopeResolver::ReportHyphenatedSecret(Chain chain) {
  if (chain.size() != 2 || (chain[0].name != "secrets" && chain[0].name != "secret")) return {};
  const std::string_view word = WordAround(chain[1].span);
  const std::string name = ms::MakeId(word, ms::IdForm::Upper);
  if (word.find('-') == std::string_view::npos || name.empty()) return {};
  const uint32_t begin = chain[0].span.begin;
  const auto end = chain[1].span.begin + static_cast<uint32_t>(word.size());
  reported_ = {chain[0].span.file, begin, end};
  const std::string_view written = context_.sources.text(reported_);
  const std::string meant = fmt::format("secret.{}", name);
  return ReportMeant(reported_, written, fmt::format("a secret is read as `{}`", meant), meant);
}

/// Reports a name that is probably a text without its quotes.
Resolution ScopeResolver::ReportUnquoted(const Segment& segment) {
  const std::string quoted = fmt::format("{0}{1}{0}", quote_ == 0 ? '"' : quote_, segment.name);
  const bool begins_scalar = quote_ == '"' && scalar_begin_ == segment.span.begin;
  const bool can_be_fixed = quote_ != 0 && !begins_scalar;
  return ReportMeant(segment.span, segment.name, fmt::format("text goes in quotes: `{}`", quoted),
                     can_be_fixed ? quoted : "");
}

Resolution ScopeResolver::ReportUnknownRoot(Chain chain) {
  const Segment& segment = chain.front();
  const std::string_view name = segment.name;
  if (reported_.has_value() && segment.span.begin < reported_.end) return Resolution::Poison();
  if (ReportBareStage(chain) || IsRestOfBadId(segment.span)) return Resolution::Poison();
  static constexpr std::string_view kStages[] = {"steps", "nodes", "tasks", "jobs", "needs"};
  if (IsInWorkflow() && std::ranges::find(kStages, name) != std::end(kStages)) {
    return ReportForeignStage(chain);
  }
  if (const auto reported = ReportHyphenatedSecret(chain)) return *reported;
  if (const std::string field = HyphenatedField(segment.span); !field.empty()) {
    return ReportMeant(segment.span, name,
                       fmt::format("a field with a hyphen is `[\"{}\"]`", field), "");
  }
  if (const std::optional<std::string> read = FindReadOf(name)) {
    return ReportMeant(segment.span, name, fmt::format("it is read as `{}`", *read), *read);
  }
  if (const std::string_view here = Find(kConstants, name); !here.empty() && chain.size() == 1) {
    return ReportMeant(segment.span, name, fmt::format("it is written `{}` here", here), here);
  }
  const std::string_view suggestion = SuggestRoot(name);
  const bool is_word = chain.size() == 1 && IsComparedWord(segment.span);
  if (is_word && suggestion.empty()) return ReportUnquoted(segment);
  if (const std::string_view advice = Find(kAdvice, name); !advice.empty()) {
    return ReportMeant(segment.span, name, advice, "");
  }
  if (suggestion.empty()) return ReportMeant(segment.span, name, NamesInSight(), "");
  ReportUndefined(context_, segment.span, "name", name, suggestion);
  return Resolution::Poison();
}

std::string_view ScopeResolver::NamesInSight() const {
  if (scope_.place == Place::Model) return "a model's fields see `vars` and `secret`";
  if (scope_.place == Place::Callee)
    return "the fields of agents and tools see `with`, `vars` and `run`";
  return "an expression begins with `input`, `stages`, `vars` or `run`; text goes in quotes";
}

/// Reports a name that is not in scope in the fields of an agent, a tool or a model. A stage can
/// pass its value to an agent or a tool in `with`.
Resolution ScopeResolver::ReportNotInCallee(Chain chain) {
  const Segment& first = chain.front();
  if (scope_.place == Place::Model) {
    return ReportIllegal(first, "a model's fields see `vars` and `secret` only");
  }
  constexpr std::string_view kSees =
      "the fields of agents and tools see `with`, `vars` and `run` only";
  if (chain.size() < 2) return ReportIllegal(first, kSees);
  const Segment& last = chain.back();
  const std::string_view name = first.name == "stages" ? chain[1].name : last.name;
  return ReportIllegal(first,
                       fmt::format("{0}: the stage passes it by `with: {{{1}: \"${{{2}}}\"}}`, "
                                   "and here it is `with.{1}`",
                                   kSees, name, Written(chain)));
}

/// The word that contains `span`, with hyphens as part of it: `build-docs` around `build`.
std::string_view ScopeResolver::WordAround(Span span) const {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  const std::string_view text = context_.sources.text(span.file);
  size_t begin = span.begin;
  size_t end = span.end;
  while (begin > 0 && is_part(text[begin - 1])) --begin;
  while (end < text.size() && is_part(text[end])) ++end;
  return text.substr(begin, end - begin);
}

/// Whether `span` is the part after the hyphen in a stage's id such as `stages.build-docs`: the
/// part before it has been reported.
bool ScopeResolver::IsRestOfBadId(Span span) const {
  const std::string_view word = WordAround(span);
  const std::string_view text = context_.sources.text(span.file);
  const auto begin = static_cast<size_t>(word.data() - text.data());
  if (word.find('-') == std::string_view::npos || begin == span.begin) return false;
  if (!text.substr(0, begin).ends_with("stages.")) return false;
  return NamesStage(word) || NamesStage(ms::MakeId(word, ms::IdForm::Plain));
}

/// The name of a field with a hyphen, if `span` is its part after the hyphen: "user-name" for
/// `name` in `input.user-name`. Otherwise empty.
std::string ScopeResolver::HyphenatedField(Span span) const {
  const std::string_view word = WordAround(span);
  const std::string_view text = context_.sources.text(span.file);
  const auto begin = static_cast<size_t>(word.data() - text.data());
  const bool is_rest = word.find('-') != std::string_view::npos && begin < span.begin &&
                       begin > 0 && text[begin - 1] == '.';
  return is_rest ? std::string(word) : std::string();
}

bool ScopeResolver::NamesStage(std::string_view name) const {
  const StringId id = context_.project.strings.Find(name);
  return id.has_value() && context_.FindStage(scope_.workflow, id).has_value();
}

}  // namespace wfc::lower
