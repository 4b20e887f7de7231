// Call: whatever leaves the process's own computation, as a value. The evaluator evaluates and
// checks what a plan says, so that a call holds all that an executor needs to know.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "backend-runtime/runtime/evaluate/authority.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "backend-runtime/runtime/machine/ids.h"
#include "ir/base/builtin_tools.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// The attempt that makes a call, for messages and records.
struct CallSite {
  NodeId node;
  uint32_t attempt = 1;    ///< counts from 1 within the run
  std::string_view stage;  ///< the stage's path; a view into the plan
};

/// Reads the text that a model or an agent's command answers as the value that its schema requires.
/// The error is for people, quotes no secret, and is worded so that a model can act on it, too.
using ReadAnswerFunction = std::function<Result<Value>(std::string_view text)>;

/// A program to run, for a `run` stage, a `command` tool or a `command` agent.
struct CommandCall {
  std::vector<std::string> argv = {};  ///< not empty; argv[0] is unresolved
  std::string cwd = {};                ///< relative to the workspace; "" is the workspace
  /// Sorted by name; nothing is inherited.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::optional<std::string> stdin_bytes = {};  ///< without a value: no input
  std::vector<int64_t> ok_exit = {};
  OutputParse parse = OutputParse::Text;
  uint64_t stdout_limit = 1 << 20;  ///< bytes; more is a failure with code `io`
  /// Set for an agent's command: reads the output, whatever `parse` says.
  ReadAnswerFunction read_answer = {};
};

/// A call of a built-in tool.
struct BuiltinCall {
  BuiltinTool builtin = BuiltinTool::Echo;
  Value arguments;  ///< validated, defaults filled in
};

/// One call of a model.
struct ModelCall {
  ModelId model;
  uint32_t earlier_calls = 0;  ///< of this stage in the run
  std::string system = {};
  std::string prompt = {};
  double temperature = -1;  ///< below 0: the provider's default
  ReadAnswerFunction read_answer = {};
  /// The smallest valid answer, by which the provider `scripted` stands in for a model; no
  /// value if it is not known.
  std::optional<Value> smallest_answer = {};
};

/// One call: who makes it, under which authority, and what is called.
struct Call {
  CallId id;
  CallSite site;
  CallClass call_class = CallClass::Unkeyed;
  const Authority* authority = nullptr;  ///< the attempt's; outlives the call
  std::variant<CommandCall, BuiltinCall, ModelCall> target;
};

/// How a call ended. `output` has not been validated against the stage's schema; the evaluator
/// does that.
struct CallResult {
  std::optional<Failure> failure;
  Value output;
  // Set for commands.
  std::optional<int64_t> exit;
  std::string stdout_text;
  std::string stderr_text;
  int64_t running_time = 0;  ///< nanoseconds
  int64_t reading_time = 0;  ///< nanoseconds spent on parsing the output after the command's end
  // Set for models.
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

}  // namespace wfc::runtime
