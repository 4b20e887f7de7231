// The type of a plain scalar by the core schema of YAML 1.2, and what YAML 1.1 would read it as.
// Called by the builder and the JSON reader.
#pragma once

#include <string>
#include <string_view>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

/// The type of a plain scalar.
struct PlainType {
  Kind kind = Kind::String;
  bool is_not_in_json = false;  ///< a YAML number that JSON lacks, such as `.inf`; read as text
  std::string_view problem;     ///< why a number cannot be represented; `kind` is then Poison
};

/// The type of a plain scalar by YAML 1.2.2, section 10.3.2; decimal integers outside int64 are
/// BigInt.
[[nodiscard]] PlainType ResolvePlain(std::string_view text);

/// How YAML 1.1 reads a plain scalar, as a phrase for messages ("true", "the number 511", "text"),
/// if YAML 1.2 reads it differently; otherwise empty. The letters `y` and `n` do not count as
/// different, because hardly any YAML 1.1 reader treats them as booleans.
[[nodiscard]] std::string ReadAsYaml11(std::string_view text);

}  // namespace wfc::yaml
