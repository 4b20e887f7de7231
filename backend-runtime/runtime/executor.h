// Executor: the interface between the interpreter and everything that acts on the outside world.
// The interpreter evaluates and checks what a plan says, so a request holds only values. Tools,
// agents and commands are started here and complete later, on the reactor's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/authority.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/ids.h"
#include "ir/base/builtin_tools.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// A program to run, for a `run` stage, a `command` tool or a `command` agent.
struct CommandRequest {
  AttemptId id;
  /// The stage's path, for messages; a view into the plan, as in the other requests.
  std::string_view stage;
  std::vector<std::string> argv = {};  ///< not empty; argv[0] is unresolved
  std::string cwd = {};                ///< relative to the workspace; "" is the workspace
  /// Sorted by name; nothing is inherited.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::optional<std::string> stdin_bytes = {};  ///< without a value: no input
  std::vector<int64_t> ok_exit = {};
  OutputParse parse = OutputParse::Text;
  uint64_t stdout_limit = 1 << 20;  ///< bytes; more is a failure with code `io`
  bool answers_as_agent = false;    ///< the output is JSON if `wants_json`, whatever `parse` says
  bool wants_json = false;
  SchemaId schema = {};                  ///< the schema of an agent's answer; none means a string
  const Authority* authority = nullptr;  ///< the node's; outlives the attempt
};

/// A call of a built-in tool.
struct BuiltinRequest {
  AttemptId id;
  std::string_view stage;
  BuiltinTool builtin = BuiltinTool::Echo;
  Value arguments;  ///< validated, defaults filled in
  const Authority* authority = nullptr;
};

/// One call of a model.
struct ModelRequest {
  AttemptId id;
  std::string_view stage;
  AgentId agent;
  ModelId model;
  SchemaId schema;    ///< the schema of the answer; none means a string
  uint32_t call = 0;  ///< the number of earlier calls of this stage in the run
  std::string system;
  std::string prompt;
  /// Below 0: the provider's default.
  double temperature = -1;
  const Authority* authority = nullptr;
};

/// The result of an attempt. `output` has not been validated against its schema; the interpreter
/// does that.
struct AttemptResult {
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

/// Receives results. It is called on the reactor's thread, once per attempt, and never from within
/// `Start…`.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void Complete(AttemptId id, AttemptResult result) = 0;
};

/// The real executor is in driver/wfc_run; the simulator has another. Used on the reactor's thread
/// only.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Each of these starts an attempt. A failure to start is reported through `completion`, too.
  virtual void StartCommand(CommandRequest request, Completion& completion) = 0;
  virtual void StartBuiltin(BuiltinRequest request, Completion& completion) = 0;
  virtual void StartModel(ModelRequest request, Completion& completion) = 0;
  /// Asks a running attempt to end (TERM, KILL after 5 s). It still completes, soon and exactly
  /// once.
  virtual void Cancel(AttemptId id) = 0;
};

}  // namespace wfc::runtime
