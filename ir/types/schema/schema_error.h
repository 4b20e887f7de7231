// The errors of a schema and their fixes, for code that adds schemas to a project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/diag/code.h"

namespace wfc::types {

/// An edit of a schema's text, at an entry of a map.
struct SchemaEdit {
  enum class Kind : uint8_t {
    Rename,  ///< the key of the entry becomes `text`
    Set,     ///< the value of the entry becomes `text`
    Remove,  ///< the entry is removed
    /// The value at `pointer`, a map, becomes a map whose only key is `text` and whose value it is.
    Wrap,
  };
  Kind kind = Kind::Rename;
  std::string pointer;
  std::string text;
};

/// One problem of a schema: an error, a warning or a note.
struct SchemaError {
  enum class Kind : uint8_t {
    Malformed,    ///< it is not a schema, or has keywords that have no effect
    Empty,        ///< no value satisfies it
    BadPattern,   ///< a regular expression outside the linear-time subset
    UnknownName,  ///< a reference to a schema that is not registered
  };
  Kind kind = Kind::Malformed;
  std::string pointer;  ///< JSON pointer into the source value
  std::string message;  ///< in lower case, without a final stop
  /// For an unknown name, the nearest registered id or type word; otherwise "".
  std::string suggestion;
  /// Below Error, the schema is used nonetheless.
  diag::Severity severity = diag::Severity::Error;
  /// Together they fix the problem; empty when there is no fix.
  std::vector<SchemaEdit> fix = {};
};

/// Whether any of them makes the schema unusable.
[[nodiscard]] bool HasErrors(const std::vector<SchemaError>& errors);

}  // namespace wfc::types
