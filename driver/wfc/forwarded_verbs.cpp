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
    {"--ephemeral", "keep no record from which the run could be resumed after a crash"},
    {"--detach", "print the run's id and leave it to go on in the background"}};

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

// The verbs on runs, which compile nothing.

constexpr ValueRow kResumeValues[] = {
    {"--concurrency", "N", "stages that may run at once"},
    {"--format", "FORM", "text or json"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is heeded"}};
constexpr FlagRow kResumeFlags[] = {
    {"--take-over", "end the process that drives the run, if there is one"}};
constexpr ValueRow kResolveValues[] = {
    {"--done", "VALUE", "the call was made; its output, as JSON or else as a text"},
    {"--fail", "MESSAGE", "the call failed; why"},
    {"--format", "FORM", "text or json"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is heeded"}};
constexpr FlagRow kResolveFlags[] = {{"--repeat", "the call was not made, or may be made again"}};
constexpr FlagRow kCancelFlags[] = {
    {"--no-cleanup", "stages with `join: settled` do not run either"}};
constexpr ValueRow kOutputValues[] = {
    {"--format", "FORM", "text or json"},
    {"--color", "WHEN", "auto, always or never; NO_COLOR is heeded"}};
constexpr ValueRow kFormValues[] = {{"--format", "FORM", "text or json"}};
constexpr FlagRow kStatusFlags[] = {{"--watch", "until the run ends"}};
constexpr ValueRow kListValues[] = {
    {"--run-root", "DIR",
     "the folder of the runs; default: .wfc/runs here or in a folder around this one"},
    {"--workflow", "ID", "those of this workflow alone"},
    {"--limit", "N", "so many at most"},
    {"--format", "FORM", "text or json"}};

constexpr ValueRow kPruneValues[] = {
    {"--older-than", "TIME", "those that ended longer ago, such as 30d"},
    {"--keep", "N", "all but the newest N"},
    {"--max-size", "SIZE", "the oldest, until all runs together take no more, such as 1GB"},
    {"--run-root", "DIR",
     "the folder of the runs; default: .wfc/runs here or in a folder around this one"},
    {"--format", "FORM", "text or json"}};
constexpr FlagRow kPruneFlags[] = {{"--dry-run", "say what would be removed"}};

constexpr ValueRow kReplayValues[] = {
    {"--from", "STAGE", "go on live from this stage, in a new run that takes over the rest"},
    {"--format", "FORM", "text or json"}};

/// Whether a verb has an argument.
enum class Takes : uint8_t { No, Optional, Required };

struct RunVerbRow {
  const char* name;
  const char* help;
  Takes run;
  Takes stage;
  const char* stage_help;
  std::span<const ValueRow> values;
  std::span<const FlagRow> flags;
};

constexpr RunVerbRow kRunVerbs[] = {
    {"resume", "go on with a run that was interrupted", Takes::Optional, Takes::No, "",
     kResumeValues, kResumeFlags},
    {"resolve", "say what became of a call that was interrupted, and go on with the run",
     Takes::Required, Takes::Required, "the stage whose call is in doubt", kResolveValues,
     kResolveFlags},
    {"cancel", "end a run before its end, whoever drives it", Takes::Required, Takes::No, "",
     kOutputValues, kCancelFlags},
    {"status", "how a run stands: who drives it, what runs, what to do", Takes::Required, Takes::No,
     "", kFormValues, kStatusFlags},
    {"replay",
     "run a recorded run again without the world, and show the first difference",
     Takes::Required,
     Takes::No,
     "",
     kReplayValues,
     {}},
    {"audit",
     "check all that a run has recorded",
     Takes::Required,
     Takes::No,
     "",
     kFormValues,
     {}}};

/// The verbs behind `runs`.
constexpr const char* kRuns = "runs";
constexpr RunVerbRow kRunsVerbs[] = {
    {"list", "the runs, the newest first", Takes::No, Takes::No, "", kListValues, {}},
    {"rebuild",
     "make the files again that follow from a record",
     Takes::Required,
     Takes::No,
     "",
     kFormValues,
     {}},
    {"show",
     "why a run failed, or what became of a stage",
     Takes::Required,
     Takes::Optional,
     "the stage; default: the one that failed",
     kFormValues,
     {}},
    {"events",
     "what happened in a run, an event a line",
     Takes::Required,
     Takes::No,
     "",
     kFormValues,
     {}},
    {"prune", "remove runs that have ended", Takes::No, Takes::No, "", kPruneValues, kPruneFlags}};

bool IsVerbOnRun(std::string_view verb) {
  return verb == kRuns ||
         std::ranges::any_of(kRunVerbs, [verb](const RunVerbRow& row) { return row.name == verb; });
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

void AddArgument(CLI::App& verb, const char* name, Takes takes, std::string& typed,
                 const char* help) {
  if (takes == Takes::No) return;
  verb.add_option(name, typed, help)->required(takes == Takes::Required)->option_text(" ");
}

CLI::App* AddVerbOnRun(CLI::App& app, const RunVerbRow& row, ForwardedOptions& typed) {
  CLI::App* verb = app.add_subcommand(row.name, row.help);
  AddArgument(*verb, "RUN", row.run, typed.path,
              "the run: its folder, its id or the beginning of that, or `latest`");
  AddArgument(*verb, "STAGE", row.stage, typed.stage, row.stage_help);
  AddValues(*verb, row.values, typed);
  for (const auto& [name, help] : row.flags) verb->add_flag(name, typed.flags[name], help);
  return verb;
}

/// Adds `runs`, which has verbs of its own.
void AddRuns(CLI::App& app, ForwardedOptions& typed) {
  CLI::App* runs = app.add_subcommand(kRuns, "look at the runs that are recorded");
  runs->require_subcommand(1);
  for (const RunVerbRow& row : kRunsVerbs) {
    AddVerbOnRun(*runs, row, typed)->callback([&typed, &row] { typed.action = row.name; });
  }
}

}  // namespace

void AddForwardedVerbs(CLI::App& app, ForwardedOptions& typed, const std::string& path_help) {
  for (const VerbRow& row : kVerbs) AddVerb(app, row, typed, path_help);
  AddDoctor(app, typed, path_help);
  for (const RunVerbRow& row : kRunVerbs) AddVerbOnRun(app, row, typed);
  AddRuns(app, typed);
}

RunOptions ToRunOptions(const std::string& verb, const ForwardedOptions& typed) {
  RunOptions options = {
      .verb = verb,
      .action = typed.action,
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
