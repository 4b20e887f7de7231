#include "frontend/lower/schemas.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/types/vm/describe.h"

namespace wfc::lower {

namespace {

/// The span of a finding at `pointer`: that of a scalar, but only the key of a collection, because
/// a collection may be long.
Span PointerSpan(Located root, std::string_view pointer) {
  Located place = FollowPointer(root, pointer);
  if (place.tree->IsScalar(place.node) || pointer.empty()) return place.span();
  size_t slash = pointer.rfind('/');
  Located parent = FollowPointer(root, pointer.substr(0, slash));
  std::string_view last = pointer.substr(slash);
  yaml::NodeId key = parent.tree->FindKey(parent.node, types::TakePointerStep(last));
  return key.has_value() ? parent.tree->span(key) : place.span();
}

/// An entry of a map: `key` is the index of its key among the map's children, which are keys and
/// values alternately.
struct MapEntryPlace {
  Located map;
  size_t key = 0;
  [[nodiscard]] yaml::NodeId child(size_t index) const {
    return map.tree->children(map.node)[index];
  }
};

std::optional<MapEntryPlace> FindMapEntry(Located root, std::string_view pointer) {
  if (pointer.empty()) return std::nullopt;
  const size_t slash = pointer.rfind('/');
  MapEntryPlace place = {.map = FollowPointer(root, pointer.substr(0, slash))};
  if (place.map.kind() != yaml::Kind::Map) return std::nullopt;
  std::string_view last = pointer.substr(slash);
  const yaml::NodeId key = place.map.tree->FindKey(place.map.node, types::TakePointerStep(last));
  if (!key.has_value()) return std::nullopt;
  const auto children = place.map.tree->children(place.map.node);
  place.key = static_cast<size_t>(std::ranges::find(children, key) - children.begin());
  return place;
}

/// The span of an entry, including the separator between it and the next entry or, for the last
/// one, the previous entry: deleting the span leaves a well-formed map.
Span SpanOfEntry(const MapEntryPlace& entry) {
  const yaml::Tree& tree = *entry.map.tree;
  Span span = tree.span(entry.child(entry.key));
  span.end = tree.span(entry.child(entry.key + 1)).end;
  const size_t count = tree.children(entry.map.node).size();
  if (entry.key + 2 < count) {
    span.end = tree.span(entry.child(entry.key + 2)).begin;
  } else if (entry.key > 0) {
    span.begin = tree.span(entry.child(entry.key - 1)).end;
  }
  return span;
}

/// Indents the lines of a block map by one more level, except the first.
std::string Indent(std::string_view text) {
  std::string indented;
  for (const char c : text) {
    indented += c;
    if (c == '\n') indented += "  ";
  }
  return indented;
}

bool IsJson(const Context& context, Located place) {
  return context.sources.path(place.tree->file()).ends_with(".json");
}

/// `text`, a value in YAML, as JSON; nullopt if it is a collection, which is not converted.
std::optional<std::string> AsJson(const std::string& text) {
  if (text.empty() || text[0] == '"') return text;
  const bool is_collection = text[0] == '{' || text[0] == '[';
  if (is_collection) return std::nullopt;
  const bool is_number = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
  return is_number ? text : fmt::format("\"{}\"", text);
}

std::optional<diag::Edit> MakeWrap(const Context& context, Located map, std::string_view key) {
  const Span span = map.span();
  const std::string_view text = map.tree->source().substr(span.begin, span.end - span.begin);
  // An alias of a block map stands on one line, as a flow map does.
  const bool is_alias = map.tree->has_flag(map.node, yaml::kAliased);
  if (is_alias || map.tree->style(map.node) == yaml::Style::Flow) {
    const std::string_view quote = IsJson(context, map) ? "\"" : "";
    return diag::Edit{.span = span, .text = fmt::format("{{{0}{1}{0}: {2}}}", quote, key, text)};
  }
  const size_t line = map.tree->source().rfind('\n', span.begin) + 1;
  const std::string indent(span.begin - line + 2, ' ');
  return diag::Edit{.span = span, .text = fmt::format("{}:\n{}{}", key, indent, Indent(text))};
}

/// The edit that replaces the value at `pointer` by `text`; nullopt if there is no such value.
std::optional<diag::Edit> MakeSet(const Context& context, Located root, std::string_view pointer,
                                  std::string text) {
  const Located place = FollowPointer(root, pointer);
  const std::optional<MapEntryPlace> entry = FindMapEntry(root, pointer);
  const bool is_there = entry || place.tree->IsScalar(place.node);
  if (!is_there) return std::nullopt;
  if (IsJson(context, root)) {
    std::optional<std::string> json = AsJson(text);
    if (!json) return std::nullopt;
    text = *std::move(json);
  }
  const Span span = entry ? entry->map.tree->span(entry->child(entry->key + 1)) : place.span();
  return diag::Edit{.span = span, .text = std::move(text)};
}

std::optional<diag::Edit> MakeEdit(const Context& context, Located root,
                                   const types::SchemaEdit& edit) {
  if (edit.kind == types::SchemaEdit::Kind::Wrap) {
    const Located map = FollowPointer(root, edit.pointer);
    return map.kind() == yaml::Kind::Map ? MakeWrap(context, map, edit.text) : std::nullopt;
  }
  if (edit.kind == types::SchemaEdit::Kind::Set) {
    return MakeSet(context, root, edit.pointer, edit.text);
  }
  const std::optional<MapEntryPlace> entry = FindMapEntry(root, edit.pointer);
  if (!entry) return std::nullopt;
  const yaml::Tree& tree = *entry->map.tree;
  switch (edit.kind) {
    case types::SchemaEdit::Kind::Rename: {
      const bool is_quoted = tree.style(entry->child(entry->key)) == yaml::Style::Double;
      return diag::Edit{.span = tree.span(entry->child(entry->key)),
                        .text = is_quoted ? fmt::format("\"{}\"", edit.text) : edit.text};
    }
    case types::SchemaEdit::Kind::Remove:
      return diag::Edit{.span = SpanOfEntry(*entry), .text = ""};
    case types::SchemaEdit::Kind::Set:
    case types::SchemaEdit::Kind::Wrap:
      break;
  }
  return std::nullopt;
}

std::string TitleOf(const std::vector<types::SchemaEdit>& edits) {
  using Kind = types::SchemaEdit::Kind;
  if (edits.size() != 1) return "mend the schema";
  const types::SchemaEdit& edit = edits[0];
  if (edit.kind == Kind::Remove) return "remove it";
  if (edit.kind == Kind::Wrap) return fmt::format("put it into `{}`", edit.text);
  return fmt::format("write `{}`", edit.text);
}

/// The name of the anchor inside whose value `pointer` leads, because an alias stands on the way to
/// it; empty if none does. An alias at the end of the way is replaced itself, so it does not count.
std::string_view FindAnchorOf(Located root, std::string_view pointer) {
  Located place = root;
  while (!pointer.empty()) {
    const Span span = place.span();
    if (place.tree->has_flag(place.node, yaml::kAliased)) {
      return place.tree->source().substr(span.begin + 1, span.end - span.begin - 1);
    }
    const yaml::NodeId next = FindEntry(place, types::TakePointerStep(pointer));
    if (!next.has_value()) return "";
    place = place.At(next);
  }
  return "";
}

/// Attaches the fix of a schema error, unless one of its edits cannot be made. The fix is unsafe,
/// and says so if it changes the value of an anchor, which may serve other places too.
void SetSchemaFix(const Context& context, diag::Reported& reported, Located root,
                  const types::SchemaError& error) {
  diag::Fix fix = {.title = TitleOf(error.fix), .safety = diag::FixSafety::Unsafe};
  std::string_view anchor;
  for (const types::SchemaEdit& each : error.fix) {
    std::optional<diag::Edit> edit = MakeEdit(context, root, each);
    if (!edit) return;
    fix.edits.push_back(*std::move(edit));
    if (anchor.empty()) anchor = FindAnchorOf(root, each.pointer);
  }
  if (!anchor.empty())
    fix.title += fmt::format(" at the anchor `&{}`, for all its aliases", anchor);
  if (!fix.edits.empty()) reported.SetFix(std::move(fix));
}

diag::Reported ReportMessage(Context& context, Span span, const types::SchemaError& error) {
  switch (error.kind) {
    case types::SchemaError::Kind::Empty:
      return context.sink.Report(diag::UnsatisfiableSchema, span, error.message);
    case types::SchemaError::Kind::BadPattern:
      return context.sink.Report(diag::BadPattern, span, error.message);
    case types::SchemaError::Kind::UnknownName:
      return context.sink.Report(diag::UnregisteredSchema, span, error.message,
                                 SuggestionPhrase(error.suggestion));
    case types::SchemaError::Kind::Malformed:
      break;
  }
  return context.sink.Report(diag::BadSchema, span, error.message);
}

void ReportSchemaError(Context& context, Located root, const types::SchemaError& error) {
  const Span span = PointerSpan(root, error.pointer);
  const bool is_unknown = error.kind == types::SchemaError::Kind::UnknownName;
  if (is_unknown && context.syntax.is_incomplete) return;  // an unreadable part may define it
  diag::Reported reported = ReportMessage(context, span, error);
  if (is_unknown && error.fix.empty()) return SetRenameFix(reported, span, error.suggestion);
  reported.SetSeverity(error.severity);
  SetSchemaFix(context, reported, root, error);
}

}  // namespace

yaml::NodeId FindEntry(Located place, const std::string& token) {
  if (place.kind() == yaml::Kind::Map) return place.tree->FindValue(place.node, token);
  if (place.kind() != yaml::Kind::List) return {};
  std::span<const yaml::NodeId> items = place.tree->children(place.node);
  size_t index = items.size();
  std::from_chars(token.data(), token.data() + token.size(), index);
  return index < items.size() ? items[index] : yaml::NodeId();
}

Located FollowPointer(Located root, std::string_view pointer) {
  Located place = root;
  while (!pointer.empty()) {
    yaml::NodeId next = FindEntry(place, types::TakePointerStep(pointer));
    if (!next.has_value()) return place;
    place = place.At(next);
  }
  return place;
}

void LowerSchemas(Context& context) {
  const ms::FormatsField& formats = context.syntax.project.formats;
  if (formats.present() && formats.decoded == Formats::Assert) {
    context.project.schemas.AssertFormats();
  }
  std::span<const Id<ms::SchemaSyntax>> ids =
      View(context.syntax.schemas, context.syntax.project.schemas.range);
  for (Id<ms::SchemaSyntax> id : ids) {
    const ms::SchemaSyntax& schema = context.syntax.schemas.all[id];
    context.project.named_schemas.push_back(
        {.name = MakeName(context, schema), .schema = context.project.schemas.Declare(schema.id)});
  }
  for (Id<ms::SchemaSyntax> id : ids) {
    const ms::SchemaSyntax& schema = context.syntax.schemas.all[id];
    if (schema.is_broken) continue;
    Located root = {schema.tree, schema.node};
    ir::SchemaId schema_id = context.project.schemas.Find(schema.id);
    for (const types::SchemaError& error :
         context.project.schemas.Define(schema_id, ToValue(root))) {
      ReportSchemaError(context, root, error);
    }
  }
}

ir::SchemaId MakeUnknownSchema(Context& context) {
  types::Schema broken;
  broken.is_estimate = true;
  return context.project.schemas.Derive(broken);
}

ir::SchemaId LowerSchema(Context& context, Located schema, Span& written) {
  if (!schema.present()) return {};
  written = schema.span();
  context.written_schemas.push_back(schema);
  const ir::SchemaId anything = MakeUnknownSchema(context);
  if (schema.kind() == yaml::Kind::Poison) return anything;
  std::vector<types::SchemaError> errors;
  ir::SchemaId id = context.project.schemas.AddInline(ToValue(schema), errors);
  // Each fix finds its place from the root, which takes too long for thousands of errors: only the
  // first errors get a fix.
  constexpr size_t kMostFixes = 200;
  for (size_t i = kMostFixes; i < errors.size(); ++i) errors[i].fix.clear();
  for (const types::SchemaError& error : errors) ReportSchemaError(context, schema, error);
  return types::HasErrors(errors) ? anything : id;
}

void FinishSchemas(Context& context) {
  std::span<const Id<ms::SchemaSyntax>> ids =
      View(context.syntax.schemas, context.syntax.project.schemas.range);
  // Named schemas have been declared in the order of `ids`.
  llvm::DenseMap<uint32_t, Id<ms::SchemaSyntax>> syntax_of;
  for (size_t i = 0; i < ids.size(); ++i) {
    syntax_of.try_emplace(context.project.named_schemas[i].schema.index(), ids[i]);
  }
  for (const auto& [schema_id, error] : context.project.schemas.Finish()) {
    auto found = syntax_of.find(schema_id.index());
    if (!schema_id.has_value() || found == syntax_of.end()) continue;
    const ms::SchemaSyntax& schema = context.syntax.schemas.all[found->second];
    ReportSchemaError(context, {schema.tree, schema.node}, error);
  }
}

}  // namespace wfc::lower
