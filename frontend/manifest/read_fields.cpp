// Parser, scalars and lists of scalars: one reader for each such type of fields.def.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "ir/base/builtin_tools.h"
#include "ir/base/sizes.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

/// The words that `security.mode` accepts: the modes and `safe_mode`.
constexpr auto kModes = [] {
  std::array<std::string_view, kCountOf<Mode> + 1> words;
  std::ranges::copy(WordsOf<Mode>(), words.begin());
  words.back() = kSafeMode;
  return words;
}();

/// Whether `text` contains a `${` that is not escaped as `$${`.
bool HasExpression(std::string_view text) {
  for (size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    if (at == 0 || text[at - 1] != '$') return true;
  }
  return false;
}

bool IsValueScalar(yaml::Kind kind) {
  return kind == yaml::Kind::Bool || kind == yaml::Kind::Int || kind == yaml::Kind::BigInt ||
         kind == yaml::Kind::Double || kind == yaml::Kind::String;
}

bool IsGrantTarget(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::optional<ScopeKind> kind = ParseWord<ScopeKind>(text.substr(0, colon));
  const std::string_view name = text.substr(colon + 1);
  if (kind == ScopeKind::Stage)
    return IsId(name, IdForm::Dotted) && name.find('.') != std::string_view::npos;
  if (kind == ScopeKind::Tool) return IsId(name, IdForm::Dotted);
  const bool is_plain = kind == ScopeKind::Workflow || kind == ScopeKind::Agent;
  return is_plain && IsId(name, IdForm::Plain);
}

/// The integer that a number or a text was meant to be: "1" for `1.0`, `"1"` and `v1`. Empty if
/// there is none.
std::string_view FindMeantInteger(const yaml::Tree& tree, yaml::NodeId node) {
  const yaml::Kind kind = tree.kind(node);
  if (kind != yaml::Kind::Double && kind != yaml::Kind::String) return {};
  std::string_view text = tree.text(node);
  if (text.starts_with('v')) text.remove_prefix(1);
  if (text.ends_with(".0")) text.remove_suffix(2);
  constexpr size_t kMostDigits = 9;
  const bool is_integer = !text.empty() && text.size() <= kMostDigits &&
                          text.find_first_not_of("0123456789") == std::string_view::npos &&
                          (text == "0" || text[0] != '0');
  return is_integer ? text : std::string_view();
}

/// The stage that a text refers to where only its id belongs: "a" for `stages.a`, `a.output` or
/// `${stages.a.output}`. Empty if `text` has none of these forms.
std::string_view FindReadStage(std::string_view text) {
  const std::string_view whole = text;
  if (text.starts_with("${") && text.ends_with('}')) text = text.substr(2, text.size() - 3);
  if (text.starts_with("stages.")) text.remove_prefix(7);
  if (text.starts_with("steps.")) text.remove_prefix(6);
  text = text.substr(0, text.find('.'));
  return text.size() < whole.size() && IsId(text, IdForm::Plain) ? text : std::string_view();
}

/// What to write instead of a text that is not an id, for messages: "a list of ids: `[a, b]`" for
/// `a, b`, "an id; write `a`" for `stages.a`. Empty if nothing better than the rule can be said.
std::string DescribeIds(std::string_view text) {
  if (const std::string_view id = FindReadStage(text); !id.empty()) {
    return fmt::format("an id; write `{}`", id);
  }
  if (text.empty() || HasExpression(text)) return "an id";
  std::string list;
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(", "), text.size()));
    const std::string_view id = text.substr(0, text.find_first_of(", "));
    if (!id.empty() && !IsId(id, IdForm::Plain)) return "";
    if (!id.empty()) list += (list.empty() ? "" : ", ") + std::string(id);
    text.remove_prefix(id.size());
  }
  return list.find(',') == std::string::npos ? ""
                                             : fmt::format("an id; write a list: `[{}]`", list);
}

}  // namespace

std::string_view Parser::KeyName(const Section& in, const Field& field) const {
  return field.key.has_value() ? in.tree->text(field.key) : std::string_view("this");
}

bool Parser::IsReadable(const Section& in, Field& field) const {
  if (in.tree->kind(field.value) != Kind::Poison) return true;
  field.value = {};
  return false;
}

void Parser::CheckRange(const Section& in, Field& field, bool is_inside,
                        std::string_view expected) {
  if (field.present() && !is_inside) RejectValue(in, field, expected);
}

// The values that follow may be anything; the phase that uses them checks them.
void Parser::ReadAny(Section&, Field&) {}
void Parser::ReadValue(Section& in, Field& field) {
  (void)IsReadable(in, field);
}
void Parser::ReadValueOrMap(Section& in, Field& field) {
  (void)IsReadable(in, field);
}
void Parser::ReadConstant(Section& in, Field& field) {
  (void)IsReadable(in, field);
}

void Parser::ReadExpression(Section& in, Field& field) {
  if (!IsReadable(in, field) || IsValueScalar(in.tree->kind(field.value))) return;
  RejectKind(in, field, "an expression");
}

void Parser::ReadSchema(Section& in, Field& field) {
  if (!IsReadable(in, field)) return;
  const Kind kind = in.tree->kind(field.value);
  if (kind == Kind::String || kind == Kind::Map || kind == Kind::Bool) return;
  RejectKind(in, field, "a schema: an id, a type word or a map such as `{fields: {NAME: TYPE}}`");
}

void Parser::ReadPrompt(Section& in, Field& field) {
  if (!IsReadable(in, field) || in.tree->kind(field.value) == Kind::String) return;
  RejectKind(in, field, "text, or a path that ends in .md");
}

void Parser::ReadArgv(Section& in, Field& field) {
  static constexpr std::string_view kExpected =
      "a list of words, the program first (there is no shell)";
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) == Kind::String) return RejectCommandText(in, field);
  if (in.tree->kind(field.value) != Kind::List || in.tree->entry_count(field.value) == 0) {
    return RejectKind(in, field, kExpected);
  }
  for (const NodeId word : in.tree->children(field.value)) {
    if (in.tree->kind(word) == Kind::Poison || IsValueScalar(in.tree->kind(word))) continue;
    ReportItem(*in.tree, word, "word", KeyName(in, field), "text");
    field.value = {};
    return;
  }
}

void Parser::ReadValueMap(Section& in, Field& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::Map)
    return RejectKind(in, field, "a map of names to text: `{NAME: text}`");
  const auto entries = in.tree->children(field.value);
  for (size_t i = 0; i < entries.size(); i += 2) {
    const Kind kind = in.tree->kind(entries[i + 1]);
    if (kind == Kind::Poison || IsValueScalar(kind)) continue;
    ReportKind(*in.tree, entries[i + 1], in.tree->text(entries[i]), "text");
    field.value = {};
    return;
  }
}

template <class Check>
void Parser::ReadTextList(Section& in, Field& field, std::string_view item_expected,
                          std::string_view expected, Check check) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  const NodeId whole = field.value;
  const bool is_list = tree.kind(whole) == Kind::List;
  if (!is_list && tree.kind(whole) != Kind::String) return RejectKind(in, field, expected);
  const std::span<const NodeId> items = is_list ? tree.children(whole) : std::span(&whole, 1);
  for (const NodeId item : items) {
    if (tree.kind(item) == Kind::Poison) continue;
    if (tree.kind(item) != Kind::String) {
      ReportItem(tree, item, "item", KeyName(in, field), item_expected);
      field.value = {};
    } else if (const std::string wrong = check(tree.text(item)); !wrong.empty()) {
      sink_.Report(diag::BadValue, tree.span(item), tree.text(item), wrong);
      field.value = {};
    }
  }
}

void Parser::ReadTexts(Section& in, Field& field) {
  ReadTextList(in, field, "text", "text or a list of texts", [](std::string_view text) {
    return HasExpression(text) ? std::string("literal text; expressions are not read here") : "";
  });
}

void Parser::ReadReferences(Section& in, Field& field) {
  ReadTextList(in, field, "an id", "an id or a list of ids", DescribeIds);
}

void Parser::ReadWords(Section& in, Field& field, std::span<const std::string_view> words,
                       std::string_view what, std::string_view type) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  const NodeId whole = field.value;
  const bool is_list = tree.kind(whole) == Kind::List;
  const std::string expected = fmt::format("{} or a list of them", what);
  if (!is_list && !IsValueScalar(tree.kind(whole))) return RejectKind(in, field, expected);
  const std::span<const NodeId> items = is_list ? tree.children(whole) : std::span(&whole, 1);
  for (const NodeId item : items) {
    if (tree.kind(item) == Kind::Poison) continue;
    if (!IsValueScalar(tree.kind(item))) {
      ReportItem(tree, item, "item", KeyName(in, field), what);
      field.value = {};
    } else if (std::ranges::find(words, tree.text(item)) == words.end()) {
      constexpr size_t kMostListed = 10;
      ReportWord(tree, item, words, type,
                 words.size() <= kMostListed ? fmt::format("one of {}", QuoteWords(words, " or "))
                                             : std::string(what));
      field.value = {};
    }
  }
}

void Parser::ReadErrorCodes(Section& in, Field& field) {
  ReadWords(in, field, WordsOf<FailureCode>(), "an error code", "ErrorCode");
}

void Parser::ReadModes(Section& in, Field& field) {
  ReadWords(in, field, kModes, "a mode", "Mode");
  const bool is_empty = field.present() && in.tree->kind(field.value) == Kind::List &&
                        in.tree->entry_count(field.value) == 0;
  if (!is_empty) return;
  sink_.Report(diag::BadValue, in.tree->span(field.value), "[]",
               fmt::format("a list of at least one of {}", QuoteWords(kModes, " or ")));
  field.value = {};
}

void Parser::ReadIntegers(Section& in, Field& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::List) return RejectKind(in, field, "a list of integers");
  for (const NodeId item : in.tree->children(field.value)) {
    if (in.tree->kind(item) == Kind::Poison) continue;
    if (in.tree->kind(item) != Kind::Int) {
      ReportItem(*in.tree, item, "item", KeyName(in, field), "an integer");
      field.value = {};
      return;
    }
    const int64_t code = in.tree->AsInt(item);
    if (code >= 0 && code <= 255) continue;
    sink_.Report(diag::BadValue, in.tree->span(item), in.tree->text(item),
                 "an exit code, 0 to 255");
    field.value = {};
    return;
  }
}

void Parser::ReadPatterns(Section& in, Field& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::Map) {
    return RejectKind(in, field,
                      "a map of capabilities to lists of patterns: `{exec: [make], fs.read: "
                      "[\"src/**\"]}`");
  }
  const auto entries = in.tree->children(field.value);
  for (size_t i = 0; i < entries.size(); i += 2) {
    const std::string_view name = in.tree->text(entries[i]);
    if (!ParseWord<Capability>(name)) {
      ReportUnknownKey(in, "", "the capabilities", entries[i], entries[i + 1]);
      continue;
    }
    Field patterns = {.key = entries[i], .value = entries[i + 1]};
    ReadTexts(in, patterns);
  }
}

bool Parser::ReadScalarText(Section& in, Field& field, std::string_view& text) {
  if (!IsReadable(in, field)) return false;
  if (in.tree->kind(field.value) != Kind::String) {
    RejectKind(in, field, "text");
    return false;
  }
  text = in.tree->text(field.value);
  if (!HasExpression(text)) return true;
  RejectValue(in, field, "literal text; expressions are not read here");
  return false;
}

void Parser::ReadText(Section& in, TextField& field) {
  (void)ReadScalarText(in, field, field.decoded);
}

void Parser::ReadReference(Section& in, ReferenceField& field) {
  const bool is_collection = field.present() && (in.tree->kind(field.value) == Kind::Map ||
                                                 in.tree->kind(field.value) == Kind::List);
  if (is_collection) {
    const std::string_view key = KeyName(in, field);
    const bool is_stage = key == "agent" || key == "tool";
    return RejectKind(in, field,
                      is_stage ? fmt::format("the id of one that stands under `{}s`", key)
                               : std::string("an id"));
  }
  if (ReadScalarText(in, field, field.decoded) && field.decoded.empty()) {
    RejectValue(in, field, "an id");
  }
}

void Parser::ReadEnvironmentName(Section& in, EnvironmentNameField& field) {
  if (!ReadScalarText(in, field, field.decoded)) return;
  if (!IsId(field.decoded, IdForm::Variable)) {
    RejectValue(in, field, "the name of an environment variable");
  }
}

void Parser::ReadGrantTarget(Section& in, GrantTargetField& field) {
  if (!ReadScalarText(in, field, field.decoded)) return;
  if (!IsGrantTarget(field.decoded)) {
    RejectValue(in, field, "`workflow:ID`, `stage:WORKFLOW.PATH`, `agent:ID` or `tool:ID`");
  }
}

void Parser::ReadBuiltin(Section& in, BuiltinField& field) {
  if (!ReadScalarText(in, field, field.decoded)) return;
  if (std::ranges::find(BuiltinToolNames(), field.decoded) == BuiltinToolNames().end()) {
    ReportWord(*in.tree, field.value, BuiltinToolNames(), "Builtin",
               fmt::format("a built-in tool: {}", QuoteWords(BuiltinToolNames(), " or ")));
    field.value = {};
  }
}

void Parser::ReadBool(Section& in, BoolField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::Bool) return RejectKind(in, field, "`true` or `false`");
  field.decoded = in.tree->AsBool(field.value);
}

void Parser::ReadInteger(Section& in, IntegerField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::Int) {
    const std::string_view meant = FindMeantInteger(*in.tree, field.value);
    if (meant.empty()) return RejectKind(in, field, "an integer");
    return RejectKindWithFix(in, field, "an integer", std::string(meant));
  }
  field.decoded = in.tree->AsInt(field.value);
}

void Parser::ReadNumber(Section& in, NumberField& field) {
  if (!IsReadable(in, field)) return;
  const Kind kind = in.tree->kind(field.value);
  if (kind != Kind::Int && kind != Kind::Double) return RejectKind(in, field, "a number");
  field.decoded = in.tree->AsDouble(field.value);
  const bool is_temperature = KeyName(in, field) == "temperature";
  if (is_temperature) {
    return CheckRange(in, field, field.decoded >= 0 && field.decoded <= 2, "a number from 0 to 2");
  }
  CheckRange(in, field, field.decoded >= 1 && field.decoded <= 1000, "a factor from 1 to 1000");
}

template <class T>
void Parser::ReadQuantity(Section& in, Decoded<T>& field,
                          std::optional<T> (*parse)(std::string_view), std::string_view expected) {
  if (!IsReadable(in, field)) return;
  if (!IsValueScalar(in.tree->kind(field.value))) return RejectKind(in, field, expected);
  const std::optional<T> quantity = parse(in.tree->text(field.value));
  if (!quantity) return RejectValue(in, field, expected);
  field.decoded = *quantity;
}

void Parser::ReadCount(Section& in, CountField& field) {
  ReadQuantity(in, field, ParseCount, "a count such as `20`, `200k` or `1M`");
  CheckRange(in, field, field.decoded >= 1, "a count of at least 1");
}

void Parser::ReadSize(Section& in, SizeField& field) {
  ReadQuantity(in, field, ParseSize, "a size such as `64KiB` or `10MB`");
  CheckRange(in, field, field.decoded <= kMostStdoutBytes,
             fmt::format("a size of at most {}MiB", kMostStdoutBytes >> 20));
}

void Parser::ReadDuration(Section& in, DurationField& field) {
  const bool is_scalar = field.present() && IsValueScalar(in.tree->kind(field.value));
  if (is_scalar && !ParseDuration(in.tree->text(field.value))) return RejectDuration(in, field);
  ReadQuantity(in, field, ParseDuration, "a duration such as `250ms`, `30s`, `10m`, `2h` or `30d`");
  const bool may_be_zero = KeyName(in, field) == "initial";
  CheckRange(in, field, field.decoded > 0 || may_be_zero, "a duration greater than zero");
}

template <class E>
void Parser::ReadWord(Section& in, Decoded<E>& field, std::span<const std::string_view> words,
                      std::string_view type) {
  if (!IsReadable(in, field)) return;
  const bool is_scalar = IsValueScalar(in.tree->kind(field.value));
  const std::string_view text = in.tree->text(field.value);
  if (is_scalar && std::ranges::find(words, text) != words.end()) {
    if (const std::optional<E> word = ParseWord<E>(text)) field.decoded = *word;
    return;
  }
  const std::string expected = words.size() == 1
                                   ? QuoteWords(words, " or ")
                                   : fmt::format("one of {}", QuoteWords(words, " or "));
  if (!is_scalar) return RejectKind(in, field, expected);
  ReportWord(*in.tree, field.value, words, type, expected);
  field.value = {};
}

void Parser::ReadMode(Section& in, ModeField& field) {
  ReadWord(in, field, kModes, "Mode");
  if (field.present() && in.tree->text(field.value) == kSafeMode) field.decoded = Mode::DryRun;
}

void Parser::ReadRisk(Section& in, RiskField& field) {
  ReadWord(in, field, WordsOf<Risk>(), "Risk");
}
void Parser::ReadEffect(Section& in, EffectField& field) {
  ReadWord(in, field, WordsOf<Effect>(), "Effect");
}
void Parser::ReadTrust(Section& in, TrustField& field) {
  ReadWord(in, field, WordsOf<Trust>(), "Trust");
}
void Parser::ReadParse(Section& in, ParseField& field) {
  ReadWord(in, field, WordsOf<OutputParse>(), "Parse");
}
void Parser::ReadJoin(Section& in, JoinField& field) {
  ReadWord(in, field, WordsOf<Join>(), "Join");
}
void Parser::ReadFormats(Section& in, FormatsField& field) {
  ReadWord(in, field, WordsOf<Formats>(), "Formats");
}

void Parser::ReadOnFailure(Section& in, OnFailureField& field) {
  ReadWord(in, field, WordsOf<OnFailure>(), "OnFailure");
}
void Parser::ReadEngine(Section& in, EngineField& field) {
  ReadWord(in, field, WordsOf<Engine>(), "Engine");
}
void Parser::ReadAgentKind(Section& in, AgentKindField& field) {
  ReadWord(in, field, WordsOf<AgentKind>(), "AgentKind");
}
void Parser::ReadProvider(Section& in, ProviderField& field) {
  ReadWord(in, field, WordsOf<Provider>(), "Provider");
}

}  // namespace wfc::manifest
