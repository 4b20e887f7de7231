// SchemaParser, the parser of one schema document; ParseSchemaDocument makes one. One subject each:
// parse_schema.cpp has documents, words and short forms, parse_keywords.cpp what each keyword
// means, parse_identifiers.cpp `$id`, anchors and references, parse_draft7.cpp the older dialect,
// and parse_unknown.cpp, parse_foreign.cpp and parse_lints.cpp what authors get wrong.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ir/types/schema/parse_schema.h"
#include "ir/types/schema/schema_error.h"
#include "ir/types/schema/schema_tables.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {

/// How the words of a document are read.
struct SchemaDialect {
  bool is_draft_7 = false;
  bool validates = true;  ///< whether the validation vocabulary constrains values or only annotates
};

/// The parser's position in the source and in the full form. References of the form `#/…` are
/// pointers into the full form.
struct SchemaPlace {
  std::string source;    ///< JSON pointer into the source
  std::string expanded;  ///< JSON pointer into the full form
  std::string base;      ///< the resource's URI without a fragment; "" when it has none
  /// The length of the pointer to the resource's root, a prefix of `expanded`.
  size_t resource_begin = 0;
  uint32_t resource = 0;  ///< index into SchemaTables::resources
  SchemaDialect dialect;

  /// The place of a child, whose key can differ between the source and the full form.
  [[nodiscard]] SchemaPlace Child(std::string_view source_key,
                                  std::string_view expanded_key) const {
    SchemaPlace child = *this;
    AppendPointer(child.source, source_key);
    AppendPointer(child.expanded, expanded_key);
    return child;
  }
  [[nodiscard]] SchemaPlace Child(std::string_view key) const { return Child(key, key); }
  [[nodiscard]] SchemaPlace Child(size_t index) const { return Child(std::to_string(index)); }
};

/// A schema that is being parsed, and its full form so far.
struct SchemaDraft {
  Schema schema;
  std::vector<MapEntry> expanded;
  bool has_local_references = false;
  /// Whether it is written in a short form, so that its keywords do not occur in the source.
  bool is_short_form = false;
  struct Reference {
    std::string text;  ///< as written
    std::string uri;   ///< absolute, including the fragment
    SchemaPlace place;
    bool is_dynamic = false;
  };
  std::vector<Reference> references;  ///< the references that are not ids of registered schemas
  struct Anchor {
    std::string name;
    bool is_dynamic = false;
  };
  std::vector<Anchor> anchors;
};

/// A schema that has been parsed.
struct ParsedSchema {
  SchemaId id;
  Value expanded;
  bool has_local_references = false;
};

/// How 2020-12 expresses a keyword of an older draft, as the rest of a message; "" for any other
/// word.
[[nodiscard]] std::string_view FindCure(std::string_view old_word);

/// Parses one document. The schemas go to the tables, the problems to `errors`.
class SchemaParser {
 public:
  SchemaParser(SchemaTables& tables, SchemaId target, std::vector<SchemaError>& errors)
      : tables_(tables), target_(target), errors_(errors) {}

  /// The id of the root; an id without a value when there were errors. Call it once.
  SchemaId ParseDocument(const Value& source);
  /// All schemas of the document, each after its parts.
  [[nodiscard]] std::vector<WrittenSchema> TakeParts() { return std::move(parts_); }

 private:
  using Handler = void (SchemaParser::*)(const Value& value, const SchemaPlace& place,
                                         SchemaDraft& draft);
  struct KeywordHandler {
    std::string_view name;
    Handler handler;
  };
  static const KeywordHandler kHandlers[];

  [[nodiscard]] bool has_errors() const { return error_count_ > 0; }
  void Report(SchemaError::Kind kind, const SchemaPlace& place, std::string message,
              std::string suggestion = "") {
    Report({kind, place.source, std::move(message), std::move(suggestion)});
  }
  void Report(SchemaError error) {
    if (error.severity == diag::Severity::Error) ++error_count_;
    errors_.push_back(std::move(error));
  }
  void Warn(const SchemaPlace& place, std::string message, std::vector<SchemaEdit> fix = {}) {
    Report({.kind = SchemaError::Kind::Malformed,
            .pointer = place.source,
            .message = std::move(message),
            .suggestion = "",
            .severity = diag::Severity::Warning,
            .fix = std::move(fix)});
  }
  void ReportShape(const SchemaPlace& place, std::string message) {
    Report(SchemaError::Kind::Malformed, place, std::move(message));
  }

  ParsedSchema Parse(const Value& source, const SchemaPlace& place);
  SchemaDraft ParseWord(std::string_view word, const SchemaPlace& place);
  SchemaDraft ParseMap(const Value& source, const SchemaPlace& place);
  SchemaDraft ParseFields(const Value& source, const SchemaPlace& place);
  SchemaDraft ParseList(const Value& source, const SchemaPlace& place);
  void ParseBesideShortForm(const Value& source, const SchemaPlace& place,
                            std::span<const std::string_view> own, SchemaDraft& draft);
  void ParseKeyword(std::string_view name, const Value& siblings, const SchemaPlace& place,
                    SchemaDraft& draft);
  ParsedSchema Finish(SchemaDraft draft, const SchemaPlace& place);
  ParsedSchema ParseInto(const Value& source, const SchemaPlace& place, SchemaDraft& draft);

  void ParseType(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseEnum(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseConst(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDefault(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParsePattern(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseFormat(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseMultipleOf(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseUniqueItems(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseRequired(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseProperties(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDefinitions(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  /// Parses `definitions`, which 2020-12 still allows as a place for schemas.
  void ParseOldDefinitions(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParsePatternProperties(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDependentRequired(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDependentSchemas(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDialect(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDynamicReference(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseAnchor(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseDynamicAnchor(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseVocabulary(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ReadAnchor(const Value& value, const SchemaPlace& place, bool is_dynamic,
                  SchemaDraft& draft);
  void ReadReference(const Value& value, const SchemaPlace& place, bool is_dynamic,
                     SchemaDraft& draft);
  void ParseReference(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  void ParseId(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  template <std::optional<Value> Schema::* member>
  void ParseBound(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  template <auto member>
  void ParseCount(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  template <SchemaId Schema::* member>
  void ParseSubschema(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  template <std::vector<SchemaId> Schema::* member>
  void ParseSubschemas(const Value& value, const SchemaPlace& place, SchemaDraft& draft);

  TypeMask ReadType(const Value& word, const SchemaPlace& place);
  std::optional<uint32_t> ReadCount(const Value& value, const SchemaPlace& place);
  std::string CompileWithin(const std::string& re2);
  std::optional<SchemaPattern> ReadPattern(const std::string& source, const SchemaPlace& place);
  SchemaId ParseOneSchema(const Value& value, const SchemaPlace& place, SchemaDraft& draft);
  std::vector<SchemaId> ParseSchemaList(const Value& value, const SchemaPlace& place,
                                        SchemaDraft& draft);
  std::vector<std::pair<std::string, SchemaId>> ParseSchemaMap(const Value& value,
                                                               const SchemaPlace& place,
                                                               SchemaDraft& draft,
                                                               std::string_view expanded_key);
  void ReadNames(const Value& value, const SchemaPlace& place, std::vector<std::string>& names);
  SchemaId FindNamed(std::string_view id, const SchemaPlace& place);

  // parse_unknown.cpp: words that are not keywords.
  void ParseUnknown(std::string_view name, const Value& siblings, const SchemaPlace& place);
  void ReportNullable(const Value& siblings, const SchemaPlace& place);
  /// Reports a map of field names to schemas in place of a schema; returns whether there was one.
  bool IsMapOfFields(const Value& source, const SchemaPlace& place);
  [[nodiscard]] bool IsLikeSchema(const Value& value) const;
  [[nodiscard]] bool IsLikeField(const MapEntry& entry) const;
  /// Reports `exclusiveMinimum: true` and the like, which are draft-04.
  void ReportOldBound(std::string_view name, const Value& siblings, const SchemaPlace& place);

  // parse_foreign.cpp: notations of other languages.
  /// Reports `word` if it is a type of another language; returns whether it was.
  bool ReportForeignType(std::string_view word, const SchemaPlace& place);
  /// As ReportForeignType, for a word of the keyword `type`.
  bool ReportForeignTypeWord(std::string_view word, const SchemaPlace& place);
  /// Reports `required: true` or `required: false` in a property.
  void ReportOwnRequired(bool is_required, const SchemaPlace& place);
  /// Reports `optional` without `fields`.
  void ReportOptional(const Value& siblings, const SchemaPlace& place);
  void ReportBesideShortForm(std::string_view keyword, std::string_view form,
                             const SchemaPlace& place);
  void ReportNoSchemaMap(const Value& value, const SchemaPlace& place);
  [[nodiscard]] bool IsSchemaWord(std::string_view word) const;
  [[nodiscard]] bool IsForeignType(std::string_view word) const;
  /// The keyword that `name` stands for in another language, such as `minLength` for `min` beside
  /// `type: string`. Empty when there is none.
  [[nodiscard]] static std::string_view FindForeignKeyword(std::string_view name,
                                                           const Value& siblings);
  void ReportForeignKeyword(std::string_view name, std::string_view meant, const Value& siblings,
                            const SchemaPlace& place);

  // parse_lints.cpp: constructs that are allowed but never intended.
  void WarnOfListed(const SchemaDraft& draft, const SchemaPlace& place);
  void WarnOfForeignKeywords(const Value& source, const SchemaDraft& draft,
                             const SchemaPlace& place);
  void WarnOfFormat(std::string_view format, const SchemaPlace& place);
  void WarnOfRequired(const SchemaDraft& draft, const SchemaPlace& place);
  void WarnOfSlashes(std::string_view pattern, const SchemaPlace& place);
  void WarnOfQuestionMark(std::string_view name, const SchemaPlace& place);

  // parse_draft7.cpp: draft-07.
  static bool IsIgnored(std::string_view name, const Value& siblings, const SchemaPlace& place);
  /// Parses the keyword if draft-07 gives it another meaning; returns whether it did.
  bool ParseOldKeyword(std::string_view name, const Value& value, const SchemaPlace& place,
                       SchemaDraft& draft);
  void ParseDependencies(const Value& value, const SchemaPlace& place, SchemaDraft& draft);

  // parse_identifiers.cpp: documents, identifiers and references.
  /// The place inside `source` if `source` has its own `$id` or `$schema`; otherwise no value.
  std::optional<SchemaPlace> EnterResource(const Value& source, const SchemaPlace& outer);
  SchemaDialect ReadDialect(const Value& uri, const SchemaPlace& place);
  void Locate(const SchemaDraft& draft, const SchemaPlace& place, SchemaId id);
  void ResolveReferences();
  void ReportUnresolved(const SchemaDraft::Reference& reference);
  [[nodiscard]] SchemaId FindLocation(const std::string& uri) const;

  SchemaTables& tables_;
  SchemaId target_;
  std::vector<SchemaError>& errors_;
  size_t error_count_ = 0;
  std::vector<WrittenSchema> parts_;
  /// The unknown words of this document that were reported.
  std::set<std::string, std::less<>> noted_;
  uint32_t first_schema_ = 0;
  /// The document's base URI: `wfc:/NAME` for a declared schema, otherwise "".
  std::string root_base_;
  /// The schemas of this document, keyed as in SchemaTables::locations.
  std::unordered_map<std::string, SchemaId> locations_;
  bool has_identifiers_ = false;
  struct OpenReference {
    SchemaId from;
    SchemaDraft::Reference reference;
  };
  std::vector<OpenReference> references_;
};

}  // namespace wfc::types
