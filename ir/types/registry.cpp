#include "ir/types/registry.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>

#include "ir/base/check.h"
#include "ir/base/words.h"
#include "ir/types/containment/empty_schemas.h"
#include "ir/types/containment/subschema_prover.h"
#include "ir/types/plain_schema.h"
#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/derive.h"
#include "ir/types/schema/finite_values.h"
#include "ir/types/schema/keywords.h"
#include "ir/types/schema/locations.h"
#include "ir/types/schema/parse_schema.h"
#include "ir/types/schema/reference_cycles.h"
#include "ir/types/schema/schema_chain.h"
#include "ir/types/schema/schema_tables.h"
#include "ir/types/schema/smallest_instance.h"
#include "ir/types/schema/write_schema.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

// The schemas that are registered in every project (docs/language/schemas.md).
constexpr std::string_view kFileSchema = R"({"fields": {
  "path": "string",
  "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
  "size": {"type": "integer", "minimum": 0},
  "media": "string"}})";
/// `CODES` is replaced by the list of all failure codes.
constexpr std::string_view kErrorSchema = R"({"fields": {
  "code": {"enum": [CODES]},
  "message": "string",
  "stage": "string",
  "item": {"type": "integer", "minimum": 0},
  "attempt": {"type": "integer", "minimum": 1},
  "details": "any"}, "optional": ["item"]})";

std::string MakeErrorSchema() {
  std::string codes;
  for (const std::string_view code : WordsOf<FailureCode>()) {
    codes += fmt::format("{}\"{}\"", codes.empty() ? "" : ", ", code);
  }
  constexpr std::string_view kPlace = "CODES";
  std::string schema(kErrorSchema);
  return schema.replace(schema.find(kPlace), kPlace.size(), codes);
}

}  // namespace

/// The state of the registry: the tables, the derived schemas, and what is computed on demand.
struct SchemaRegistry::Impl {
  SchemaTables tables;
  DerivedSchemas derived;
  std::unordered_set<SchemaId> inline_roots;
  CompiledSchemas compiled;
  std::optional<Validator> validator;
  // What is known of schemas, forgotten when a schema changes.
  std::optional<Prover> known_prover;
  std::unordered_map<SchemaId, std::optional<bool>> known_defaults;
  /// A declared schema that has been defined and not yet been checked for emptiness.
  struct Unjudged {
    SchemaId schema;
    std::vector<WrittenSchema> parts;
  };
  std::vector<Unjudged> unjudged;
  std::vector<DefinedError> found;  ///< the problems found so far, which Finish returns

  void ForgetKnown() {
    known_prover.reset();
    known_defaults.clear();
  }
  Prover& prover() {
    if (!known_prover) known_prover.emplace(tables);
    return *known_prover;
  }
  SchemaId Derive(const Schema& schema) { return derived.Intern(tables.schemas, schema); }
  SchemaId Nothing() {
    Schema nothing;
    nothing.is_false = true;
    return Derive(nothing);
  }
  void CheckDeclared();
  void Break(SchemaId declared);

  /// Follows references from `id` to the first schema that has a name or no reference.
  [[nodiscard]] SchemaId Resolve(SchemaId id) const {
    for (uint32_t hops = 0; hops < kMaxHops; ++hops) {
      const Schema& schema = tables.schemas[id];
      if (!schema.name.empty() || !schema.reference.has_value()) break;
      id = schema.reference;
    }
    return id;
  }
  /// Whether a missing property with this schema is filled in: it has a `default`, or refers to a
  /// schema that has one.
  [[nodiscard]] bool HasDefault(SchemaId id) const {
    for (uint32_t hops = 0; id.has_value() && hops < kMaxHops; ++hops) {
      const Schema& schema = tables.schemas[id];
      if (schema.default_value) return true;
      id = schema.reference;
    }
    return false;
  }
  std::vector<DefinedError> ResolvePending();
  [[nodiscard]] std::vector<SchemaId> Roots() const;
  /// The reference cycles through the schemas with an index of at least `first`.
  [[nodiscard]] std::vector<std::vector<SchemaId>> FindCyclesFrom(uint32_t first) const;
  [[nodiscard]] std::string ReferenceOn(std::span<const SchemaId> cycle, SchemaId document) const;
};

std::vector<std::vector<SchemaId>> SchemaRegistry::Impl::FindCyclesFrom(uint32_t first) const {
  std::vector<SchemaId> from;
  bool may_cycle = false;
  for (uint32_t i = first; i < tables.schemas.size(); ++i) {
    const SchemaId to = tables.schemas[SchemaId(i)].reference;
    may_cycle |= to.has_value() && to.index() >= first;
    from.push_back(SchemaId(i));
  }
  if (!may_cycle) return {};
  return FindReferenceCycles(tables.schemas, from);
}

/// Declared schemas sorted by name, then inline ones sorted by their text, so that the program does
/// not depend on the order in which schemas were added.
std::vector<SchemaId> SchemaRegistry::Impl::Roots() const {
  std::vector<SchemaId> roots;
  roots.reserve(tables.names.size() + inline_roots.size());
  for (const auto& [name, id] : tables.names) roots.push_back(id);
  std::vector<std::pair<std::string, SchemaId>> by_text;
  by_text.reserve(inline_roots.size());
  for (const SchemaId id : inline_roots) {
    by_text.emplace_back(WriteJson(tables.schemas[id].expanded), id);
  }
  std::ranges::sort(by_text);
  for (const auto& [text, id] : by_text) roots.push_back(id);
  return roots;
}

SchemaRegistry::SchemaRegistry() : impl_(std::make_unique<Impl>()) {
  const std::string error_schema = MakeErrorSchema();
  const std::pair<std::string_view, std::string_view> built_in[] = {{"error", error_schema},
                                                                    {"file", kFileSchema}};
  for (const auto& [name, text] : built_in) {
    const Result<Value> source = ReadJson(text);
    WFC_CHECK(source.ok() && Define(Declare(name), *source).empty());
  }
}

SchemaRegistry::SchemaRegistry(SchemaRegistry&&) noexcept = default;
SchemaRegistry& SchemaRegistry::operator=(SchemaRegistry&&) noexcept = default;
SchemaRegistry::~SchemaRegistry() = default;

void SchemaRegistry::AssertFormats() {
  impl_->tables.asserts_formats = true;
}

SchemaId SchemaRegistry::Declare(std::string_view id) {
  const auto found = impl_->tables.names.find(id);
  if (found != impl_->tables.names.end()) return found->second;
  Schema undefined;
  undefined.name = id;
  undefined.expanded = Value::Bool(true);
  const SchemaId schema = impl_->tables.schemas.Add(std::move(undefined));
  impl_->tables.schemas[schema].document = schema;
  impl_->tables.names.emplace(id, schema);
  return schema;
}

std::vector<SchemaError> SchemaRegistry::Define(SchemaId id, const Value& source) {
  std::vector<SchemaError> errors;
  std::vector<WrittenSchema> parts;
  ParseSchemaDocument(impl_->tables, source, id, errors, parts);
  impl_->ForgetKnown();
  if (!HasErrors(errors)) impl_->unjudged.push_back({id, std::move(parts)});
  return errors;
}

/// Replaces a schema that no value fits by one that admits everything: it has been reported once,
/// and its users should not be reported again.
void SchemaRegistry::Impl::Break(SchemaId declared) {
  Schema broken;
  broken.name = tables.schemas[declared].name;
  broken.expanded = Value::Bool(true);
  broken.document = declared;
  broken.is_estimate = true;
  tables.schemas[declared] = std::move(broken);
  ForgetKnown();
}

void SchemaRegistry::Impl::CheckDeclared() {
  if (unjudged.empty() || !tables.pending.empty()) return;
  EmptySchemas empty(tables, prover(), Nothing());
  std::unordered_set<SchemaId> cyclic;  // the documents with cycles, which Finish reports
  for (const std::vector<SchemaId>& cycle : FindCyclesFrom(0)) {
    for (const SchemaId id : cycle) cyclic.insert(tables.schemas[id].document);
  }
  std::vector<SchemaId> broken;
  for (const Unjudged& each : std::exchange(unjudged, {})) {
    if (cyclic.contains(each.schema)) continue;
    const std::vector<SchemaError> errors = empty.FindErrors(each.parts);
    for (const SchemaError& error : errors) found.push_back({each.schema, error});
    if (HasErrors(errors)) broken.push_back(each.schema);
  }
  std::ranges::for_each(broken, [&](SchemaId id) { Break(id); });
}

SchemaId SchemaRegistry::AddInline(const Value& source, std::vector<SchemaError>& errors) {
  if (source.is_string() && !FindType(source.AsString())) {
    const SchemaId named = Find(source.AsString());
    if (named.has_value()) return named;
  }
  const uint32_t before = impl_->tables.schemas.size();
  impl_->CheckDeclared();
  std::vector<WrittenSchema> parts;
  const SchemaId id = ParseSchemaDocument(impl_->tables, source, {}, errors, parts);
  if (!id.has_value()) return {};
  impl_->inline_roots.insert(id);
  for (const std::vector<SchemaId>& cycle : impl_->FindCyclesFrom(before)) {
    const Schema& schema = impl_->tables.schemas[cycle.front()];
    if (schema.document != id) continue;  // it belongs to a declared schema, which Finish reports
    errors.push_back({SchemaError::Kind::Malformed, schema.reference_pointer,
                      "the reference leads back to itself, so that it describes no value", ""});
    return {};
  }
  if (!impl_->tables.pending.empty()) return id;
  const std::vector<SchemaError> empty =
      EmptySchemas(impl_->tables, impl_->prover(), impl_->Nothing()).FindErrors(parts);
  errors.insert(errors.end(), empty.begin(), empty.end());
  return id;
}

/// Resolves references between documents, now that all documents are registered.
std::vector<SchemaRegistry::DefinedError> SchemaRegistry::Impl::ResolvePending() {
  std::vector<DefinedError> errors;
  if (!tables.pending.empty()) ForgetKnown();
  for (const PendingReference& reference : std::exchange(tables.pending, {})) {
    const SchemaId target = FindSharedLocation(tables, LocationKey(reference.uri));
    if (target.has_value()) {
      SetReference(tables, reference.from, target, reference.uri, reference.is_dynamic);
    } else {
      // So that no errors follow from a schema that is not known.
      tables.schemas[reference.from].is_estimate = true;
      errors.push_back({tables.schemas[reference.from].document,
                        {SchemaError::Kind::Malformed, reference.pointer,
                         UnresolvedMessage(tables, reference.uri), ""}});
    }
  }
  return errors;
}

/// Where an error about a cycle points: at a reference on it that stands in `document`, because an
/// alternative has no location of its own. Empty if there is none.
std::string SchemaRegistry::Impl::ReferenceOn(std::span<const SchemaId> cycle,
                                              SchemaId document) const {
  for (const SchemaId id : cycle) {
    const Schema& schema = tables.schemas[id];
    if (schema.document == document && schema.reference.has_value()) {
      return schema.reference_pointer;
    }
  }
  return "";
}

std::vector<SchemaRegistry::DefinedError> SchemaRegistry::Finish() {
  std::vector<DefinedError> errors = impl_->ResolvePending();
  impl_->CheckDeclared();
  for (DefinedError& error : std::exchange(impl_->found, {})) errors.push_back(std::move(error));
  const std::vector<SchemaId> roots = impl_->Roots();
  for (const std::vector<SchemaId>& cycle : impl_->FindCyclesFrom(0)) {
    const auto named = std::ranges::find_if(
        cycle, [&](SchemaId id) { return IsNamed(impl_->tables.schemas[id].document); });
    if (named == cycle.end()) continue;
    const SchemaId document = impl_->tables.schemas[*named].document;
    errors.push_back({document,
                      {SchemaError::Kind::Malformed, impl_->ReferenceOn(cycle, document),
                       "the reference leads back to itself, so that it describes no value", ""}});
  }
  impl_->compiled = CompileSchemas(impl_->tables.schemas, impl_->tables.resources, roots);
  impl_->validator.reset();
  return errors;
}

SchemaId SchemaRegistry::Derive(const Schema& schema) const {
  return impl_->Derive(schema);
}

const Schema& SchemaRegistry::schema(SchemaId id) const {
  return impl_->tables.schemas[id];
}

SchemaId SchemaRegistry::Find(std::string_view id) const {
  const auto found = impl_->tables.names.find(id);
  return found != impl_->tables.names.end() ? found->second : SchemaId();
}

bool SchemaRegistry::IsNamed(SchemaId id) const {
  return !impl_->tables.schemas[id].name.empty();
}

uint32_t SchemaRegistry::size() const {
  return impl_->tables.schemas.size();
}

const Value& SchemaRegistry::Expanded(SchemaId id) const {
  Value& expanded = impl_->tables.schemas[id].expanded;
  if (expanded.is_null()) expanded = WriteSchema(impl_->tables.schemas, id);
  return expanded;
}

std::string SchemaRegistry::Describe(SchemaId id) const {
  const Schema& schema = impl_->tables.schemas[impl_->Resolve(id)];
  if (!schema.name.empty()) return schema.name;
  const std::string_view type = SingleType(id);
  if (type == "array" && schema.items.has_value()) {
    const Schema& items = impl_->tables.schemas[schema.items];
    const std::string_view item_type = SingleType(schema.items);
    const std::string_view item = !items.name.empty() ? std::string_view(items.name)
                                  : item_type.empty() ? std::string_view("any")
                                                      : item_type;
    return fmt::format("{{list: {}}}", item);
  }
  if (type == "object" && !schema.properties.empty()) {
    std::string names;
    for (const auto& [name, unused] : schema.properties) {
      names += names.empty() ? name : ", " + name;
    }
    return fmt::format("{{fields: {}}}", names);
  }
  return type.empty() ? std::string("any") : std::string(type);
}

SchemaId SchemaRegistry::FindProperty(SchemaId object, std::string_view name) const {
  SchemaId found;
  AnyOfChain(impl_->tables.schemas, object, [&](const Schema& schema) {
    if (const SchemaId* property = schema.FindProperty(name)) {
      found = *property;
    } else if (const SchemaId other = schema.OfOtherProperties(); other.has_value()) {
      if (impl_->tables.schemas[other].expanded.kind() != Kind::Bool) found = other;
    }
    return found.has_value();
  });
  return found;
}

std::optional<SchemaRegistry::Properties> SchemaRegistry::FindProperties(SchemaId object) const {
  Properties properties;
  std::vector<std::string_view> filled_in;  // by a default in any of the schemas
  bool is_known = false;
  AnyOfChain(impl_->tables.schemas, object, [&](const Schema& schema) {
    is_known |= !schema.properties.empty() || schema.other_properties.has_value();
    if (const SchemaId other = schema.OfOtherProperties(); other.has_value()) {
      properties.is_closed |= impl_->tables.schemas[other].is_false;
    }
    for (const auto& [name, property] : schema.properties) {
      properties.names.push_back(name);
      if (impl_->HasDefault(property)) filled_in.push_back(name);
    }
    properties.required.insert(properties.required.end(), schema.required.begin(),
                               schema.required.end());
    return false;
  });
  if (!is_known) return std::nullopt;
  const auto tidy = [](std::vector<std::string_view>& names) {
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
  };
  tidy(properties.names);
  tidy(properties.required);
  std::erase_if(properties.required, [&](std::string_view name) {
    return std::ranges::find(filled_in, name) != filled_in.end();
  });
  return properties;
}

std::optional<std::vector<Value>> SchemaRegistry::FiniteValues(SchemaId id) const {
  return FindFiniteValues(impl_->tables.schemas, id);
}

std::string_view SchemaRegistry::SingleType(SchemaId id) const {
  const TypeMask types = TypesOfChain(impl_->tables.schemas, id);
  for (const std::string_view word : TypeWords()) {
    if (FindType(word) == types) return word;
  }
  return "";
}

CompiledSchemas SchemaRegistry::Compile(const std::vector<SchemaId>& roots) const {
  return CompileSchemas(impl_->tables.schemas, impl_->tables.resources, roots);
}

SchemaCode SchemaRegistry::code() const {
  return impl_->compiled.view();
}

uint32_t SchemaRegistry::entry(SchemaId id) const {
  const auto entry = impl_->compiled.entries.find(id.index());
  WFC_CHECK(entry != impl_->compiled.entries.end());
  return entry->second;
}

std::optional<Value> SchemaRegistry::SmallestInstance(SchemaId id) const {
  if (!impl_->validator) {
    Result<Validator> validator = Validator::Make(code());
    if (!validator.ok()) return std::nullopt;  // the program has more patterns than a plan may have
    impl_->validator.emplace(std::move(*validator));
  }
  return FindSmallestInstance(impl_->tables.schemas, impl_->compiled, *impl_->validator, id);
}

ContainmentAnswer SchemaRegistry::FindContainment(SchemaId a, SchemaId b) const {
  ContainmentAnswer answer = impl_->prover().FindContainment(a, b);
  if (answer.verdict != Containment::Unknown) return answer;
  // Schemas that differ only in annotations become equal when the annotations are removed.
  const SchemaId plain_a = FindPlainSchema(*this, a);
  const SchemaId plain_b = FindPlainSchema(*this, b);
  if (plain_a == a && plain_b == b) return answer;
  const ContainmentAnswer plain = impl_->prover().FindContainment(plain_a, plain_b);
  return plain.verdict == Containment::Yes ? plain : answer;
}

std::vector<Mismatch> SchemaRegistry::Validate(SchemaId id, const Value& value) const {
  return impl_->prover().validators().Validate(id, value);
}

Value SchemaRegistry::ApplyDefaults(SchemaId id, const Value& value) const {
  return impl_->prover().validators().ApplyDefaults(id, value);
}

std::vector<Mismatch> SchemaRegistry::FillAndValidate(SchemaId id, Value& value) const {
  return impl_->prover().validators().FillAndValidate(id, value);
}

std::optional<bool>& SchemaRegistry::KnownToHaveDefaults(SchemaId id) const {
  return impl_->known_defaults[id];
}

}  // namespace wfc::types
