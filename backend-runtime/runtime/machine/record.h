// Record: a fact with its values, as a run is recorded. Everything that a run knows follows from
// its plan and its records.
#pragma once

#include <cstdint>
#include <optional>

#include "backend-runtime/runtime/machine/facts.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// The exit code and the output of a command that ran to its own end: neither a timeout nor a
/// signal ended it.
struct EndedCommand {
  int64_t exit = 0;
  Value stdout_text;
  Value stderr_text;
};

/// What facts.def says of the type's fields counts; the others have their first value. All texts
/// and values are redacted.
struct Record {
  Fact fact;
  uint32_t attempt = 0;                 ///< counts from 1 within the run; 0: none has begun
  RunStatus status = {};                ///< RunEnded
  bool is_simulated = false;            ///< mode dry_run: the effect was not performed
  std::optional<Failure> failure = {};  ///< why; its code is that of the fact
  std::optional<EndedCommand> command = {};
  Value value = {};  ///< facts.def says what it is
};

}  // namespace wfc::runtime
