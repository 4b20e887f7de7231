// The keywords of schemas, the type words, and how the parser treats each.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ir/types/vm/schema_code.h"

namespace wfc::types {

/// How the parser treats a keyword.
enum class KeywordUse : uint8_t {
  Annotation,  ///< the keyword does not constrain values
  Structure,   ///< a keyword of the vocabularies core, applicator and unevaluated
  Validation,  ///< a keyword of the vocabulary validation, which a dialect may leave out
};

/// One keyword of JSON Schema 2020-12.
struct Keyword {
  std::string_view name;
  KeywordUse use;
};

/// All keywords of JSON Schema 2020-12, sorted by name.
[[nodiscard]] std::span<const Keyword> AllKeywords();
/// The keyword with that name; null when there is none.
[[nodiscard]] const Keyword* FindKeyword(std::string_view name);

/// Whether other users of JSON Schema use `name` as an annotation: `x-…`, `example`,
/// `discriminator`.
[[nodiscard]] bool IsAnnotationWord(std::string_view name);

/// The types that a type word of JSON Schema stands for; no value for any other word.
[[nodiscard]] std::optional<TypeMask> FindType(std::string_view word);
/// The type words of the short form: those of JSON Schema, and `any`.
[[nodiscard]] std::span<const std::string_view> TypeWords();

}  // namespace wfc::types
