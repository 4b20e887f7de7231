#include "backend-runtime/tools/command_runner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/tools/command_result.h"
#include "backend-runtime/tools/workspace.h"
#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

using runtime::Failure;

bool HasNul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

/// A failure if a word or a variable is one that the kernel cannot take or would take for something
/// else.
std::optional<Failure> CheckWords(const runtime::CommandRequest& request) {
  if (request.argv.empty()) return MakeFailure(FailureCode::Io, "the command has no words");
  if (std::ranges::any_of(request.argv, HasNul)) {
    return MakeFailure(FailureCode::Io, "a word of the command has a NUL in it");
  }
  for (const auto& [name, value] : request.environment) {
    if (name.empty() || name.find('=') != std::string::npos || HasNul(name) || HasNul(value)) {
      return MakeFailure(FailureCode::Io,
                         fmt::format("the environment variable `{}` cannot be set", name));
    }
  }
  return std::nullopt;
}

std::vector<std::string> Environment(const runtime::CommandRequest& request,
                                     const std::string& search_path) {
  std::vector<std::string> environment;
  bool has_path = false;
  for (const auto& [name, value] : request.environment) {
    has_path = has_path || name == "PATH";
    environment.push_back(fmt::format("{}={}", name, value));
  }
  if (!has_path) environment.push_back("PATH=" + search_path);
  return environment;
}

constexpr size_t kShownOfOutput = 256 << 10;

/// The beginning of a text for the transcript. Secrets have been hidden before it is cut.
Value Shown(std::string_view text) {
  if (text.size() <= kShownOfOutput) return Value::String(text);
  size_t end = kShownOfOutput;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return Value::String(fmt::format("{}\n[{} more bytes]", text.substr(0, end), text.size() - end));
}

}  // namespace

void CommandRunner::Start(runtime::CommandRequest request, runtime::Completion& completion) {
  const runtime::AttemptId id = request.id;
  Running& running =
      running_.emplace(id, Running{.request = std::move(request), .completion = &completion})
          .first->second;
  std::optional<Failure> failure = CheckWords(running.request);
  if (!failure && !running.request.authority->CheckExec(running.request.argv)) {
    failure = MakeFailure(FailureCode::Denied,
                          fmt::format("exec of `{}` is not allowed", running.request.argv[0]));
  }
  if (failure) {
    host_.reactor.Post([this, id, failure = *failure] { Fail(id, failure); });
    return;
  }
  host_.executables.Find(running.request.argv[0],
                         [this, id](const Result<Executable>& found) { Launch(id, found); });
}

void CommandRunner::Launch(runtime::AttemptId id, const Result<Executable>& executable) {
  Running& running = running_.at(id);
  std::optional<Failure> failure;
  if (running.is_cancelled) {
    failure = MakeFailure(FailureCode::Cancelled,
                          fmt::format("`{}` was cancelled", running.request.argv[0]));
  } else if (!executable) {
    failure = MakeFailure(FailureCode::Io, executable.error().message);
  } else {
    running.executable = *executable;
    failure = Spawn(running);
  }
  if (failure) host_.reactor.Post([this, id, failure = *failure] { Fail(id, failure); });
}

std::optional<Failure> CommandRunner::Spawn(Running& running) {
  const runtime::CommandRequest& request = running.request;
  const Result<std::string, Failure> folder =
      NormalizePath(request.cwd.empty() ? "." : request.cwd);
  if (!folder) return folder.error();
  host::FileResult<host::OwnedDescriptor> opened = host_.workspace.OpenFolder(*folder);
  if (!opened) return ToFailure(opened.error());
  const runtime::AttemptId id = request.id;
  Result<host::ProcessId, host::SpawnError> process =
      host_.processes.Start({.executable = running.executable.path,
                             .argv = request.argv,
                             .environment = Environment(request, host_.search_path),
                             .folder = opened->get(),
                             .stdin_bytes = request.stdin_bytes,
                             .stdout_limit = request.stdout_limit},
                            [this, id](const host::ProcessResult& result) { Finish(id, result); });
  if (!process) return MakeFailure(FailureCode::Io, process.error().message);
  running.process = *process;
  return std::nullopt;
}

void CommandRunner::Finish(runtime::AttemptId id, const host::ProcessResult& process) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  const int64_t ended_at = host_.reactor.clock().Now();
  const PrintedText printed = HideSecrets(process, host_.redactor);
  RecordTranscript(running, process, printed);
  runtime::AttemptResult result = ToAttemptResult(running.request, process, printed, read_answer_);
  result.running_time = process.duration;
  result.reading_time = host_.reactor.clock().Now() - ended_at;
  running.completion->Complete(running.request.id, std::move(result));
}

void CommandRunner::Fail(runtime::AttemptId id, Failure failure) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  recorder_.RecordTranscript(running.request.stage,
                             Value::Record({{"type", Value::String("command")},
                                            {"attempt", Value::Int(running.request.id.attempt)},
                                            {"error", Value::String(failure.message)}}));
  runtime::AttemptResult result;
  result.failure = std::move(failure);
  running.completion->Complete(running.request.id, std::move(result));
}

bool CommandRunner::Cancel(runtime::AttemptId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  found->second.is_cancelled = true;
  if (found->second.process) host_.processes.Cancel(*found->second.process);
  return true;
}

Value CommandRunner::ShownInput(const runtime::CommandRequest& request) const {
  if (!request.stdin_bytes) return Value::Null();
  const std::string text = ReplaceInvalidUtf8(*request.stdin_bytes);
  return Shown(host_.redactor == nullptr ? text : host_.redactor->Redact(text));
}

void CommandRunner::RecordTranscript(const Running& running, const host::ProcessResult& process,
                                     const PrintedText& printed) {
  const runtime::CommandRequest& request = running.request;
  std::vector<Value> argv;
  argv.reserve(request.argv.size());
  for (const std::string& word : request.argv) argv.push_back(Value::String(word));
  recorder_.RecordTranscript(
      request.stage,
      Value::Record({{"type", Value::String("command")},
                     {"attempt", Value::Int(request.id.attempt)},
                     {"argv", Value::List(std::move(argv))},
                     {"executable", Value::String(running.executable.path)},
                     {"sha256", Value::String(running.executable.sha256)},
                     {"cwd", Value::String(request.cwd)},
                     {"stdin", ShownInput(request)},
                     {"exit", process.signal == 0 ? Value::Int(process.exit_code) : Value::Null()},
                     {"signal", process.signal == 0 ? Value::Null() : Value::Int(process.signal)},
                     {"stdout", Shown(printed.stdout_text)},
                     {"stderr", Shown(printed.stderr_text)},
                     {"duration_ms", Value::Int(process.duration / host::kNsPerMs)}}));
}

}  // namespace wfc::tools
