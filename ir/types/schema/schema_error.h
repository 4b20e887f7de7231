// What is wrong with a schema, and what mends it: for whoever adds schemas to a project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/diag/code.h"

namespace wfc::types {

/// A change to the text of a schema, at an entry of a map.
struct SchemaEdit {
  enum class Kind : uint8_t {
    Rename,  ///< its key becomes `text`
    Set,     ///< its value becomes `text`
    Remove,  ///< it goes
    Wrap,    ///< the value at `pointer`, a map, becomes the map of the one key `text`
  };
  Kind kind = Kind::Rename;
  std::string pointer;
  std::string text;
};

/// What is wrong with a schema.
struct SchemaError {
  enum class Kind : uint8_t {
    Malformed,    ///< not a schema, or words in it that say nothing
    Empty,        ///< no value satisfies it
    BadPattern,   ///< a regular expression outside the linear-time set
    UnknownName,  ///< a reference to a schema that is not registered
  };
  Kind kind = Kind::Malformed;
  std::string pointer;     ///< JSON pointer into the source value that was added
  std::string message;     ///< lower case, no final stop
  std::string suggestion;  ///< of an unknown name: the nearest registered id or type word, or ""
  diag::Severity severity = diag::Severity::Error;  ///< below it, the schema is used all the same
  std::vector<SchemaEdit> fix = {};                 ///< all of them mend it; none: nothing does
};

/// Whether one of them makes the schema unusable.
[[nodiscard]] bool HasErrors(const std::vector<SchemaError>& errors);

}  // namespace wfc::types
