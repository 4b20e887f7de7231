// What the end of a process means for the attempt that started it.
#pragma once

#include <string>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/runtime/answer.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/store/redactor.h"

namespace wfc::tools {

/// What a process printed as others may see it: secrets hidden, and text.
struct PrintedText {
  std::string stdout_text;
  std::string stderr_text;
};

/// The secrets of `redactor` (none: nothing is hidden) are hidden in the whole, before anything is
/// cut or read.
[[nodiscard]] PrintedText HideSecrets(const host::ProcessResult& process,
                                      const store::Redactor* redactor);

/// Success when the process exited with one of `ok_exit` and its output could be read; else the
/// failure: `cancelled`, `timeout` (its deadline), `io` (too much output), `exit`, `schema`. JSON
/// is read as it was printed, since hiding a secret may break it: hide secrets in the output.
[[nodiscard]] runtime::AttemptResult ToAttemptResult(
    const runtime::CommandRequest& request, const host::ProcessResult& process,
    const PrintedText& printed, const runtime::ReadAnswerFunction& read_answer);

}  // namespace wfc::tools
