// SchemaRegistry: all schemas of a project, interned. Lowering adds them; passes ask about them;
// codegen takes the program.
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

class SchemaRegistry {
 public:
  SchemaRegistry();
  SchemaRegistry(SchemaRegistry&&) noexcept;
  SchemaRegistry& operator=(SchemaRegistry&&) noexcept;
  ~SchemaRegistry();

  /// From here on `format` asserts (those that wfc knows, vm/formats.h); before, it annotates.
  void AssertFormats();
  /// Announces a named schema, so that others may refer to it before its text is added. All names
  /// are declared first.
  SchemaId Declare(std::string_view id);
  /// The text of a declared schema: a type word, a short form, an id (an alias) or a schema.
  std::vector<SchemaError> Define(SchemaId id, const Value& source);
  /// An inline schema, in any form; an id yields that schema's id. None when one of `errors` is an
  /// error. Equal schemas share an id.
  SchemaId AddInline(const Value& source, std::vector<SchemaError>& errors);

  /// After the last Define and AddInline: unsatisfiable schemas, reference cycles that consume
  /// nothing. Each error names the declared schema it stands in (none: an inline one, which
  /// AddInline has judged).
  struct DefinedError {
    SchemaId schema;
    SchemaError error;
  };
  [[nodiscard]] std::vector<DefinedError> Finish();

  /// The schema that says what `schema` says (its name and places apart), made if there is none:
  /// equal ones share an id. For what the compiler infers; no program holds it. The values in it
  /// nest at most kMaxBinaryDepth deep. Logically const: nothing that was known changes, but a
  /// reference from `schema()` does not outlive it.
  [[nodiscard]] SchemaId Derive(const Schema& schema) const;
  [[nodiscard]] const Schema& schema(SchemaId id) const;

  [[nodiscard]] SchemaId Find(std::string_view id) const;  ///< none: not registered
  /// The id of a declared schema; for an inline one a short description such as `{list: string}`.
  [[nodiscard]] std::string Describe(SchemaId id) const;
  [[nodiscard]] bool IsNamed(SchemaId id) const;
  [[nodiscard]] uint32_t size() const;

  /// The schema in full form, short forms expanded; references to registered ids stay `$ref: ID`.
  [[nodiscard]] const Value& Expanded(SchemaId id) const;

  // What passes ask. Each looks through references.
  [[nodiscard]] SchemaId FindProperty(SchemaId object,
                                      std::string_view name) const;  ///< none: not known
  [[nodiscard]] bool IsRequired(SchemaId object,
                                std::string_view name) const;  ///< also when it has a default
  /// Names of `properties`, sorted; `is_closed` when no other is allowed. Empty optional: not an
  /// object with known properties.
  struct Properties {
    std::vector<std::string_view> names;
    std::vector<std::string_view> required;  ///< without a default: what a caller must give
    bool is_closed = false;
  };
  [[nodiscard]] std::optional<Properties> FindProperties(SchemaId object) const;
  /// All values, when there are finitely many that the schema lists (enum, const, boolean, null).
  [[nodiscard]] std::optional<std::vector<Value>> FiniteValues(SchemaId id) const;
  /// "string", "integer"… when the schema allows exactly one type; "" otherwise.
  [[nodiscard]] std::string_view SingleType(SchemaId id) const;

  // The program: valid after Finish, unchanged by later calls.
  [[nodiscard]] SchemaCode code() const;
  [[nodiscard]] uint32_t entry(SchemaId id) const;
  /// The program of `roots` alone and what they lead to, in that order: it does not depend on what
  /// else is registered. After Finish.
  [[nodiscard]] CompiledSchemas Compile(const std::vector<SchemaId>& roots) const;
  /// The smallest valid instance (language.md, `scripted`), or none when there is none or it cannot
  /// be found.
  [[nodiscard]] std::optional<Value> SmallestInstance(SchemaId id) const;

  /// Whether every value that `a` accepts is accepted by `b`. Both may be derived; asked twice, it
  /// is remembered. Logically const.
  [[nodiscard]] ContainmentAnswer FindContainment(SchemaId a, SchemaId b) const;
  /// How a value does not fit, of derived schemas too; no mismatch: it fits.
  [[nodiscard]] std::vector<Mismatch> Validate(SchemaId id, const Value& value) const;
  /// As Validator::ApplyDefaults.
  [[nodiscard]] Value ApplyDefaults(SchemaId id, const Value& value) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::types
