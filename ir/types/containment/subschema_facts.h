// Translates what a schema says about values of one kind into facts, which must all hold, and
// choices, of which one alternative must hold: a conjunctive form with literals and disjunctions,
// as in a tableau. The search for witnesses reads them from all schemas of a goal.
#pragma once

#include <string_view>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/types/containment/subschema_terms.h"
#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The kinds of facts. Each comment lists the members of Fact that the kind uses, then its meaning.
enum class FactKind : uint8_t {
  Meets,         ///< term; the value itself meets it
  AtLeast,       ///< value; a number is at least this
  Above,         ///< value; a number is above this
  AtMost,        ///< value; a number is at most this
  Below,         ///< value; a number is below this
  IsMultiple,    ///< value; a number is a multiple of this
  IsNoMultiple,  ///< value; a number is not a multiple of this
  CountAtLeast,  ///< least; the number of code points, items or properties
  CountAtMost,   ///< most; the number of code points, items or properties
  HasFormat,     ///< owner; a text has the owner's format
  HasNotFormat,  ///< owner; a text does not have the owner's format
  /// owner; what it says about items, or about properties and their names, holds
  Rule,
  /// term, least; the item at index `least` exists and meets the term
  ItemMeets,
  /// term, least; some item at index `least` or later meets the term
  SomeItemMeets,
  /// term, least, most; `least` to `most` items meet the term
  ItemsMeet,
  IsUnique,       ///< no two items are equal
  Repeats,        ///< two items are equal
  Has,            ///< name; the property exists
  Lacks,          ///< name; the property does not exist
  PropertyMeets,  ///< name, term; the property exists and meets the term
  /// term; some property meets the term, and its name matches `name_term` or, without one, is not
  /// covered by `properties` and `patternProperties` of `owner`, if there is an owner
  SomeProperty,
  SomeNameMeets,  ///< term; the name of some property meets the term
  /// value, an object; some property's name is not among its names
  SomeNameIsNoneOf,
  /// name; the keyword of this name is not understood by the search and may say anything
  Unclear,
};

/// One literal about a value; FactKind says which members are used.
struct Fact {
  FactKind kind = FactKind::Meets;
  Term term;
  std::optional<Term> name_term;
  uint32_t least = 0;
  uint32_t most = 0xFFFFFFFF;
  const Value* value = nullptr;
  std::string_view name;
  const Schema* owner = nullptr;
};

/// Facts that must all hold.
using Facts = llvm::SmallVector<Fact, 2>;
/// Alternatives, of which at least one must hold.
using Choice = std::vector<Facts>;

/// What holds for the values that a schema accepts.
struct Acceptance {
  Facts facts;
  std::vector<Choice> choices;
};

/// Reads facts from schemas. The results refer to the schemas.
class FactReader {
 public:
  FactReader(const SchemaStore& schemas, TermTable& terms) : schemas_(schemas), terms_(terms) {}

  /// What holds for a value of `kind` if the schema accepts it. Precondition: `kind` is among the
  /// schema's types. Of a schema with `const` or `enum`, the listed values are not among the facts;
  /// the search tries them one by one.
  [[nodiscard]] Acceptance ReadAcceptance(SchemaId id, TypeBit kind);
  /// The alternatives of which one holds for a value of `kind` if the schema rejects it; no
  /// alternatives when it accepts all values of the kind. Precondition: `kind` is among the
  /// schema's types.
  [[nodiscard]] Choice ReadRejection(SchemaId id, TypeBit kind);
  /// The alternatives of how a list or an object can differ from `value`, which is one.
  [[nodiscard]] Choice ReadDifference(const Value& value);

 private:
  const SchemaStore& schemas_;
  TermTable& terms_;
};

/// Whether the schema accepts every value because it has no keyword.
[[nodiscard]] bool SaysNothing(const Schema& schema);

}  // namespace wfc::types
