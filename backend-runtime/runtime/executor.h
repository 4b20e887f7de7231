// Executor: the seam between the interpreter and what acts on the world. The interpreter evaluates
// and checks everything a plan says; a request holds values only. Tools, agents and commands are
// started here and complete later, on the reactor's thread.
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

/// A program to run: a `run` stage, a `command` tool or a `command` agent.
struct CommandRequest {
  AttemptId id;
  std::string_view stage;              ///< the stage's path, for messages
  std::vector<std::string> argv = {};  ///< not empty; argv[0] as written
  std::string cwd = {};                ///< relative to the workspace; "" is the workspace
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< all of it, sorted by name
  std::optional<std::string> stdin_bytes = {};                        ///< none: closed
  std::vector<int64_t> ok_exit = {};
  OutputParse parse = OutputParse::Text;
  uint64_t stdout_limit = 1 << 20;  ///< bytes; more is an `io` failure
  bool answers_as_agent = false;    ///< output is JSON when `wants_json`, whatever `parse` says
  bool wants_json = false;
  SchemaId schema = {};                  ///< of an agent's answer; none: a string
  const Authority* authority = nullptr;  ///< of the node; outlives the attempt
};

/// A built-in tool.
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
  SchemaId schema;    ///< of the answer; none: a string
  uint32_t call = 0;  ///< this stage's calls so far in the run
  std::string system;
  std::string prompt;
  double temperature = -1;
  const Authority* authority = nullptr;
};

/// What an attempt ended with. `output` has not been held to its schema: the interpreter does that.
struct AttemptResult {
  std::optional<Failure> failure;
  Value output;
  // Of commands.
  std::optional<int64_t> exit;
  std::string stdout_text;
  std::string stderr_text;
  int64_t running_time = 0;  ///< nanoseconds
  int64_t reading_time = 0;  ///< of what it printed, after it ended
  // Of models.
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

/// Where results go; called on the reactor's thread, once an attempt, never from within `Start…`.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void Complete(AttemptId id, AttemptResult result) = 0;
};

class Executor {
 public:
  virtual ~Executor() = default;
  virtual void StartCommand(CommandRequest request, Completion& completion) = 0;
  virtual void StartBuiltin(BuiltinRequest request, Completion& completion) = 0;
  virtual void StartModel(ModelRequest request, Completion& completion) = 0;
  /// Asks a running attempt to end (TERM, 5 s, KILL); it still completes, soon and exactly once.
  virtual void Cancel(AttemptId id) = 0;
};

}  // namespace wfc::runtime
