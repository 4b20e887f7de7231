// What the end of a process means for the attempt that started it.
#pragma once

#include "backend-runtime/host/processes.h"
#include "backend-runtime/runtime/answer.h"
#include "backend-runtime/runtime/executor.h"

namespace wfc::tools {

/// Success when the process exited with one of `ok_exit` and its output could be read; else the
/// failure: `cancelled`, `timeout` (its deadline), `io` (too much output), `exit`, `schema`.
[[nodiscard]] runtime::AttemptResult ToAttemptResult(
    const runtime::CommandRequest& request, const host::ProcessResult& process,
    const runtime::ReadAnswerFunction& read_answer);

}  // namespace wfc::tools
