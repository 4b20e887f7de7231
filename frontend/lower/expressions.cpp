#include "frontend/lower/expressions.h"

#include <algorithm>
#include <utility>

#include "llvm/ADT/SmallVector.h"

#include "frontend/lower/dependencies.h"
#include "frontend/lower/files.h"
#include "frontend/lower/text_references.h"
#include "frontend/yaml/scalar_map.h"
#include "ir/diag/messages.h"
#include "ir/expr/parser.h"
#include "ir/expr/reads.h"
#include "ir/value/json.h"

namespace wfc::lower {

namespace {

/// Calls `parse` with the scalar's text and a mapper for it. Text that is a part of the file as it
/// is, without escapes or folding, needs no map.
template <class Parse>
ir::ExprId WithMapper(Located scalar, Parse parse) {
  std::string_view text = scalar.text();
  std::string_view source = scalar.tree->source();
  bool stands_in_file =
      text.data() >= source.data() && text.data() + text.size() <= source.data() + source.size();
  FileId file = scalar.tree->file();
  if (stands_in_file) {
    auto base = static_cast<uint32_t>(text.data() - source.data());
    return parse(text, expr::SpanMapper(file, base));
  }
  const yaml::ScalarMap places(*scalar.tree, scalar.node);
  auto map = [&](uint32_t offset) { return places.Find(offset); };
  return parse(text, expr::SpanMapper(file, map));
}

/// The quotation mark for text inside an expression in `scalar`; 0 for an alias, whose text is
/// elsewhere and must not be changed by a fix.
char QuoteIn(Located scalar) {
  if (scalar.tree->has_flag(scalar.node, yaml::kAliased)) return 0;
  return scalar.tree->style(scalar.node) == yaml::Style::Double ? '\'' : '"';
}

ir::ExprId ParseText(ScopeResolver resolver, Context& context, std::string_view text,
                     const expr::SpanMapper& mapper) {
  return expr::ParseTemplate({context.project.exprs, context.sink, resolver}, text, mapper);
}

/// Whether the text is a decimal number, not one in another base or notation.
bool IsDecimal(std::string_view text) {
  return text.find_first_not_of("+-.0123456789") == std::string_view::npos;
}

ir::ExprId BuildConstant(Context& context, Located scalar) {
  Value value = ToValue(scalar);
  const bool is_rewritten =
      value.is_number() && IsDecimal(scalar.text()) && WriteJson(value) != scalar.text();
  const ir::ExprId id = context.project.exprs.AddConst(std::move(value), scalar.span());
  if (is_rewritten) context.project.rewritten_numbers.push_back(id);
  return id;
}

/// Records what looks like names in braces without `${…}` in the scalar.
void WarnOfNamesInBraces(Context& context, const Scope& scope, Located scalar) {
  if (scalar.text().find("{{") == std::string_view::npos) return;
  WithMapper(scalar, [&](std::string_view text, const expr::SpanMapper& mapper) {
    WarnOfBracedNames(context, scope, text, mapper);
    return ir::ExprId();
  });
}

ir::ExprId BuildScalar(Context& context, const Scope& scope, Located scalar) {
  if (scalar.kind() != yaml::Kind::String) return BuildConstant(context, scalar);
  if (scalar.text().find('{') == std::string_view::npos) {
    WarnOfWholeName(context, scope, scalar);
    return BuildConstant(context, scalar);
  }
  WarnOfNamesInBraces(context, scope, scalar);
  if (!expr::IsTemplate(scalar.text())) return BuildConstant(context, scalar);
  return WithMapper(scalar, [&](std::string_view text, const expr::SpanMapper& mapper) {
    const ScopeResolver resolver(context, scope, QuoteIn(scalar), scalar.span().begin);
    return ParseText(resolver, context, text, mapper);
  });
}

ir::ExprId BuildValue(Context& context, const Scope& scope, Located value);

struct MapItem {
  yaml::NodeId key;
  yaml::NodeId value;
};
using MapItems = llvm::SmallVector<MapItem, 8>;

/// The entries of a map, sorted by key. A key that contains an expression is reported and left out.
MapItems SortedItems(Context& context, Located map) {
  MapItems items;
  const yaml::Tree& tree = *map.tree;
  std::span<const yaml::NodeId> children = tree.children(map.node);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    if (expr::IsTemplate(tree.text(children[i]))) {
      context.sink.Report(diag::BadValue, tree.span(children[i]), tree.text(children[i]),
                          "a literal key; only values may hold `${…}`");
      continue;
    }
    items.push_back({children[i], children[i + 1]});
  }
  auto by_key = [&](const MapItem& left, const MapItem& right) {
    return tree.text(left.key) < tree.text(right.key);
  };
  if (!std::is_sorted(items.begin(), items.end(), by_key)) {
    std::sort(items.begin(), items.end(), by_key);
  }
  return items;
}

ir::ExprId BuildKey(Context& context, Located key) {
  const auto [entry, is_new] = context.map_keys.try_emplace(key.text());
  if (is_new) entry->second = Value::String(key.text());
  return context.project.exprs.AddConst(entry->second, key.span());
}

ir::ExprId BuildMap(Context& context, const Scope& scope, Located map) {
  expr::ExprStore& exprs = context.project.exprs;
  llvm::SmallVector<ir::ExprId, 16> children;
  for (const MapItem& item : SortedItems(context, map)) {
    children.push_back(BuildKey(context, map.At(item.key)));
    children.push_back(BuildValue(context, scope, map.At(item.value)));
  }
  return exprs.AddMap(children, map.span());
}

ir::ExprId BuildList(Context& context, const Scope& scope, Located list) {
  llvm::SmallVector<ir::ExprId, 16> items;
  for (yaml::NodeId item : list.tree->children(list.node)) {
    items.push_back(BuildValue(context, scope, list.At(item)));
  }
  return context.project.exprs.AddList(items, list.span());
}

/// The recursion is at most `yaml::kMaxDepth` levels deep.
ir::ExprId BuildValue(Context& context, const Scope& scope, Located value) {
  switch (value.kind()) {
    case yaml::Kind::Poison:
      return context.project.exprs.AddPoison(value.span());
    case yaml::Kind::Map:
      return BuildMap(context, scope, value);
    case yaml::Kind::List:
      return BuildList(context, scope, value);
    default:
      return BuildScalar(context, scope, value);
  }
}

/// Reports a secret that is only a part of the value `id`.
void CheckSecretIsWhole(Context& context, ir::ExprId id) {
  const expr::ExprStore& exprs = context.project.exprs;
  if (exprs[id].op == expr::Op::Load) return;
  expr::ForEachRead(exprs, id, [&](const expr::Read& read) {
    if (read.root.kind != RootKind::Secret) return;
    context.sink.Report(diag::IllegalName, read.span, "secret",
                        "it must be the whole value: a secret never becomes part of a text");
  });
}

/// Whether the value of a scalar is not its text, so that the spelling would be lost.
bool LosesText(Located scalar) {
  const yaml::Kind kind = scalar.kind();
  return kind == yaml::Kind::Bool || kind == yaml::Kind::Int || kind == yaml::Kind::BigInt ||
         kind == yaml::Kind::Double;
}

bool NamesPromptFile(std::string_view text) {
  return text.ends_with(".md") && text.find('\n') == std::string_view::npos &&
         !expr::IsTemplate(text);
}

}  // namespace

ir::ExprId LowerExpression(Context& context, const Scope& scope, Located value) {
  if (!value.present()) return {};
  if (!value.tree->IsScalar(value.node)) return context.project.exprs.AddPoison(value.span());
  ir::ExprId id = WithMapper(value, [&](std::string_view text, const expr::SpanMapper& mapper) {
    ScopeResolver resolver(context, scope, QuoteIn(value), value.span().begin);
    return expr::ParseExpr({context.project.exprs, context.sink, resolver}, text, mapper);
  });
  return id;
}

ir::ExprId LowerValue(Context& context, const Scope& scope, Located value) {
  if (!value.present()) return {};
  ir::ExprId id = BuildValue(context, scope, value);
  return id;
}

ir::ExprId LowerText(Context& context, const Scope& scope, Located value) {
  if (!value.present() || !LosesText(value)) return LowerValue(context, scope.AsText(), value);
  return context.project.exprs.AddConst(Value::String(value.text()), value.span());
}

ir::ExprId LowerSecretValue(Context& context, const Scope& scope, Located value) {
  ir::ExprId id = LowerValue(context, scope.WithSecrets(), value);
  if (id.has_value()) CheckSecretIsWhole(context, id);
  return id;
}

ir::ExprId LowerPrompt(Context& context, const Scope& scope, Located value) {
  if (!value.present()) return {};
  bool is_file = value.kind() == yaml::Kind::String && NamesPromptFile(value.text());
  if (!is_file) return LowerText(context, scope, value);
  FileId file = ReadProjectFile(context, value, "prompt file");
  if (!file.has_value()) return context.project.exprs.AddPoison(value.span());
  const expr::SpanMapper mapper(file, 0);
  WarnOfBracedNames(context, scope, context.sources.text(file), mapper);
  ir::ExprId id =
      ParseText(ScopeResolver(context, scope, '"'), context, context.sources.text(file), mapper);
  return id;
}

LoweredArguments LowerArguments(Context& context, const Scope& scope, Located map) {
  expr::ExprStore& exprs = context.project.exprs;
  llvm::SmallVector<ir::ExprId, 16> children;
  auto first = static_cast<uint32_t>(context.project.arguments.size());
  for (const MapItem& item : SortedItems(context, map)) {
    Located key = map.At(item.key);
    ir::ExprId value = BuildValue(context, scope, map.At(item.value));
    children.push_back(BuildKey(context, key));
    children.push_back(value);
    context.project.arguments.push_back(
        {.name = {context.Intern(key.text()), key.span()}, .value = value});
  }
  ir::ExprId whole = exprs.AddMap(children, map.span());
  auto count = static_cast<uint32_t>(context.project.arguments.size()) - first;
  return {.range = {first, count}, .whole = whole};
}

/// Reports a name that no environment variable can have.
void CheckVariableName(Context& context, Located key) {
  const std::string_view name = key.text();
  const bool can_be_set = !name.empty() && name.find('=') == std::string_view::npos &&
                          name.find('\0') == std::string_view::npos;
  if (can_be_set) return;
  context.sink.Report(diag::BadValue, key.span(), name,
                      "the name of an environment variable, such as `LANG`");
}

Range LowerEnvironment(Context& context, const Scope& scope, Located map) {
  if (!map.present() || map.kind() != yaml::Kind::Map) return {};
  auto first = static_cast<uint32_t>(context.project.arguments.size());
  for (const MapItem& item : SortedItems(context, map)) {
    Located key = map.At(item.key);
    CheckVariableName(context, key);
    Located variable = map.At(item.value);
    ir::ExprId value = LosesText(variable) ? LowerText(context, scope, variable)
                                           : LowerSecretValue(context, scope.AsText(), variable);
    context.project.arguments.push_back(
        {.name = {context.Intern(key.text()), key.span()}, .value = value});
  }
  return {first, static_cast<uint32_t>(context.project.arguments.size()) - first};
}

Range LowerArgv(Context& context, const Scope& scope, Located list) {
  if (!list.present() || list.kind() != yaml::Kind::List) return {};
  llvm::SmallVector<ir::ExprId, 8> words;
  for (yaml::NodeId item : list.tree->children(list.node)) {
    words.push_back(LowerText(context, scope, list.At(item)));
  }
  auto first = static_cast<uint32_t>(context.project.expr_lists.size());
  context.project.expr_lists.insert(context.project.expr_lists.end(), words.begin(), words.end());
  return {first, static_cast<uint32_t>(words.size())};
}

}  // namespace wfc::lower
