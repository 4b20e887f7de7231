// Turns the end of a process into the result of the call that started it. CommandRunner uses it.
#pragma once

#include <string>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/runtime/evaluate/call.h"
#include "backend-runtime/runtime/redact/redactor.h"

namespace wfc::tools {

/// What a process printed, as others may see it: valid UTF-8 in which secrets are hidden.
struct PrintedText {
  std::string stdout_text;
  std::string stderr_text;
};

/// Hides the secrets of `redactor` (null: there are none) in the whole output, before any of it is
/// cut or parsed. The end of output that was cut off may be hidden as well (Redactor::RedactCut).
[[nodiscard]] PrintedText HideSecrets(const host::ProcessResult& process,
                                      const redact::Redactor* redactor);

/// Success if the process exited with one of `ok_exit` and its output could be parsed; otherwise a
/// failure: `cancelled`, `timeout` (its deadline passed), `io` (too much output), `exit` or
/// `schema`. JSON is parsed from the bytes as they were printed, because hiding a secret may break
/// it; the caller must hide secrets in `output`.
[[nodiscard]] runtime::CallResult ToCallResult(const runtime::CommandCall& call,
                                               const host::ProcessResult& process,
                                               const PrintedText& printed);

}  // namespace wfc::tools
