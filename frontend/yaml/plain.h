// What a plain scalar is by YAML 1.2's core schema, and what YAML 1.1 would have made of it.
#pragma once

#include <string>
#include <string_view>

#include "frontend/yaml/tree.h"

namespace wfc::yaml {

struct PlainType {
  Kind kind = Kind::String;
  bool is_unheld = false;    ///< a number of YAML that JSON has not (`.inf`), read as text
  std::string_view trouble;  ///< why the number cannot be read; its kind is then `Poison`
};

/// YAML 1.2.2, section 10.3.2; integers outside int64 are BigInt.
[[nodiscard]] PlainType ResolvePlain(std::string_view text);

/// What YAML 1.1 reads a plain scalar as where that differs: "true", "the number 511", "text"; else
/// empty. The letters `y` and `n` are left out: hardly any reader takes them for booleans.
[[nodiscard]] std::string ReadAsYaml11(std::string_view text);

}  // namespace wfc::yaml
