// The words of schemas: which keywords there are and what becomes of them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ir/types/vm/schema_code.h"

namespace wfc::types {

enum class KeywordUse : uint8_t {
  Annotation,  ///< says nothing about values
  Structure,   ///< of the vocabularies core, applicator and unevaluated
  Validation,  ///< of the vocabulary validation, which a dialect may leave out
};

struct Keyword {
  std::string_view name;
  KeywordUse use;
};

/// All keywords of JSON Schema 2020-12, sorted.
[[nodiscard]] std::span<const Keyword> AllKeywords();
[[nodiscard]] const Keyword* FindKeyword(std::string_view name);

/// Whether other users of JSON Schema annotate by `name`: `x-…`, `example`, `discriminator`…
[[nodiscard]] bool IsAnnotationWord(std::string_view name);

/// What the type words of JSON Schema stand for; none for others.
[[nodiscard]] std::optional<TypeMask> FindType(std::string_view word);
/// The type words of a short form: those of JSON Schema, and `any`.
[[nodiscard]] std::span<const std::string_view> TypeWords();

}  // namespace wfc::types
