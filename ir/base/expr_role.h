// The part that an expression plays for the entity that holds it. The compiler's expression trees
// and the programs of a plan share these roles.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

/// Which part of its owner an expression is.
enum class ExprRole : uint8_t {
  Condition,  ///< `if`
  With,       ///< all arguments of a call as one value
  System,     ///< the system prompt of an agent
  /// The prompt of an agent, or the prompt of a stage that replaces it. It sees `with` and no
  /// stage.
  Prompt,
  Value,       ///< what a transform yields
  Claim,       ///< the claim of an assert
  Message,     ///< the text of a failure
  Subject,     ///< the value that a decide compares
  Case,        ///< the condition of a decide's route
  Word,        ///< a word of a command's argv
  Variable,    ///< the value of a variable in a command's environment
  Folder,      ///< the folder that a command runs in
  Input,       ///< a command's standard input
  Substitute,  ///< what `on_error` puts in place of a stage's output
  Output,      ///< the output of a body or of a workflow
};

/// The role as dumps and verifier messages name it: "if", "on_error value".
[[nodiscard]] std::string_view GetName(ExprRole role);

}  // namespace wfc
