// Words the smallest changes that make a value fit, for the last line of a T001.
#pragma once

#include <optional>
#include <string>

#include "passes/flow/fit.h"
#include "passes/flow/origin.h"

namespace wfc::passes {

/// How the value is written at the place from which it flows.
enum class Writing : uint8_t {
  Path,      ///< a name with fields
  Constant,  ///< the value itself
  Parts,     ///< a map or a list that is written out
  Text,      ///< text around `${…}`
  Computed,  ///< any other expression
  Nowhere,   ///< a callee yields it
};

/// One way in which a value does not fit its receiver.
struct Incompatibility {
  const types::SchemaRegistry& registry;
  types::SchemaId producer;
  types::SchemaId consumer;
  const Value& witness;
  const types::Mismatch& mismatch;
  Writing writing;
  std::string_view inside;       ///< of the mismatch's pointer, what is below the written part
  std::string expression;        ///< of the rejected part; "…" when it is long, or not to be named
  std::optional<Origin> origin;  ///< none: no schema says what the value is
  std::string bound;   ///< "give `max: 5` to the stage `ls`": what makes the list shorter; "" none
  std::string wanted;  ///< what the receiver's schema says of the part, as written; "": it is long
  std::string after;   ///< the argument that follows it in a `coalesce`; "": it is in none
  bool can_skip = false;             ///< the value flows into a stage, which may have an `if`
  bool is_receiver_written = false;  ///< false: a built-in, which takes what it takes
};

/// Suggests changes to either side, in which "there" is the receiver; imperative, in lower case,
/// without a final stop.
[[nodiscard]] std::string AdviseFit(const Incompatibility& problem);

/// The required property that the rejected part lacks; "" if the mismatch is about something else.
[[nodiscard]] std::string FindMissingProperty(const Incompatibility& problem);

}  // namespace wfc::passes
