// The parser of one schema document. Its parts are parse_schema.cpp (documents, short forms,
// references), parse_keywords.cpp (what each keyword says) and parse_applicators.cpp (keywords that
// hold schemas).
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

/// What the words of a document mean.
struct SchemaDialect {
  bool is_draft_7 = false;
  bool validates = true;  ///< false: the validation vocabulary only annotates
};

/// Where the parser is: in what was written, and in the full form, which `#/…` refers to.
struct SchemaPlace {
  std::string source;
  std::string expanded;
  std::string base;           ///< URI of the resource, without a fragment; "" when it has none
  size_t resource_begin = 0;  ///< in `expanded`: the pointer to the resource's root
  uint32_t resource = 0;      ///< in SchemaTables::resources
  SchemaDialect dialect;

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

/// A schema that is being read, and its full form so far.
struct SchemaDraft {
  Schema schema;
  std::vector<MapEntry> expanded;
  bool has_local_references = false;
  bool is_short_form = false;  ///< its keywords stand nowhere in the source
  struct Reference {
    std::string text;  ///< as it was written
    std::string uri;   ///< absolute, with its fragment
    SchemaPlace place;
    bool is_dynamic = false;
  };
  std::vector<Reference> references;  ///< other than to registered names
  struct Anchor {
    std::string name;
    bool is_dynamic = false;
  };
  std::vector<Anchor> anchors;
};

/// A schema that was read.
struct ParsedSchema {
  SchemaId id;
  Value expanded;
  bool has_local_references = false;
};

/// What to write in 2020-12 instead of a word of an older draft; "" for any other word.
[[nodiscard]] std::string_view FindCure(std::string_view old_word);

class SchemaParser {
 public:
  SchemaParser(SchemaTables& tables, SchemaId target, std::vector<SchemaError>& errors)
      : tables_(tables), target_(target), errors_(errors) {}

  SchemaId ParseDocument(const Value& source);
  /// All schemas of the document, parts before wholes.
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
  /// `definitions`, which 2020-12 still reads as a place for schemas.
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

  // parse_unknown.cpp: words that are no keywords.
  void ParseUnknown(std::string_view name, const Value& siblings, const SchemaPlace& place);
  void ReportNullable(const Value& siblings, const SchemaPlace& place);
  /// Whether a map of names to schemas stands where a schema should, which is reported.
  bool IsMapOfFields(const Value& source, const SchemaPlace& place);
  [[nodiscard]] bool IsLikeSchema(const Value& value) const;
  [[nodiscard]] bool IsLikeField(const MapEntry& entry) const;
  /// `exclusiveMinimum: true` and its like, as draft-04 has them.
  void ReportOldBound(std::string_view name, const Value& siblings, const SchemaPlace& place);

  // parse_foreign.cpp: what other languages say.
  /// Whether `word` is a type of another language, which is reported.
  bool ReportForeignType(std::string_view word, const SchemaPlace& place);
  /// The same for a word of `type`.
  bool ReportForeignTypeWord(std::string_view word, const SchemaPlace& place);
  /// `required: true` in a property.
  void ReportOwnRequired(bool is_required, const SchemaPlace& place);
  /// `optional` where there are no `fields`.
  void ReportOptional(const Value& siblings, const SchemaPlace& place);
  void ReportBesideShortForm(std::string_view keyword, std::string_view form,
                             const SchemaPlace& place);
  void ReportNoSchemaMap(const Value& value, const SchemaPlace& place);
  [[nodiscard]] bool IsSchemaWord(std::string_view word) const;
  [[nodiscard]] bool IsForeignType(std::string_view word) const;
  /// `minLength` for `min` beside `type: string`; "": no keyword of another language's.
  [[nodiscard]] static std::string_view FindForeignKeyword(std::string_view name,
                                                           const Value& siblings);
  void ReportForeignKeyword(std::string_view name, std::string_view meant, const Value& siblings,
                            const SchemaPlace& place);

  // parse_lints.cpp: what is allowed, and never meant.
  void WarnOfListed(const SchemaDraft& draft, const SchemaPlace& place);
  void WarnOfForeignKeywords(const Value& source, const SchemaDraft& draft,
                             const SchemaPlace& place);
  void WarnOfFormat(std::string_view format, const SchemaPlace& place);
  void WarnOfRequired(const SchemaDraft& draft, const SchemaPlace& place);
  void WarnOfSlashes(std::string_view pattern, const SchemaPlace& place);
  void WarnOfQuestionMark(std::string_view name, const SchemaPlace& place);

  // parse_draft7.cpp
  static bool IsIgnored(std::string_view name, const Value& siblings, const SchemaPlace& place);
  /// Whether the keyword was read as draft-07 means it.
  bool ParseOldKeyword(std::string_view name, const Value& value, const SchemaPlace& place,
                       SchemaDraft& draft);
  void ParseDependencies(const Value& value, const SchemaPlace& place, SchemaDraft& draft);

  // parse_identifiers.cpp: documents, their identifiers, and references between them.
  /// The place inside `source` when it has an `$id` or a `$schema` of its own.
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
  std::set<std::string, std::less<>> noted_;  ///< unknown words of this document
  uint32_t first_schema_ = 0;
  std::string root_base_;  ///< of the document: `wfc:/NAME` of a declared schema, else ""
  std::unordered_map<std::string, SchemaId> locations_;  ///< as SchemaTables::locations
  bool has_identifiers_ = false;
  struct OpenReference {
    SchemaId from;
    SchemaDraft::Reference reference;
  };
  std::vector<OpenReference> references_;
};

}  // namespace wfc::types
