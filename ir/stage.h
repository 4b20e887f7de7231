// Stages and bodies: the lowered graph of a workflow. Entities are referred to by id; ranges index
// the pools of `Project`.
#pragma once

#include <cstdint>

#include "ir/base/body_kinds.h"
#include "ir/base/verbs.h"
#include "ir/base/words.h"
#include "ir/ids.h"
#include "ir/security.h"
#include "ir/value/value.h"

namespace wfc::ir {

using wfc::Join;
using wfc::OnError;
using wfc::OutputParse;
using wfc::Verb;

/// Why one stage waits for another (docs/language/workflows.md).
enum class DependencyKind : uint8_t {
  Control,  ///< a decide routes to it by id
  Hard,     ///< `after`, or a plain read
  Soft,     ///< a read that tolerates absence
  Order,    ///< a step after the step before: only orders, counts in no join
  Wait,     ///< a body reads it: the owner waits, and the body's stage judges
};

/// What the dependency requires of the stage that is waited for.
enum class Need : uint8_t {
  Settled,   ///< no more than that it has settled (Soft, Order, Wait, Control)
  After,     ///< succeeded, recovered or tolerated, or skipped by its own `if`
  Output,    ///< there is an output: succeeded or recovered (`.output`, `.files`)
  RanToEnd,  ///< it ran to an end, also tolerated (`.exit .stdout .stderr .attempts .failed .items
             ///< .rounds .chosen`)
};

/// An edge of the dependency graph. `from` may be in an enclosing body. It has then settled long
/// before, and the edge only takes part in the join of `to`.
struct Dependency {
  StageId from;
  StageId to;
  DependencyKind kind = DependencyKind::Hard;
  Need need = Need::Settled;
  Span span;  ///< the read, the id in `after`, the id in the route
};

/// How a stage is retried after a failure. Durations are in nanoseconds.
struct Retry {
  uint32_t further_attempts = 0;
  uint32_t codes = 0;  ///< bits of FailureCode
  int64_t initial_ns = 1'000'000'000;
  double factor = 2;
  int64_t max_ns = 30'000'000'000;
  bool has_jitter = true;
  Span span;
};

/// One entry of `with`, when it is written as a map.
struct Argument {
  Name name;
  ExprId value;
};

/// The command of a `run` stage, a `command` tool or a `command` agent.
struct Command {
  Range argv;          ///< ExprIds in Project::expr_lists; at least one
  ExprId cwd;          ///< none: the workspace
  Range env;           ///< Arguments in Project::arguments, sorted by name; its whole environment
  ExprId stdin_value;  ///< none: closed
  bool stdin_is_json = false;  ///< `stdin: json`: all of `with`, and for agents the request
  Range ok_exit;               ///< in Project::integers
  OutputParse parse = OutputParse::Text;
  Range reads;  ///< PatternEntries in Project::security.patterns (capability FsRead)
  Range writes;
  Range net;
  Effect effect = Effect::Send;  ///< as declared; see GetEffectInForce
  bool declares_effect = false;
  Span effect_span;
  bool is_idempotent = false;
  int64_t stdout_limit = 1 << 20;  ///< bytes
  Value dry_run;                   ///< of a `run` stage: what it yields in mode dry_run
  bool has_dry_run = false;
  Span dry_run_span;
  Span span;  ///< the argv
};

/// The effect that counts for a command: the declared one, raised to `write` if it declares paths
/// that it writes and to `send` if it declares hosts. A command without a declared effect counts as
/// `send`.
[[nodiscard]] constexpr Effect GetEffectInForce(const Command& command) {
  Effect implied = Effect::Pure;
  if (!command.writes.empty()) implied = Effect::Write;
  if (!command.net.empty()) implied = Effect::Send;
  return command.effect < implied ? implied : command.effect;
}

/// A route or a case of a decide.
struct Route {
  enum class Kind : uint8_t {
    None,  ///< `[]`
    Ids,   ///< stages of the same body
    Body,  ///< a body of its own
  };
  Kind kind = Kind::None;
  bool is_default = false;
  /// The key is from a JSON file, where every key is a text; it is converted by the type of what is
  /// decided.
  bool has_json_key = false;
  Value key;     ///< of a `routes` entry: a typed scalar
  ExprId when;   ///< of a case: its condition; none: always
  Range stages;  ///< Ids: StageIds in Project::stage_lists
  BodyId body;   ///< Body
  Span span;     ///< the key, or the case
};

// The payloads of stages, one struct per verb (the column `payload` of verbs.def).

/// The arguments of an agent or a tool.
struct With {
  ExprId whole;        ///< all arguments as one value; none: an empty map
  Range arguments;     ///< in Project::arguments, sorted by name, when it is a literal map
  bool is_map = true;  ///< whether it is a literal map
  Span span;
};

/// `agent:`
struct AgentCall {
  AgentId agent;  ///< none: undefined, reported
  With with;
  ExprId prompt;  ///< none: the agent's
  ModelId model;  ///< none: the agent's
};

/// `tool:`
struct ToolCall {
  ToolId tool;  ///< none: undefined, reported
  With with;
};

/// `transform:`
struct Transform {
  ExprId value;  ///< none: missing, which has been reported
};

/// `decide:`, of a value or of a list of cases.
struct Decide {
  bool is_case_list = false;
  ExprId subject;  ///< none in a case list
  /// In Project::routes, in the order of their keys or, for cases, of the list; the default is
  /// last.
  Range routes;
};

/// `assert:`
struct Assert {
  ExprId condition;
  ExprId message;  ///< none: a generic message
};

/// `fail:`
struct Fail {
  ExprId text;
};

/// A stage of a workflow. What only stages of its verb have is in the payload.
struct Stage {
  Name name;      ///< the id; an unnamed body stage has its path's last part
  StringId path;  ///< ids from the workflow down, without the workflow: `answer.bug`
  WorkflowId workflow;
  BodyId body;  ///< the scope it stands in
  Verb verb = Verb::Poison;
  Join join = Join::All;
  OnError on_error = OnError::Fail;
  bool is_named = true;  ///< others can name it; an unnamed body stage cannot be
  /// The index of the payload in the store of the verb (Project::FindAgentCall, GetDecide …).
  uint32_t payload = kNoPayload;
  Span span;       ///< the whole entry
  Span verb_span;  ///< the verb's key

  ExprId condition;        ///< `if`
  Range dependencies;      ///< incoming, in Project::dependencies, sorted by (from, kind)
  int64_t timeout_ns = 0;  ///< 0: none
  Span timeout_span;       ///< of its own, or of the default that filled it; none: none is written
  RetryId retry;
  Span on_error_span;  ///< the key; none: none is written, or its value was reported
  ExprId on_error_value;
  BodyId fallback;
  SchemaId returns;   ///< none: the callee's
  Span returns_span;  ///< of the schema as it was written

  static constexpr uint32_t kNoPayload = 0xFFFFFFFF;  ///< of Poison
  /// Whether nothing is known about what the stage does, so that checks report nothing about it.
  [[nodiscard]] bool is_poison() const { return verb == Verb::Poison; }
};

/// A scope of stages: the top level of a workflow, or the body of a route or a fallback.
struct Body {
  using Kind = BodyKind;
  Kind kind = Kind::Workflow;
  bool is_single = false;  ///< one stage, which gives its owner its status and output
  WorkflowId workflow;
  StageId owner;  ///< none for a workflow's top level
  Range stages;   ///< StageIds in Project::stage_lists, sorted by name
  ExprId output;  ///< none: no output (a single body's is its stage's)
  Span span;
};

}  // namespace wfc::ir
