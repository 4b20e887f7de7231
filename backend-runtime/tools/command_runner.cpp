#include "backend-runtime/tools/command_runner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "backend-runtime/tools/call_mark.h"
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
std::optional<Failure> CheckWords(const runtime::CommandCall& command) {
  if (command.argv.empty()) return MakeFailure(FailureCode::Io, "the command has no words");
  if (std::ranges::any_of(command.argv, HasNul)) {
    return MakeFailure(FailureCode::Io, "a word of the command has a NUL in it");
  }
  for (const auto& [name, value] : command.environment) {
    if (name.empty() || name.find('=') != std::string::npos || HasNul(name) || HasNul(value)) {
      return MakeFailure(FailureCode::Io,
                         fmt::format("the environment variable `{}` cannot be set", name));
    }
  }
  return std::nullopt;
}

std::vector<std::string> Environment(const runtime::CommandCall& command,
                                     const std::string& search_path, const CallMark& mark) {
  std::vector<std::string> environment;
  bool has_path = false;
  for (const auto& [name, value] : command.environment) {
    if (name == kCallVariable) continue;
    has_path = has_path || name == "PATH";
    environment.push_back(fmt::format("{}={}", name, value));
  }
  if (!has_path) environment.push_back("PATH=" + search_path);
  environment.push_back(fmt::format("{}={}", kCallVariable, Spell(mark)));
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

void CommandRunner::Start(runtime::Call call, runtime::CallSink& sink) {
  const runtime::CallId id = call.id;
  const Running& running =
      running_.emplace(id, Running{.call = std::move(call), .sink = &sink}).first->second;
  const runtime::CommandCall& command = running.command();
  std::optional<Failure> failure = CheckWords(command);
  if (!failure && !running.call.authority->CheckExec(command.argv)) {
    failure = MakeFailure(FailureCode::Denied,
                          fmt::format("exec of `{}` is not allowed", command.argv[0]));
  }
  if (failure) {
    host_.reactor.Post([this, id, failure = *failure] { Fail(id, failure); });
    return;
  }
  host_.executables.Find(command.argv[0],
                         [this, id](const Result<Executable>& found) { Launch(id, found); });
}

void CommandRunner::Launch(runtime::CallId id, const Result<Executable>& executable) {
  Running& running = running_.at(id);
  std::optional<Failure> failure;
  if (running.is_cancelled) {
    failure = MakeFailure(FailureCode::Cancelled,
                          fmt::format("`{}` was cancelled", running.command().argv[0]));
  } else if (!executable) {
    failure = MakeFailure(FailureCode::Io, executable.error().message);
  } else {
    running.executable = *executable;
    failure = Spawn(running);
  }
  if (failure) host_.reactor.Post([this, id, failure = *failure] { Fail(id, failure); });
}

std::optional<Failure> CommandRunner::Spawn(Running& running) {
  const runtime::CommandCall& command = running.command();
  const Result<std::string, Failure> folder =
      NormalizePath(command.cwd.empty() ? "." : command.cwd);
  if (!folder) return folder.error();
  host::FileResult<host::OwnedDescriptor> opened = host_.workspace.OpenFolder(*folder);
  if (!opened) return ToFailure(opened.error());
  const runtime::CallId id = running.call.id;
  const CallMark mark{.run = host_.run_id,
                      .sequence = id.sequence,
                      .call_class = running.call.call_class,
                      .stage = std::string(running.call.site.stage)};
  Result<host::ProcessId, host::SpawnError> process =
      host_.processes.Start({.executable = running.executable.path,
                             .argv = command.argv,
                             .environment = Environment(command, host_.search_path, mark),
                             .folder = opened->get(),
                             .stdin_bytes = command.stdin_bytes,
                             .stdout_limit = command.stdout_limit},
                            [this, id](const host::ProcessResult& result) { Finish(id, result); });
  if (!process) return MakeFailure(FailureCode::Io, process.error().message);
  running.process = *process;
  return std::nullopt;
}

void CommandRunner::Finish(runtime::CallId id, const host::ProcessResult& process) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  const int64_t ended_at = host_.reactor.clock().Now();
  const PrintedText printed = HideSecrets(process, host_.redactor);
  running.sink->Transcribe(id, Describe(running, process, printed));
  runtime::CallResult result = ToCallResult(running.command(), process, printed);
  result.running_time = process.duration;
  result.reading_time = host_.reactor.clock().Now() - ended_at;
  running.sink->Ended(id, std::move(result));
}

void CommandRunner::Fail(runtime::CallId id, Failure failure) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  running.sink->Transcribe(id, Value::Record({{"type", Value::String("command")},
                                              {"attempt", Value::Int(running.call.site.attempt)},
                                              {"error", Value::String(failure.message)}}));
  runtime::CallResult result;
  result.failure = std::move(failure);
  running.sink->Ended(id, std::move(result));
}

bool CommandRunner::Cancel(runtime::CallId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  found->second.is_cancelled = true;
  if (found->second.process) host_.processes.Cancel(*found->second.process);
  return true;
}

Value CommandRunner::ShownInput(const runtime::CommandCall& command) const {
  if (!command.stdin_bytes) return Value::Null();
  const std::string text = ReplaceInvalidUtf8(*command.stdin_bytes);
  return Shown(host_.redactor == nullptr ? text : host_.redactor->Redact(text));
}

/// The line of a transcript.
Value CommandRunner::Describe(const Running& running, const host::ProcessResult& process,
                              const PrintedText& printed) const {
  const runtime::CommandCall& command = running.command();
  std::vector<Value> argv;
  argv.reserve(command.argv.size());
  for (const std::string& word : command.argv) argv.push_back(Value::String(word));
  return Value::Record(
      {{"type", Value::String("command")},
       {"attempt", Value::Int(running.call.site.attempt)},
       {"argv", Value::List(std::move(argv))},
       {"executable", Value::String(running.executable.path)},
       {"sha256", Value::String(running.executable.sha256)},
       {"cwd", Value::String(command.cwd)},
       {"stdin", ShownInput(command)},
       {"exit", process.signal == 0 ? Value::Int(process.exit_code) : Value::Null()},
       {"signal", process.signal == 0 ? Value::Null() : Value::Int(process.signal)},
       {"stdout", Shown(printed.stdout_text)},
       {"stderr", Shown(printed.stderr_text)},
       {"duration_ms", Value::Int(process.duration / kNsPerMs)}});
}

}  // namespace wfc::tools
