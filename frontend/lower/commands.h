// Commands: what `run` stages, `command` tools and `command` agents have in common.
#pragma once

#include "frontend/lower/context.h"
#include "frontend/lower/defaults.h"
#include "frontend/lower/scope.h"
#include "ir/with_reads.h"

namespace wfc::lower {

/// The fields of a command, some perhaps from `defaults`.
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
  /// `stdin: json` stands for all of `with`.
  bool knows_with = false;
};

/// Of a tool, or of a `run` stage and its defaults; all but `argv` and `knows_with`.
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

[[nodiscard]] ir::CommandId LowerCommand(Context& context, const Scope& scope,
                                         const CommandFields& fields);

/// What a callee without a declared input takes: the names that its fields read.
struct TakenNames {
  Range names;     ///< StringIds in Project::string_lists, sorted
  Range required;  ///< the same
  bool takes_anything = false;
};
[[nodiscard]] TakenNames AddTakenNames(Context& context, ir::WithReads reads);

}  // namespace wfc::lower
