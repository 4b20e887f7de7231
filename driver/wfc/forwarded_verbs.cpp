#include "driver/wfc/forwarded_verbs.h"

#include <algorithm>
#include <span>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ir/base/words.h"

namespace wfc::driver {
namespace {

struct ValueRow {
  const char* name;
  const char* value;
  const char* help;
};

struct FlagRow {
  const char* name;
  const char* help;
};

/// The placeholder of a value that is a mode: its help begins with the list of modes.
constexpr const char* kMode = "MODE";

constexpr ValueRow kSharedValues[] = {
    {"--input", "FILE", "a file of JSON that holds the whole input, or - for standard input"},
    {"--format", "FORM", "text or json"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is heeded"}};

constexpr ValueRow kRunValues[] = {
    {"--mode", kMode, ""},
    {"--workspace", "DIR",
     "the folder that paths are relative to; default: `execution.workspace`, else the project's"},
    {"--concurrency", "N", "stages that may run at once"},
    {"--run-root", "DIR", "where run folders are made; default: WORKSPACE/.wfc/runs"},
    {"--seed", "N", "of `run.seed` and of jitter; default: random"},
    {"--expect-digest", "SHA256", "refuse any plan but the one of this identity (`wfc inspect`)"}};
constexpr FlagRow kRunFlags[] = {
    {"--dry-run", "mode dry_run: effects are simulated"},
    {"--ephemeral", "keep no record from which the run could be resumed after a crash"}};

constexpr ValueRow kSimulateValues[] = {
    {"--mode", kMode, "; default: each of the plan's"},
    {"--seed", "N", "of all that is drawn at random; default: 1"},
    {"--runs", "N", "runs at most; default: 1000"},
    {"--run", "N", "show this one of the runs, event by event"}};
constexpr FlagRow kSimulateFlags[] = {
    {"--until-covered", "stop when everything has been reached"},
    {"--require-coverage", "exit with 1 when something was not reached"}};

struct VerbRow {
  const char* name;
  const char* help;
  std::span<const ValueRow> values;
  std::span<const FlagRow> flags;
};

constexpr VerbRow kVerbs[] = {
    {"run", "run a project or a plan", kRunValues, kRunFlags},
    {"simulate", "run it many times without models and tools, to find what may go wrong",
     kSimulateValues, kSimulateFlags}};

// The verb that looks at all workflows of a project, and runs none.

constexpr ValueRow kDoctorValues[] = {
    {"--mode", kMode, "; default: the plan's"},
    {"--workspace", "DIR",
     "the folder that paths are relative to; default: `execution.workspace`, else the project's"},
    {"--run-root", "DIR", "where run folders are made; default: WORKSPACE/.wfc/runs"}};
constexpr const char* kDoctor = "doctor";

// The verbs on a run, which compile nothing.

constexpr ValueRow kResumeValues[] = {{"--concurrency", "N", "stages that may run at once"}};
constexpr FlagRow kResumeFlags[] = {
    {"--take-over", "end the process that drives the run, if there is one"}};
constexpr ValueRow kResolveValues[] = {
    {"--done", "VALUE", "the call was made; its output, as JSON or else as a text"},
    {"--fail", "MESSAGE", "the call failed; why"}};
constexpr FlagRow kResolveFlags[] = {{"--repeat", "the call was not made, or may be made again"}};
constexpr ValueRow kOutputValues[] = {
    {"--format", "FORM", "text or json"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is heeded"}};

constexpr VerbRow kRunVerbs[] = {
    {"resume", "go on with a run that was interrupted", kResumeValues, kResumeFlags},
    {"resolve", "say what became of a call that was interrupted, and go on with the run",
     kResolveValues, kResolveFlags}};

bool IsVerbOnRun(std::string_view verb) {
  return std::ranges::any_of(kRunVerbs, [verb](const VerbRow& row) { return row.name == verb; });
}

void AddValues(CLI::App& verb, std::span<const ValueRow> rows, ForwardedOptions& typed) {
  for (const auto& [name, value, help] : rows) {
    const bool is_mode = value == kMode;
    const std::string modes = is_mode ? JoinWords(WordsOf<Mode>(), " or ") : std::string();
    verb.add_option(name, typed.values[name], modes + help)->option_text(value);
  }
}

void AddVerb(CLI::App& app, const VerbRow& row, ForwardedOptions& typed,
             const std::string& path_help) {
  CLI::App* verb = app.add_subcommand(row.name, row.help);
  verb->add_option("PATH", typed.path, path_help + "; or a plan")->option_text(" ");
  verb->add_option("--workflow", typed.workflow, "which one; default: the project's `main`")
      ->option_text("ID");
  verb->add_option("-i", typed.inputs, "an input; repeatable")
      ->allow_extra_args(false)
      ->option_text("KEY=VALUE | KEY=@FILE");
  verb->add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  AddValues(*verb, row.values, typed);
  AddValues(*verb, kSharedValues, typed);
  for (const auto& [name, help] : row.flags) verb->add_flag(name, typed.flags[name], help);
}

void AddDoctor(CLI::App& app, ForwardedOptions& typed, const std::string& path_help) {
  CLI::App* verb = app.add_subcommand(
      kDoctor, "report what a project or a plan needs to run, and whether it is here");
  verb->add_option("PATH", typed.path, path_help + "; or a plan")->option_text(" ");
  verb->add_option("--workflow", typed.workflow, "only this one; default: all of the project")
      ->option_text("ID");
  verb->add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  AddValues(*verb, kDoctorValues, typed);
  AddValues(*verb, kOutputValues, typed);
}

void AddVerbOnRun(CLI::App& app, const VerbRow& row, ForwardedOptions& typed) {
  CLI::App* verb = app.add_subcommand(row.name, row.help);
  verb->add_option("RUN", typed.path, "the run: its folder, or its id or the beginning of that")
      ->required()
      ->option_text(" ");
  if (row.name == std::string_view("resolve")) {
    verb->add_option("STAGE", typed.stage, "the stage whose call is in doubt")
        ->required()
        ->option_text(" ");
  }
  AddValues(*verb, row.values, typed);
  AddValues(*verb, kOutputValues, typed);
  for (const auto& [name, help] : row.flags) verb->add_flag(name, typed.flags[name], help);
}

}  // namespace

void AddForwardedVerbs(CLI::App& app, ForwardedOptions& typed, const std::string& path_help) {
  for (const VerbRow& row : kVerbs) AddVerb(app, row, typed, path_help);
  AddDoctor(app, typed, path_help);
  for (const VerbRow& row : kRunVerbs) AddVerbOnRun(app, row, typed);
}

RunOptions ToRunOptions(const std::string& verb, const ForwardedOptions& typed) {
  RunOptions options = {
      .verb = verb,
      .path = typed.path,
      .outside = typed.allows_outside ? files::Outside::Allow : files::Outside::Refuse,
      .workflow = typed.workflow,
      .is_on_run = IsVerbOnRun(verb),
      .takes_all_workflows = verb == kDoctor,
      .forwarded = {}};
  if (!typed.stage.empty()) options.forwarded.push_back(typed.stage);
  if (typed.allows_outside) options.forwarded.emplace_back("--allow-outside");
  for (const std::string& input : typed.inputs) {
    options.forwarded.push_back("-i");
    options.forwarded.push_back(input);
  }
  for (const auto& [name, value] : typed.values) {
    if (!value) continue;
    options.forwarded.push_back(name);
    options.forwarded.push_back(*value);
  }
  for (const auto& [name, is_given] : typed.flags) {
    if (is_given) options.forwarded.push_back(name);
  }
  return options;
}

}  // namespace wfc::driver
