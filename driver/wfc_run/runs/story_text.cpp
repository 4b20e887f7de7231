#include "driver/wfc_run/runs/story_text.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/progress.h"
#include "ir/base/stage_fields.h"
#include "ir/base/time_units.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

constexpr size_t kPrintedLines = 40;
constexpr size_t kMostDecisions = 40;
constexpr std::string_view kInputFile = " --input FILE";
/// Of a value that is shortened.
constexpr size_t kValueLines = 20;

/// The lines of a text, without those that are empty at its end.
std::vector<std::string_view> LinesOf(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string Indented(std::string_view line) {
  return fmt::format("      {}\n", VisibleLine(line));
}

/// A word as a shell reads it.
std::string ShellWord(std::string_view word) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// What was called: a command as a shell would be told it, anything else as JSON.
std::string CalledText(const Value& called) {
  const Value* argv = called.kind() == Kind::Map ? called.Find("argv") : nullptr;
  if (argv == nullptr || argv->kind() != Kind::List) return WriteJson(called);
  std::string text;
  for (const Value& word : argv->items()) {
    if (!text.empty()) text += ' ';
    text += word.is_string() ? ShellWord(word.AsString()) : WriteJson(word);
  }
  const Value* folder = called.Find("cwd");
  const bool has_folder = folder != nullptr && folder->is_string() && !folder->AsString().empty();
  return has_folder ? fmt::format("{}   (in {})", text, folder->AsString()) : text;
}

/// A value below a title: its first lines if it is shortened.
std::string ValueText(std::string_view title, const Value& value, const StoryForm& form) {
  const std::string text =
      value.is_string() ? std::string(value.AsString()) : WriteJson(value, JsonStyle::Pretty);
  const std::vector<std::string_view> lines = LinesOf(text);
  if (lines.size() <= 1) return fmt::format("    {}: {}\n", title, VisibleLine(text));
  const size_t shown = form.shortens_values ? std::min(lines.size(), kValueLines) : lines.size();
  std::string block = fmt::format("    {}:\n", title);
  for (size_t i = 0; i < shown; ++i) block += Indented(lines[i]);
  const size_t rest = lines.size() - shown;
  return rest == 0 ? block : block + fmt::format("      and {} more lines\n", rest);
}

/// The end of what a program printed.
std::string PrintedText(std::string_view title, const Value& printed) {
  const std::string_view text = printed.is_string() ? printed.AsString() : std::string_view();
  const std::vector<std::string_view> lines = LinesOf(text);
  if (lines.empty()) return fmt::format("    {}: nothing\n", title);
  const size_t first = lines.size() - std::min(lines.size(), kPrintedLines);
  std::string block = fmt::format(
      "    {}{}:\n", title,
      first == 0 ? "" : fmt::format(", the last {} of {} lines", kPrintedLines, lines.size()));
  for (size_t i = first; i < lines.size(); ++i) block += Indented(lines[i]);
  return block;
}

std::string AttemptText(const AttemptStory& attempt) {
  std::string text =
      fmt::format("  attempt {}: began at {}{}\n", attempt.attempt, ShortDuration(attempt.began),
                  attempt.ended ? ", took " + ShortDuration(*attempt.ended - attempt.began)
                                : ", has not ended");
  if (!attempt.called.is_null()) {
    text += fmt::format("    called: {}\n", VisibleLine(CalledText(attempt.called)));
  }
  if (attempt.failure) {
    text += fmt::format("    error: {}: {}\n", Spell(attempt.failure->code),
                        VisibleLine(attempt.failure->message));
    if (!attempt.failure->details.is_null()) {
      text += fmt::format("    details: {}\n", VisibleLine(WriteJson(attempt.failure->details)));
    }
  }
  if (!attempt.command) return text;
  text += attempt.command->exit < 0 ? std::string("    exit: none, it was ended by a signal\n")
                                    : fmt::format("    exit: {}\n", attempt.command->exit);
  return text + PrintedText("standard output", attempt.command->stdout_text) +
         PrintedText("standard error", attempt.command->stderr_text);
}

std::string StandingText(const StageStory& stage) {
  const StageState& state = stage.state;
  const std::string_view status = state.status ? Spell(*state.status) : "pending";
  if (state.reason == SkipReason::None) return std::string(status);
  return fmt::format("{}: {}", status, Spell(state.reason));
}

std::string StageText(const StageStory& stage, const StoryForm& form) {
  std::string text =
      fmt::format("stage {} ({}): {}\n", VisibleLine(stage.stage), stage.verb, StandingText(stage));
  const size_t count = stage.attempts.size();
  const size_t first = form.shows_all_attempts || count == 0 ? 0 : count - 1;
  for (size_t i = first; i < count; ++i) text += AttemptText(stage.attempts[i]);
  if (stage.output) text += ValueText("output", *stage.output, form);
  if (!stage.transcript.empty()) {
    text += fmt::format("    transcript: {}\n", VisibleLine(stage.transcript));
  }
  return text;
}

std::string DecisionsText(const StageStory& stage) {
  if (stage.decisions.empty()) return {};
  const size_t count = stage.decisions.size();
  const size_t first = count - std::min(count, kMostDecisions);
  std::string text = "what led there:\n";
  if (first > 0) text += fmt::format("          {} decisions before\n", first);
  for (size_t i = first; i < count; ++i) text += stage.decisions[i].line + "\n";
  return text;
}

bool HasInput(const RunStory& story) {
  return story.input.kind() == Kind::Map && !story.input.entries().empty();
}

/// What to type to get on with the run; if it has ended in vain, to start it once more.
std::vector<std::string> NextOf(const RunStory& story) {
  std::vector<std::string> commands = WhatToType(story.report);
  const bool has_failed =
      story.report.status == RunStatus::Failed || story.report.status == RunStatus::Cancelled;
  if (has_failed && story.stage) {
    const std::string of_workflow = story.stage->stage.substr(0, story.stage->stage.find('.'));
    commands.push_back(
        fmt::format("wfc replay {} --from {}", story.report.name, ShellWord(of_workflow)));
  }
  if (!has_failed || story.project.empty()) return commands;
  commands.push_back(fmt::format("wfc run {} --workflow {} --mode {}{}", ShellWord(story.project),
                                 ShellWord(story.report.workflow), Spell(story.report.mode),
                                 HasInput(story) ? kInputFile : ""));
  return commands;
}

std::string AdviceText(const RunStory& story) {
  const std::vector<std::string> commands = NextOf(story);
  const bool names_file = !commands.empty() && commands.back().ends_with(kInputFile);
  return NextText(commands) +
         (names_file ? "      (FILE is its input, which `--format json` shows)\n" : "");
}

Value TextOrNull(const std::string& text) {
  return text.empty() ? Value::Null() : Value::String(text);
}

Value WholeMilliseconds(int64_t time_ns) {
  return Value::Int(time_ns / kNsPerMs);
}

Value AttemptValue(const AttemptStory& attempt) {
  const auto& command = attempt.command;
  const bool has_exit = command && command->exit >= 0;
  return Value::Record(
      {{"attempt", Value::Int(attempt.attempt)},
       {"began_ms", WholeMilliseconds(attempt.began)},
       {"ended_ms", attempt.ended ? WholeMilliseconds(*attempt.ended) : Value::Null()},
       {"called", attempt.called},
       {"exit", has_exit ? Value::Int(command->exit) : Value::Null()},
       {"stdout", command ? command->stdout_text : Value::Null()},
       {"stderr", command ? command->stderr_text : Value::Null()},
       {"failure", attempt.failure ? ToValue(*attempt.failure) : Value::Null()}});
}

Value StageValue(const StageStory& stage) {
  std::vector<Value> attempts;
  attempts.reserve(stage.attempts.size());
  for (const AttemptStory& attempt : stage.attempts) attempts.push_back(AttemptValue(attempt));
  std::vector<Value> decisions;
  decisions.reserve(stage.decisions.size());
  for (const Decision& decision : stage.decisions) decisions.push_back(decision.event);
  const StageState& state = stage.state;
  return Value::Record(
      {{"stage", Value::String(stage.stage)},
       {"kind", Value::String(stage.verb)},
       {"status", Value::String(state.status ? Spell(*state.status) : "pending")},
       {"reason",
        state.reason == SkipReason::None ? Value::Null() : Value::String(Spell(state.reason))},
       {"attempts", Value::List(std::move(attempts))},
       {"output", stage.output.value_or(Value::Null())},
       {"transcript", TextOrNull(stage.transcript)},
       {"decisions", Value::List(std::move(decisions))}});
}

}  // namespace

std::string ToText(const RunStory& story, const StoryForm& form) {
  std::string text = HeadText(story.report);
  if (story.stage) text += StageText(*story.stage, form) + DecisionsText(*story.stage);
  const bool has_output = !story.stage && !story.output.is_null();
  if (has_output) text += ValueText("output", story.output, form);
  return text + AdviceText(story);
}

Value ToValue(const RunStory& story) {
  const std::vector<std::string> commands = NextOf(story);
  std::vector<Value> next;
  next.reserve(commands.size());
  for (const std::string& command : commands) next.push_back(Value::String(command));
  return Value::Record({{"status", ToValue(story.report)},
                        {"input", story.input},
                        {"output", story.output},
                        {"stage", story.stage ? StageValue(*story.stage) : Value::Null()},
                        {"next", Value::List(std::move(next))}});
}

}  // namespace wfc::driver
