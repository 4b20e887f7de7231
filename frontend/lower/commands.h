// Lowers commands, which `run` stages, tools of kind `command` and agents of kind `command` have in
// common. Called by the lowering of stages, tools and agents.
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/defaults.h"
#include "frontend/lower/scope.h"
#include "ir/with_reads.h"

namespace wfc::lower {

/// The fields of a command, of which some may come from `defaults`.
struct CommandFields {
  Located argv;
  Filled<ms::Field> cwd;
  Filled<ms::Field> env;
  Filled<ms::Field> stdin_value;
  Filled<ms::Field> ok_exit;
  Filled<ms::ParseField> parse;
  Filled<ms::Field> reads;
  Filled<ms::Field> writes;
  Filled<ms::Field> net;
  Filled<ms::EffectField> effect;
  Filled<ms::BoolField> idempotent;
  Filled<ms::ToolLimitsField> limits;
  /// The command has arguments, so that `stdin: json` means all of `with`.
  bool knows_with = false;
};

/// The fields of a tool, or of a `run` stage and its defaults in the order of precedence; all but
/// `argv` and `knows_with`.
template <class Section>
CommandFields FillCommand(std::initializer_list<const Section*> sections) {
  CommandFields fields;
  fields.cwd = Fill(&Section::cwd, sections);
  fields.env = Fill(&Section::env, sections);
  fields.stdin_value = Fill(&Section::stdin_value, sections);
  fields.ok_exit = Fill(&Section::ok_exit, sections);
  fields.parse = Fill(&Section::parse, sections);
  fields.reads = Fill(&Section::reads, sections);
  fields.writes = Fill(&Section::writes, sections);
  fields.net = Fill(&Section::net, sections);
  fields.effect = Fill(&Section::effect, sections);
  fields.idempotent = Fill(&Section::idempotent, sections);
  fields.limits = Fill(&Section::limits, sections);
  return fields;
}

/// Adds a command to the project. `fields.argv` must be present.
[[nodiscard]] ir::CommandId LowerCommand(Context& context, const Scope& scope,
                                         const CommandFields& fields);

/// The arguments that a callee without a declared `input` takes, derived from what its fields read.
struct DerivedInput {
  Range names;     ///< all arguments: StringIds in Project::string_lists, sorted
  Range required;  ///< those that a call must pass, in the same form
  /// The fields read `with` as a whole or not at all, so a call may pass any arguments.
  bool accepts_any_argument = false;
};
/// Adds the names that `reads` contains to the project's lists.
[[nodiscard]] DerivedInput AddTakenNames(Context& context, ir::WithReads reads);

}  // namespace wfc::lower
