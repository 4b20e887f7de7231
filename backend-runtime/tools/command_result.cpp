#include "backend-runtime/tools/command_result.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/tools/arguments.h"
#include "backend-runtime/tools/parse_output.h"
#include "ir/base/sizes.h"
#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

using runtime::CallResult;
using runtime::CommandCall;
using runtime::Failure;

constexpr size_t kShownOfStderr = 400;
/// The limits for each stream in `Failure::printed`.
constexpr size_t kShownBytes = 4000;
constexpr size_t kShownLines = 20;

/// The end of a text, in whole lines; if the last line is too long, its end. `is_cut` says that
/// there is more before it.
struct Tail {
  std::string_view text;
  bool is_cut = false;
};

Tail TailOf(std::string_view text, size_t most_bytes, size_t most_lines) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  size_t begin = text.size();
  for (size_t lines = 0; begin > 0 && lines < most_lines; ++lines) {
    const size_t end = begin == text.size() ? begin : begin - 1;
    const size_t line_break = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const size_t line = line_break == std::string_view::npos ? 0 : line_break + 1;
    if (text.size() - line > most_bytes) break;
    begin = line;
  }
  if (begin == text.size() && !text.empty()) {
    begin = text.size() - std::min(most_bytes, text.size());
    while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  }
  return {.text = text.substr(begin), .is_cut = begin > 0};
}

/// The end of the program's error output, joined into one line.
std::string Complaint(std::string_view stderr_text) {
  const Tail tail = TailOf(stderr_text, kShownOfStderr, kShownLines);
  if (tail.text.empty()) return {};
  std::string text = tail.is_cut ? ": … " : ": ";
  text += tail.text;
  std::ranges::replace(text, '\n', ' ');
  return text;
}

void AppendLines(std::string& out, std::string_view stream, const Tail& tail) {
  if (tail.text.empty()) return;
  if (tail.is_cut) out += fmt::format("{} … (more before)\n", stream);
  for (std::string_view rest = tail.text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    out += fmt::format("{} {}\n", stream, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

/// The last lines of both streams. Error output of one line is omitted, because the message already
/// contains it.
std::string LinesOf(const PrintedText& printed) {
  std::string lines;
  AppendLines(lines, "stdout:", TailOf(printed.stdout_text, kShownBytes, kShownLines));
  const Tail complaint = TailOf(printed.stderr_text, kShownBytes, kShownLines);
  if (complaint.text.find('\n') != std::string_view::npos) {
    AppendLines(lines, "stderr:", complaint);
  }
  return lines;
}

std::optional<Failure> CheckEnd(const CommandCall& call, const host::ProcessResult& process,
                                const PrintedText& printed) {
  const std::string& program = call.argv[0];
  const auto failed = [&](FailureCode code, std::string message, Value details) {
    return Failure{.code = code,
                   .message = std::move(message),
                   .details = std::move(details),
                   .printed = LinesOf(printed)};
  };
  switch (process.end) {
    case host::ProcessEnd::Itself:
      break;
    case host::ProcessEnd::Cancelled:
      return failed(FailureCode::Cancelled, fmt::format("`{}` was cancelled", program), {});
    case host::ProcessEnd::Deadline:
      return failed(FailureCode::Timeout, fmt::format("`{}` ran out of time", program), {});
    case host::ProcessEnd::OutputLimit:
      return failed(FailureCode::Io,
                    fmt::format("`{}` printed more than {} bytes; {}", program, call.stdout_limit,
                                call.stdout_limit < static_cast<uint64_t>(kMostStdoutBytes)
                                    ? "`limits: {stdout: SIZE}` allows more"
                                    : "no limit is larger: let it write to a file"),
                    {});
  }
  if (process.signal != 0) {
    return failed(FailureCode::Exit,
                  fmt::format("`{}` was killed by signal {}{}", program, process.signal,
                              Complaint(printed.stderr_text)),
                  Value::Record({{"signal", Value::Int(process.signal)}}));
  }
  if (std::ranges::find(call.ok_exit, process.exit_code) == call.ok_exit.end()) {
    return failed(FailureCode::Exit,
                  fmt::format("`{}` exited with {}{}", program, process.exit_code,
                              Complaint(printed.stderr_text)),
                  Value::Record({{"exit", Value::Int(process.exit_code)}}));
  }
  return std::nullopt;
}

bool IsReadAsJson(const CommandCall& call) {
  return call.read_answer || call.parse == OutputParse::Json || call.parse == OutputParse::Jsonl;
}

Result<Value> ReadOutput(const CommandCall& call, std::string_view bytes) {
  if (!call.read_answer) return ParseOutput(call.parse, bytes);
  return call.read_answer(WithoutFinalLineEnds(bytes));
}

}  // namespace

PrintedText HideSecrets(const host::ProcessResult& process, const redact::Redactor* redactor) {
  const auto hide = [&](std::string_view bytes, bool is_cut) {
    if (redactor == nullptr) return ReplaceInvalidUtf8(bytes);
    return ReplaceInvalidUtf8(is_cut ? redactor->RedactCut(bytes) : redactor->Redact(bytes));
  };
  const bool was_ended = process.end != host::ProcessEnd::Itself || process.signal != 0;
  return {.stdout_text = hide(process.stdout_bytes, was_ended),
          .stderr_text = hide(process.stderr_bytes, was_ended || process.is_stderr_cut)};
}

CallResult ToCallResult(const CommandCall& call, const host::ProcessResult& process,
                        const PrintedText& printed) {
  CallResult result;
  result.stdout_text = printed.stdout_text;
  result.stderr_text = printed.stderr_text;
  if (process.end == host::ProcessEnd::Itself && process.signal == 0) {
    result.exit = process.exit_code;
  }
  result.failure = CheckEnd(call, process, printed);
  if (result.failure) return result;
  Result<Value> output =
      ReadOutput(call, IsReadAsJson(call) ? process.stdout_bytes : printed.stdout_text);
  if (output) {
    result.output = std::move(*output);
    return result;
  }
  // The message may quote what was parsed, so it is made from the text in which secrets are hidden.
  output = ReadOutput(call, printed.stdout_text);
  result.failure = MakeFailure(FailureCode::Schema,
                               output ? "the output cannot be read" : output.error().message);
  result.failure->printed = LinesOf(printed);
  return result;
}

}  // namespace wfc::tools
