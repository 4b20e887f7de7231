// The smallest change that makes a value fit: for the last line of a T001.
#pragma once

#include <string>

#include "passes/fit.h"

namespace wfc::passes {

struct Misfit {
  const types::SchemaRegistry& registry;
  types::SchemaId producer;
  types::SchemaId consumer;
  const Value& witness;
  const types::Mismatch& mismatch;
  std::string producer_name;  ///< "the agent `planner`", "this value"
};

/// Changes to either side, the receiver's being "there"; imperative, lower case, no final stop.
[[nodiscard]] std::string AdviseFit(const Misfit& misfit);

/// A required property that the rejected part lacks; "": the mismatch is about something else.
[[nodiscard]] std::string FindMissingProperty(const Misfit& misfit);

}  // namespace wfc::passes
