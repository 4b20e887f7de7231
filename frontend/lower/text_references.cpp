#include "frontend/lower/text_references.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/core.h>

#include "ir/base/ascii.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

using Names = std::vector<std::string_view>;

constexpr size_t kMaxNameBytes = 200;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The length in bytes of the identifier that `text` begins with; 0 if there is none.
size_t IdentifierLength(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return 0;
  size_t length = 1;
  while (length < text.size() && (IsLetter(text[length]) || IsDigit(text[length]))) ++length;
  return length;
}

/// The names in a path: "a", "b" and "c" for `a.b[0].c`. Nullopt if the text is not a path.
std::optional<Names> SplitPath(std::string_view text) {
  if (text.size() > kMaxNameBytes) return std::nullopt;
  Names names;
  while (true) {
    const size_t length = IdentifierLength(text);
    if (length == 0) return std::nullopt;
    names.push_back(text.substr(0, length));
    text.remove_prefix(length);
    while (text.starts_with('[')) {
      size_t end = 1;
      while (end < text.size() && IsDigit(text[end])) ++end;
      if (end == 1 || end >= text.size() || text[end] != ']') return std::nullopt;
      text.remove_prefix(end + 1);
    }
    if (text.empty()) return names;
    if (text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t-"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t-") + 1);
}

bool IsStageField(std::string_view name) {
  for (uint32_t i = 0; i < kStageFieldCount; ++i) {
    if (GetName(static_cast<StageField>(i)) == name) return true;
  }
  return false;
}

/// Finds the expression that a path of names would be in its scope.
class TextResolver {
 public:
  explicit TextResolver(Context& context) : context_(context), project_(context.project) {}

  /// The expression that the text probably means, such as "${stages.a.output}"; nullopt if it names
  /// nothing that is in scope.
  std::optional<std::string> Find(const TextReference& reference);

 private:
  std::optional<std::string> FindDotted(const Scope& scope, const Names& names,
                                        std::string_view path);
  std::optional<std::string> FindWord(const Scope& scope, std::string_view word,
                                      std::string_view path);
  bool IsStage(const Scope& scope, std::string_view name) const;
  bool IsInput(const Scope& scope, std::string_view name);
  bool IsTakenByCallee(const Scope& scope, std::string_view name);
  bool HasProperty(ir::SchemaId schema, std::string_view name) const;
  bool HasName(Range names, std::string_view name) const;
  bool IsVar(std::string_view name) const { return context_.vars.Has(project_.strings.Find(name)); }
  static bool IsRunField(const Scope& scope, std::string_view name);
  void FindGiven();
  void RecordRead(const Scope& scope, std::string_view name);
  void RecordStage(const Scope& scope, std::string_view name);

  Context& context_;
  ir::Project& project_;
  /// The arguments that stages pass, by callee; collected when first needed.
  std::set<std::tuple<ir::AgentId, ir::ToolId, StringId>> given_;
};

bool TextResolver::HasProperty(ir::SchemaId schema, std::string_view name) const {
  if (!schema.has_value()) return false;
  const auto properties = project_.schemas.FindProperties(schema);
  return properties && std::ranges::find(properties->names, name) != properties->names.end();
}

bool TextResolver::HasName(Range names, std::string_view name) const {
  const auto ids = ir::Project::View(project_.string_lists, names);
  return std::ranges::any_of(ids, [&](StringId id) { return project_.text(id) == name; });
}

/// Whether the callee has an argument `name`: one that it declares, that its fields read, or that a
/// stage passes to it.
bool TextResolver::IsTakenByCallee(const Scope& scope, std::string_view name) {
  if (scope.agent.has_value()) {
    const ir::Agent& agent = project_.agents[scope.agent];
    if (HasProperty(agent.input, name) || HasName(agent.input_names, name)) return true;
  }
  if (scope.tool.has_value()) {
    const ir::Tool& tool = project_.tools[scope.tool];
    if (HasProperty(tool.input, name) || HasName(tool.input_names, name)) return true;
  }
  const StringId id = project_.strings.Find(name);
  if (!id.has_value()) return false;
  if (given_.empty()) FindGiven();
  return given_.contains({scope.agent, scope.tool, id});
}

void TextResolver::FindGiven() {
  given_.insert({ir::AgentId(), ir::ToolId(), StringId()});  // never empty after the first call
  for (const ir::Stage& stage : project_.stages) {
    const ir::With* with = project_.FindWith(stage);
    if (with == nullptr) continue;
    for (const ir::Argument& argument : project_.arguments_of(*with)) {
      given_.insert({project_.agent_of(stage), project_.tool_of(stage), argument.name.text});
    }
  }
}

bool TextResolver::IsInput(const Scope& scope, std::string_view name) {
  if (scope.place == Place::Callee) return IsTakenByCallee(scope, name);
  return scope.workflow.has_value() && HasProperty(project_.workflows[scope.workflow].input, name);
}

bool TextResolver::IsStage(const Scope& scope, std::string_view name) const {
  if (!scope.workflow.has_value()) return false;
  const StringId id = project_.strings.Find(name);
  if (!id.has_value()) return false;
  const ir::StageId stage = context_.FindStage(scope.workflow, id);
  return stage.has_value() && stage != scope.stage &&
         IsVisible(project_, project_.stages[stage].body, scope.body);
}

bool TextResolver::IsRunField(const Scope& scope, std::string_view name) {
  for (uint32_t i = 0; i < kRunFieldCount; ++i) {
    const auto field = static_cast<RunField>(i);
    if (GetName(field) != name) continue;
    return field != RunField::Status || scope.is_cleanup;
  }
  return false;
}

void TextResolver::RecordRead(const Scope& scope, std::string_view name) {
  project_.text_reads.push_back(
      {.agent = scope.agent, .tool = scope.tool, .name = context_.Intern(name)});
}

void TextResolver::RecordStage(const Scope& scope, std::string_view name) {
  project_.text_reads.push_back(
      {.stage = context_.FindStage(scope.workflow, project_.strings.Find(name))});
}

/// The expression for a path that is written as in the language or nearly so: `inputs.x`,
/// `steps.x.output`.
std::optional<std::string> TextResolver::FindDotted(const Scope& scope, const Names& names,
                                                    std::string_view path) {
  const std::string_view root = names[0];
  const std::string_view rest = path.substr(root.size() + 1);
  const bool is_callee = scope.place == Place::Callee;
  if (root == "vars" && IsVar(names[1])) {
    project_.text_reads.push_back({.var = context_.vars.Find(project_.strings.Find(names[1]))});
    return fmt::format("${{{}}}", path);
  }
  if (root == "run" && names.size() == 2 && IsRunField(scope, names[1])) {
    return fmt::format("${{{}}}", path);
  }
  const bool is_input = root == "input" || root == "inputs" || root == "with";
  if (is_input && IsInput(scope, names[1])) {
    if (is_callee) RecordRead(scope, names[1]);
    return fmt::format("${{{}.{}}}", is_callee ? "with" : "input", rest);
  }
  const bool is_stage = (root == "stages" || root == "steps") && IsStage(scope, names[1]);
  if (is_stage && names.size() > 2 && IsStageField(names[2])) {
    RecordStage(scope, names[1]);
    return fmt::format("${{stages.{}}}", rest);
  }
  return std::nullopt;
}

/// The expression for a bare name, which in the `{{ … }}` of other systems is an input or a stage.
std::optional<std::string> TextResolver::FindWord(const Scope& scope, std::string_view word,
                                                  std::string_view path) {
  if (scope.place == Place::Callee) {
    if (!IsTakenByCallee(scope, word)) return std::nullopt;
    RecordRead(scope, word);
    return fmt::format("${{with.{}}}", path);
  }
  if (IsInput(scope, word)) return fmt::format("${{input.{}}}", path);
  if (!IsStage(scope, word)) return std::nullopt;
  const std::string_view rest = path.substr(word.size());
  const std::optional<Names> names = SplitPath(path);
  const bool names_field = names && names->size() > 1 && IsStageField((*names)[1]);
  if (!rest.empty() && !names_field) return std::nullopt;
  RecordStage(scope, word);
  return fmt::format("${{stages.{}{}}}", path, rest.empty() ? ".output" : "");
}

std::optional<std::string> TextResolver::Find(const TextReference& reference) {
  const std::optional<Names> names = SplitPath(reference.path);
  if (!names) return std::nullopt;
  if (names->size() > 1) {
    if (auto meant = FindDotted(reference.scope, *names, reference.path)) return meant;
  }
  if (!reference.is_braced) return std::nullopt;
  return FindWord(reference.scope, names->front(), reference.path);
}

/// Attaches the fix that writes the expression `meant`, in quotes if YAML requires them there. With
/// a sign it is unsafe: not every value has a negation.
void SetFix(diag::Reported& reported, const TextReference& reference, const std::string& meant) {
  const std::string_view quote = reference.needs_quotes ? "\"" : "";
  reported.SetFix(
      {.title = fmt::format("write `{}`", meant),
       .safety = reference.sign.empty() ? diag::FixSafety::Safe : diag::FixSafety::Unsafe,
       .edits = {{.span = reference.replaced, .text = fmt::format("{0}{1}{0}", quote, meant)}}});
}

/// What to write in place of a name in braces that begins with a word under which other systems
/// keep stages or the run's input; empty if the first name is no such word.
std::string AdviseForeign(const TextReference& reference, const Names& names) {
  static constexpr std::string_view kStages[] = {"jobs", "needs", "nodes", "steps", "tasks"};
  static constexpr std::string_view kInputs[] = {"inputs", "parameters", "params"};
  if (names.size() < 2) return {};
  if (std::ranges::find(kStages, names[0]) != std::end(kStages)) {
    return fmt::format("a stage is read as `${{stages.{}.output}}`", names[1]);
  }
  if (std::ranges::find(kInputs, names[0]) == std::end(kInputs)) return {};
  return reference.scope.place == Place::Callee
             ? fmt::format("an argument is read as `${{with.{}}}`", names[1])
             : fmt::format("the input of the run is read as `${{input.{}}}`", names[1]);
}

/// Reports a name of another system in braces, which names nothing of this project.
void ReportForeign(Context& context, const TextReference& reference) {
  const std::optional<Names> names = SplitPath(reference.path);
  const std::string advice =
      reference.is_braced && names ? AdviseForeign(reference, *names) : std::string();
  if (advice.empty()) return;
  context.sink.Report(diag::ForeignReference, reference.span, reference.written, names->front(),
                      advice);
}

}  // namespace

void WarnOfBracedNames(Context& context, const Scope& scope, std::string_view text,
                       const expr::SpanMapper& mapper) {
  for (size_t open = text.find("{{"); open != std::string_view::npos;
       open = text.find("{{", open + 2)) {
    const size_t close = text.find("}}", open);
    if (close == std::string_view::npos) return;
    if (open > 0 && text[open - 1] == '$') continue;
    std::string_view path = Trimmed(text.substr(open + 2, close - open - 2));
    if (path.starts_with('.') || path.starts_with('$')) path.remove_prefix(1);
    if (!SplitPath(path)) continue;
    const Span span = mapper.Map(static_cast<uint32_t>(open), static_cast<uint32_t>(close + 2));
    context.text_references.push_back({.scope = scope,
                                       .written = text.substr(open, close + 2 - open),
                                       .path = path,
                                       .is_braced = true,
                                       .needs_quotes = false,
                                       .span = span,
                                       .replaced = span});
  }
}

void WarnOfWholeName(Context& context, const Scope& scope, Located scalar) {
  if (scalar.kind() != yaml::Kind::String) return;
  const std::string_view text = scalar.text();
  std::string_view path = text;
  // A word of a command may begin with a dash, as `-input.size` does where it is an option.
  const bool has_sign = !scope.is_text && (path.starts_with('-') || path.starts_with('!'));
  const std::string_view sign = path.substr(0, has_sign ? 1 : 0);
  path.remove_prefix(sign.size());
  if (path.starts_with('$')) path.remove_prefix(1);
  const bool is_dotted = path.find('.') != std::string_view::npos && SplitPath(path).has_value();
  if (!is_dotted) return;
  TextReference reference{.scope = scope, .written = text, .sign = sign, .path = path};
  reference.span = scalar.span();
  reference.replaced = reference.span;
  const yaml::Style style = scalar.tree->style(scalar.node);
  reference.needs_quotes = style == yaml::Style::Plain;
  if (style == yaml::Style::Single || style == yaml::Style::Double) {
    ++reference.replaced.begin;
    --reference.replaced.end;
  }
  // A block scalar cannot be replaced by an expression, and the text of an alias is elsewhere.
  const bool can_be_replaced =
      style < yaml::Style::Literal && !scalar.tree->has_flag(scalar.node, yaml::kAliased);
  if (!can_be_replaced) reference.replaced = {};
  context.text_references.push_back(reference);
}

void ReportTextReferences(Context& context) {
  TextResolver resolver(context);
  for (const TextReference& reference : context.text_references) {
    std::optional<std::string> meant = resolver.Find(reference);
    if (!meant) {
      ReportForeign(context, reference);
      continue;
    }
    meant->insert(std::string_view("${").size(), reference.sign);
    diag::Reported reported =
        context.sink.Report(diag::TextReference, reference.span, reference.written, *meant);
    if (reference.replaced.has_value()) SetFix(reported, reference, *meant);
  }
}

}  // namespace wfc::lower
