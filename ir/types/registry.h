// SchemaRegistry: all schemas of a project, each stored once. Lowering adds them, passes ask about
// them, and codegen takes the compiled program.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/containment/subschema.h"
#include "ir/types/schema/ids.h"
#include "ir/types/schema/schema.h"
#include "ir/types/schema/schema_error.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

struct CompiledSchemas;

/// Owns the schemas of a project. The order of calls is AssertFormats, Declare, Define and
/// AddInline, Finish; questions come after.
class SchemaRegistry {
 public:
  SchemaRegistry();
  SchemaRegistry(SchemaRegistry&&) noexcept;
  SchemaRegistry& operator=(SchemaRegistry&&) noexcept;
  ~SchemaRegistry();

  /// Makes `format` an assertion in all schemas that are added from now on, for the formats that
  /// wfc checks (vm/formats.h). Otherwise `format` is an annotation.
  void AssertFormats();
  /// Announces a schema by name, so that others can refer to it before its text is added. All names
  /// must be declared before the first Define.
  SchemaId Declare(std::string_view id);
  /// Parses the text of a declared schema: a type word, a short form, the id of another schema, or
  /// a JSON Schema. Returns its problems; after an error the schema admits everything.
  std::vector<SchemaError> Define(SchemaId id, const Value& source);
  /// Adds an inline schema in any of these forms. The id of a schema yields that schema. Equal
  /// schemas share an id. No value when the source cannot be parsed or its references form a cycle.
  /// A schema that no value fits is an error too, but is returned. Problems are added to `errors`.
  SchemaId AddInline(const Value& source, std::vector<SchemaError>& errors);

  /// A problem of a declared schema that Finish found.
  struct DefinedError {
    SchemaId schema;
    SchemaError error;
  };
  /// Must be called after the last Define and AddInline. Compiles the program, and returns the
  /// problems of declared schemas that can be found only now: references without a target,
  /// reference cycles, and schemas that no value fits. AddInline has already reported those of
  /// inline schemas.
  [[nodiscard]] std::vector<DefinedError> Finish();

  /// The id of a schema with the same keywords as `schema`, ignoring its name and locations; it is
  /// added when there is none. It is for schemas that the compiler infers; the program does not
  /// contain them. Precondition: values in `schema` nest at most kMaxBinaryDepth deep. Logically
  /// const: no existing schema changes, but references from `schema()` become invalid.
  [[nodiscard]] SchemaId Derive(const Schema& schema) const;
  /// The schema. The reference becomes invalid when a schema is added.
  [[nodiscard]] const Schema& schema(SchemaId id) const;

  /// The id of a declared schema; no value when no schema has that name.
  [[nodiscard]] SchemaId Find(std::string_view id) const;
  /// The id of a declared schema as text, or for an inline schema a short description such as
  /// `{list: string}`.
  [[nodiscard]] std::string Describe(SchemaId id) const;
  /// Whether the schema is a declared one.
  [[nodiscard]] bool IsNamed(SchemaId id) const;
  /// The number of schemas, including subschemas and derived ones.
  [[nodiscard]] uint32_t size() const;

  /// The schema in its full form: short forms are expanded, and references to registered ids remain
  /// `$ref: ID`.
  [[nodiscard]] const Value& Expanded(SchemaId id) const;

  // Questions of passes. Each looks through references.
  /// The schema of a property of `object`: the one that `properties` lists, or else a schema for
  /// other properties. No value when there is none.
  [[nodiscard]] SchemaId FindProperty(SchemaId object, std::string_view name) const;
  /// The properties that a schema lists.
  struct Properties {
    /// Sorted.
    std::vector<std::string_view> names;
    /// Sorted; without those that have a default, so what a caller must give.
    std::vector<std::string_view> required;
    bool is_closed = false;  ///< whether no other properties are allowed
  };
  /// The properties of `object`; no value when it is not an object with known properties.
  [[nodiscard]] std::optional<Properties> FindProperties(SchemaId object) const;
  /// The values that the schema lists (`enum`, `const`, boolean, null), if there are finitely many;
  /// some may be rejected by further keywords. No value when there may be others.
  [[nodiscard]] std::optional<std::vector<Value>> FiniteValues(SchemaId id) const;
  /// The type word, such as "string" or "integer", when the schema allows exactly one type;
  /// otherwise "".
  [[nodiscard]] std::string_view SingleType(SchemaId id) const;

  // The program. It is valid after Finish, and later calls do not change it.
  /// A view of the program, valid as long as the registry lives.
  [[nodiscard]] SchemaCode code() const;
  /// The offset of a schema in the program. Precondition: the program contains the schema.
  [[nodiscard]] uint32_t entry(SchemaId id) const;
  /// Compiles only `roots`, in that order, and what they refer to. The result does not depend on
  /// what else is registered. Call it after Finish.
  [[nodiscard]] CompiledSchemas Compile(const std::vector<SchemaId>& roots) const;
  /// The smallest valid instance of a schema of the program (docs/language/agents.md); no value
  /// when there is none or it was not found.
  [[nodiscard]] std::optional<Value> SmallestInstance(SchemaId id) const;

  /// Whether every value that `a` accepts is accepted by `b`. Both may be derived. Answers are
  /// cached; logically const.
  [[nodiscard]] ContainmentAnswer FindContainment(SchemaId a, SchemaId b) const;
  /// The mismatches of `value` and the schema, which may be derived; none when it fits.
  [[nodiscard]] std::vector<Mismatch> Validate(SchemaId id, const Value& value) const;
  /// As Validator::ApplyDefaults; `value` itself when it has too many defaults.
  [[nodiscard]] Value ApplyDefaults(SchemaId id, const Value& value) const;
  /// As Validator::FillAndValidate, for a schema that may be derived.
  [[nodiscard]] std::vector<Mismatch> FillAndValidate(SchemaId id, Value& value) const;
  /// For filled_schema.h: whether defaults are filled in for some values of the schema. Empty, and
  /// to be filled in, if that was not asked since a schema was defined.
  [[nodiscard]] std::optional<bool>& KnownToHaveDefaults(SchemaId id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::types
