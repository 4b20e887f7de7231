#include "backend-runtime/tools/command_result.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/tools/arguments.h"
#include "backend-runtime/tools/parse_output.h"
#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

using runtime::AttemptResult;
using runtime::CommandRequest;
using runtime::Failure;
using runtime::FailureCode;

constexpr size_t kShownOfStderr = 400;

/// The end of what the program complained about, on one line.
std::string Complaint(std::string_view stderr_bytes) {
  while (stderr_bytes.ends_with('\n')) stderr_bytes.remove_suffix(1);
  if (stderr_bytes.size() > kShownOfStderr) {
    stderr_bytes.remove_prefix(stderr_bytes.size() - kShownOfStderr);
    while (!stderr_bytes.empty() && (static_cast<unsigned char>(stderr_bytes[0]) & 0xC0) == 0x80) {
      stderr_bytes.remove_prefix(1);
    }
  }
  std::string text = ReplaceInvalidUtf8(stderr_bytes);
  std::ranges::replace(text, '\n', ' ');
  return text.empty() ? text : ": " + text;
}

std::optional<Failure> JudgeEnd(const CommandRequest& request, const host::ProcessResult& process) {
  const std::string& program = request.argv[0];
  switch (process.end) {
    case host::ProcessEnd::Itself:
      break;
    case host::ProcessEnd::Cancelled:
      return MakeFailure(FailureCode::Cancelled, fmt::format("`{}` was cancelled", program));
    case host::ProcessEnd::Deadline:
      return MakeFailure(FailureCode::Timeout, fmt::format("`{}` ran out of time", program));
    case host::ProcessEnd::OutputLimit:
      return MakeFailure(
          FailureCode::Io,
          fmt::format("`{}` printed more than {} bytes; `limits: {{stdout: SIZE}}` allows more",
                      program, request.stdout_limit));
  }
  if (process.signal != 0) {
    return Failure{.code = FailureCode::Exit,
                   .message = fmt::format("`{}` was killed by signal {}{}", program, process.signal,
                                          Complaint(process.stderr_bytes)),
                   .details = Value::Record({{"signal", Value::Int(process.signal)}})};
  }
  if (std::ranges::find(request.ok_exit, process.exit_code) == request.ok_exit.end()) {
    return Failure{.code = FailureCode::Exit,
                   .message = fmt::format("`{}` exited with {}{}", program, process.exit_code,
                                          Complaint(process.stderr_bytes)),
                   .details = Value::Record({{"exit", Value::Int(process.exit_code)}})};
  }
  return std::nullopt;
}

OutputForm ToForm(runtime::OutputParse parse) {
  switch (parse) {
    case runtime::OutputParse::Text:
      return OutputForm::Text;
    case runtime::OutputParse::Json:
      return OutputForm::Json;
    case runtime::OutputParse::Jsonl:
      return OutputForm::Jsonl;
    case runtime::OutputParse::Lines:
      return OutputForm::Lines;
  }
  return OutputForm::Text;
}

Result<Value> ReadOutput(const CommandRequest& request, std::string_view bytes,
                         const runtime::ReadAnswerFunction& read_answer) {
  if (!request.answers_as_agent) return ParseOutput(ToForm(request.parse), bytes);
  if (bytes.ends_with('\n')) bytes.remove_suffix(1);
  return read_answer(request.schema, bytes);
}

}  // namespace

AttemptResult ToAttemptResult(const CommandRequest& request, const host::ProcessResult& process,
                              const runtime::ReadAnswerFunction& read_answer) {
  AttemptResult result;
  result.stdout_text = ReplaceInvalidUtf8(process.stdout_bytes);
  result.stderr_text = ReplaceInvalidUtf8(process.stderr_bytes);
  if (process.end == host::ProcessEnd::Itself && process.signal == 0) {
    result.exit = process.exit_code;
  }
  result.failure = JudgeEnd(request, process);
  if (result.failure) return result;
  Result<Value> output = ReadOutput(request, process.stdout_bytes, read_answer);
  if (output) {
    result.output = std::move(*output);
  } else {
    result.failure = MakeFailure(FailureCode::Schema, output.error().message);
  }
  return result;
}

}  // namespace wfc::tools
