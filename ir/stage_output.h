// What a stage yields, by what is written of it and of what it calls: the one place that knows it
// of every verb. Types are made of it (passes/flow/stage_types.h), findings name it
// (passes/flow/origin.h).
#pragma once

#include <cstdint>

#include "ir/project.h"

namespace wfc::ir {

/// What the stage's verb yields, before the stage's own `returns` and without what stands in for it
/// when it has failed.
struct StageOutput {
  enum class Kind : uint8_t {
    Schema,     ///< what fits `schema`: the `returns` of what is called, or a built-in's shape
    Text,       ///< a model's answer
    Json,       ///< whatever an agent's command answers
    Printed,    ///< what `command` prints, as it is parsed
    Arguments,  ///< what the stage gives to what it calls
    Value,      ///< of a transform
    Decision,   ///< of a decide: what the chosen body yields, or what chose it
    Nothing,
    Unknown,  ///< what is called is not supported yet, or was not found
  };
  Kind kind = Kind::Unknown;
  SchemaId schema = {};
  CommandId command = {};
  /// The arguments come back, whether or not `schema` promises more, with the defaults of `input`.
  bool is_echo = false;
  SchemaId input = {};
};

[[nodiscard]] StageOutput FindStageOutput(const Project& project, const Stage& stage);

/// The schema that says what the stage yields: its own `returns`, else that of what it calls. None:
/// no schema does.
[[nodiscard]] SchemaId FindOutputSchema(const Project& project, const Stage& stage);

}  // namespace wfc::ir
