// What an expression is to the entity that it stands in: the same words for the compiler's trees
// and for the programs of a plan.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc {

enum class ExprRole : uint8_t {
  Condition,   ///< `if`
  With,        ///< all arguments of a call as one value
  System,      ///< of an agent
  Prompt,      ///< of an agent, or of a stage in its place: it sees `with`, and no stage
  Value,       ///< what a transform yields
  Claim,       ///< what an assert holds to be true
  Message,     ///< the text of a failure
  Subject,     ///< what a decide decides on
  Case,        ///< the condition of a decide's route
  Word,        ///< of a command
  Variable,    ///< of a command's environment
  Folder,      ///< where a command runs
  Input,       ///< a command's standard input
  Substitute,  ///< what `on_error` puts in place of a stage's output
  Output,      ///< of a body, or of a workflow
};

/// As dumps and verifiers name the place: "if", "on_error value".
[[nodiscard]] std::string_view GetName(ExprRole role);

}  // namespace wfc
