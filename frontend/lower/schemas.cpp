#include "frontend/lower/schemas.h"

#include <charconv>

#include "ir/types/vm/words.h"

namespace wfc::lower {

namespace {

/// Where to point for `pointer`: the scalar, or the key of a collection, which is shorter.
Span PointerSpan(Located root, std::string_view pointer) {
  Located place = FollowPointer(root, pointer);
  if (place.tree->IsScalar(place.node) || pointer.empty()) return place.span();
  size_t slash = pointer.rfind('/');
  Located parent = FollowPointer(root, pointer.substr(0, slash));
  std::string_view last = pointer.substr(slash);
  yaml::NodeId key = parent.tree->FindKey(parent.node, types::TakePointerStep(last));
  return key.has_value() ? parent.tree->span(key) : place.span();
}

void ReportSchemaError(Context& context, Located root, const types::SchemaError& error) {
  Span span = PointerSpan(root, error.pointer);
  switch (error.code) {
    case diag::Code::T010:
      context.sink.Report(diag::UnsatisfiableSchema, span, error.message);
      return;
    case diag::Code::T012:
      context.sink.Report(diag::BadPattern, span, error.message);
      return;
    case diag::Code::T013: {
      if (context.syntax.is_incomplete) return;  // it may stand in what could not be read
      diag::Reported reported = context.sink.Report(diag::UnregisteredSchema, span, error.message,
                                                    SuggestionPhrase(error.suggestion));
      SetRenameFix(reported, span, error.suggestion);
      return;
    }
    default:
      context.sink.Report(diag::BadSchema, span, error.message);
      return;
  }
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
  if (formats.present() && formats.decoded == ms::Formats::Assert) {
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

ir::SchemaId LowerSchema(Context& context, Located schema, Span& written) {
  if (!schema.present()) return {};
  written = schema.span();
  context.written_schemas.push_back(schema);
  // A schema that is broken is one that allows everything: nothing more is said of it.
  const ir::SchemaId anything = context.project.schemas.Derive({});
  if (schema.kind() == yaml::Kind::Poison) return anything;
  std::vector<types::SchemaError> errors;
  ir::SchemaId id = context.project.schemas.AddInline(ToValue(schema), errors);
  for (const types::SchemaError& error : errors) ReportSchemaError(context, schema, error);
  return id.has_value() ? id : anything;
}

void FinishSchemas(Context& context) {
  std::span<const Id<ms::SchemaSyntax>> ids =
      View(context.syntax.schemas, context.syntax.project.schemas.range);
  // Named schemas were declared in the order of their syntax.
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
