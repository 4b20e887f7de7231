// What a schema says of values of one kind, as facts that must hold together and choices between
// them. The search for witnesses collects them from all schemas of a goal.
#pragma once

#include <string_view>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/types/containment/subschema_terms.h"
#include "ir/types/schema/schema.h"

namespace wfc::types {

enum class FactKind : uint8_t {
  Meets,             ///< term: of the value itself
  AtLeast,           ///< value; so are the next five, of numbers
  Above,             ///<
  AtMost,            ///<
  Below,             ///<
  IsMultiple,        ///<
  IsNoMultiple,      ///<
  CountAtLeast,      ///< least: of code points, items or properties
  CountAtMost,       ///< most
  HasFormat,         ///< owner
  HasNotFormat,      ///< owner
  Rule,              ///< owner: what it says of items, or of properties and their names
  ItemMeets,         ///< term, least: the index; it is there
  SomeItemMeets,     ///< term, least: one with this index or a later one
  ItemsMeet,         ///< term, least, most: the count of items that meet it
  IsUnique,          ///< -: no two items are equal
  Repeats,           ///< -: two items are equal
  Has,               ///< name
  Lacks,             ///< name
  PropertyMeets,     ///< name, term; it is there
  SomeProperty,      ///< term; of a name that matches name_term, or that is another of `owner`
  SomeNameMeets,     ///< term
  SomeNameIsNoneOf,  ///< value: an object, whose names are meant
  Unclear,           ///< name: a keyword that the search does not understand; it may say anything
};

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

using Facts = llvm::SmallVector<Fact, 2>;
using Choice = std::vector<Facts>;  ///< one of them holds

struct Acceptance {
  Facts facts;
  std::vector<Choice> choices;
};

class FactReader {
 public:
  FactReader(const SchemaStore& schemas, TermTable& terms) : schemas_(schemas), terms_(terms) {}

  /// What holds of a value of `kind`, which is among the types of the schema, when the schema
  /// accepts it; of a listed value (`const`, `enum`) more than that.
  [[nodiscard]] Acceptance ReadAcceptance(SchemaId id, TypeBit kind);
  /// What holds of a value of `kind`, which is among the types of the schema, when the schema
  /// rejects it; no way: it accepts all of them.
  [[nodiscard]] Choice ReadRejection(SchemaId id, TypeBit kind);
  /// How a list or an object differs from `value`, which is one.
  [[nodiscard]] Choice ReadDifference(const Value& value);

 private:
  const SchemaStore& schemas_;
  TermTable& terms_;
};

/// Whether the schema says nothing at all.
[[nodiscard]] bool SaysNothing(const Schema& schema);

}  // namespace wfc::types
