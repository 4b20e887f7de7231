#include "frontend/lower/schema_places.h"

#include <map>
#include <optional>
#include <utility>

#include "frontend/lower/schemas.h"
#include "ir/types/vm/describe.h"

namespace wfc::lower {

namespace {

constexpr int kMaxHops = 64;  // limit of references on the way to one part: they may be cyclic

/// A part of a schema, and the root of the document that contains it, to which `#/…` refers.
struct Part {
  Located root;
  Located at;
};

/// The key of the short form that stands for a keyword of JSON Schema; a keyword that is the same
/// in both is returned as it is.
std::string_view InShortForm(std::string_view keyword) {
  if (keyword == "maxItems") return "max";
  const bool is_of_fields =
      keyword == "required" || keyword == "additionalProperties" || keyword == "properties";
  return is_of_fields ? "fields" : keyword;
}

class Places : public ir::SchemaPlaces {
 public:
  explicit Places(const Context& context)
      : syntax_(context.syntax), schemas_(context.written_schemas) {}

  Span Find(Span schema, std::string_view pointer, std::string_view keyword) const override {
    if (named_.empty() && written_.empty()) MakeIndex();
    const auto found = written_.find({schema.file.index(), schema.begin});
    if (found == written_.end()) return schema;
    Part part = Follow({found->second, found->second});
    while (!pointer.empty()) {
      const std::optional<Part> next = Enter(part, types::TakePointerStep(pointer), 0);
      if (!next) return SpanOf(part.at);
      part = Follow(*next);
    }
    return FindKeyword(part, keyword);
  }

 private:
  using Key = std::pair<uint32_t, uint32_t>;
  static Key KeyOf(const Located& place) { return {place.span().file.index(), place.span().begin}; }

  void MakeIndex() const {
    for (const Located& schema : schemas_) written_.emplace(KeyOf(schema), schema);
    for (Id<ms::SchemaSyntax> id : View(syntax_.schemas, syntax_.project.schemas.range)) {
      const ms::SchemaSyntax& schema = syntax_.schemas.all[id];
      named_.emplace(schema.id, Located{schema.tree, schema.node});
    }
  }

  static yaml::NodeId Get(const Located& map, std::string_view key) {
    return map.kind() == yaml::Kind::Map ? map.tree->FindValue(map.node, key) : yaml::NodeId();
  }

  /// The span of a part; of a block map, which may have many lines, only the first key.
  static Span SpanOf(const Located& place) {
    const bool is_map = place.kind() == yaml::Kind::Map;
    if (!is_map || place.tree->children(place.node).empty()) return place.span();
    const bool is_block = place.tree->style(place.node) == yaml::Style::Block;
    return is_block ? place.tree->span(place.tree->children(place.node)[0]) : place.span();
  }

  /// The target of the reference that `part` is; nullopt if it is not a reference or leads nowhere.
  [[nodiscard]] std::optional<Part> Refer(const Part& part) const {
    Located reference = part.at;
    if (part.at.kind() == yaml::Kind::Map) {
      const yaml::NodeId node = Get(part.at, "$ref");
      if (!node.has_value()) return std::nullopt;
      reference = part.at.At(node);
    }
    if (!reference.tree->IsScalar(reference.node)) return std::nullopt;
    std::string_view text = reference.text();
    const size_t hash = std::min(text.find('#'), text.size());
    Part target = part;
    if (hash > 0) {
      const auto named = named_.find(text.substr(0, hash));
      if (named == named_.end()) return std::nullopt;
      target.root = named->second;
    }
    text.remove_prefix(std::min(hash + 1, text.size()));
    target.at = FollowPointer(target.root, text);
    return target;
  }

  [[nodiscard]] Part Follow(Part part) const {
    for (int hops = 0; hops < kMaxHops; ++hops) {
      const std::optional<Part> next = Refer(part);
      if (!next) break;
      part = *next;
    }
    return part;
  }

  /// The schema for the part `token` of the values, if `part` is the schema for the values; a
  /// property of that name takes precedence over a schema for all items.
  [[nodiscard]] std::optional<Part> Enter(const Part& part, const std::string& token,
                                          int depth) const {
    if (depth > kMaxHops || part.at.kind() != yaml::Kind::Map) return std::nullopt;
    for (const std::string_view holder : {"fields", "properties", "prefixItems"}) {
      const yaml::NodeId parts = Get(part.at, holder);
      if (!parts.has_value()) continue;
      const yaml::NodeId found = FindEntry(part.at.At(parts), token);
      if (found.has_value()) return Part{part.root, part.at.At(found)};
    }
    for (const std::string_view holder : {"list", "items", "additionalProperties"}) {
      const yaml::NodeId found = Get(part.at, holder);
      if (found.has_value()) return Part{part.root, part.at.At(found)};
    }
    const yaml::NodeId all = Get(part.at, "allOf");
    if (!all.has_value() || part.at.At(all).kind() != yaml::Kind::List) return std::nullopt;
    for (const yaml::NodeId arm : part.at.tree->children(all)) {
      const std::optional<Part> found =
          Enter(Follow({part.root, part.at.At(arm)}), token, depth + 1);
      if (found) return found;
    }
    return std::nullopt;
  }

  /// The place of a keyword in the part itself or, if exactly one schema of its `allOf` has the
  /// keyword, in that schema; otherwise the part.
  [[nodiscard]] Span FindKeyword(const Part& part, std::string_view keyword) const {
    if (const std::optional<Span> own = FindOwnKeyword(part, keyword)) return *own;
    std::optional<Span> found;
    const yaml::NodeId all = Get(part.at, "allOf");
    if (!all.has_value() || part.at.At(all).kind() != yaml::Kind::List) return SpanOf(part.at);
    for (const yaml::NodeId node : part.at.tree->children(all)) {
      const Part arm = Follow({part.root, part.at.At(node)});
      const std::optional<Span> place = FindOwnKeyword(arm, keyword);
      if (place && found) return SpanOf(part.at);
      if (place) found = place;
    }
    return found ? *found : SpanOf(part.at);
  }

  static std::optional<Span> FindOwnKeyword(const Part& part, std::string_view keyword) {
    for (const std::string_view name : {keyword, InShortForm(keyword)}) {
      const yaml::NodeId value = Get(part.at, name);
      if (!value.has_value()) continue;
      const Located place = part.at.At(value);
      return place.tree->IsScalar(value)
                 ? place.span()
                 : place.tree->span(place.tree->FindKey(part.at.node, name));
    }
    return std::nullopt;
  }

  const ms::Syntax& syntax_;
  std::vector<Located> schemas_;
  // The index is built when it is first needed, because most projects have no such finding.
  mutable std::map<Key, Located> written_;
  mutable std::map<std::string_view, Located> named_;
};

}  // namespace

std::unique_ptr<ir::SchemaPlaces> MakeSchemaPlaces(const Context& context) {
  return std::make_unique<Places>(context);
}

}  // namespace wfc::lower
