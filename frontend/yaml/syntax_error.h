// SyntaxError: what stops the reading of YAML or JSON. The builder and the reader of JSON throw it,
// FileReader and ReadJson catch it, and syntax_advice.h improves it. Internal to this folder.
#pragma once

#include <cstdint>
#include <string>

namespace wfc::yaml {

/// The reason why reading a slice of a file stopped, for bytes [begin, end) of the file. Thrown and
/// caught within this folder only.
struct SyntaxError {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
  bool is_limit = false;  ///< report it as Y007 instead of Y001
  bool is_final = false;  ///< do not try to read around the error
  /// A suggested replacement for bytes [meant_begin, meant_end); no suggestion if empty.
  std::string meant = {};
  uint32_t meant_begin = 0;
  uint32_t meant_end = 0;
};

}  // namespace wfc::yaml
