#include "driver/wfc_run/options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <limits>
#include <map>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "driver/wfc_run/runs/declare_verbs.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/shared_options.h"
#include "ir/base/utf8.h"
#include "ir/base/words.h"

namespace wfc::driver {
namespace {

/// Verbs that are planned: asking for one gets a different answer than a misspelt verb.
constexpr std::array kLaterVerbs = {"approve", "reject", "open"};

const std::map<std::string, RunForm> kForms = {{"text", RunForm::Text}, {"json", RunForm::Json}};
const std::map<std::string, ColorChoice> kColors = ColorChoices();

/// The options as CLI11 fills them in; some are converted after parsing.
struct Typed {
  RunOptions run;
  SimulateOptions simulate;
  ResumeOptions resume;
  DoctorOptions doctor;
  Resolution resolution;
  TypedRuns runs;
  bool repeats = false;
  bool skips_cleanup = false;
  uint64_t shown_run = 0;
  std::string form = "text";
  std::string color = "auto";
  uint32_t concurrency = 0;
  int64_t seed = 0;
  bool is_dry_run = false;
  bool allows_outside = false;
};

template <class T>
CLI::Validator OneOf(const std::map<std::string, T>& choices) {
  return CLI::Validator(
      [&choices](std::string& value) {
        if (choices.contains(value)) return std::string();
        std::vector<std::string> names;
        names.reserve(choices.size());
        for (const auto& [name, choice] : choices) names.push_back(name);
        return fmt::format("`{}` is not one of {}", value, fmt::join(names, ", "));
      },
      "NAME");
}

/// Accepts a SHA-256 in hexadecimal, with or without the prefix `sha256:`, and converts it to
/// lower-case digits without the prefix.
CLI::Validator IsDigest() {
  return CLI::Validator(
      [](std::string& value) {
        std::string digits = value.starts_with("sha256:") ? value.substr(7) : value;
        for (char& c : digits) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const bool is_digest = digits.size() == 64 &&
                               digits.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!is_digest) return fmt::format("`{}` is not a SHA-256 of 64 hexadecimal digits", value);
        value = digits;
        return std::string();
      },
      "SHA256");
}

/// Accepts a whole number from `least` to `most`, with a message that says so.
template <class T>
CLI::Validator IsNumber(T least, T most) {
  return CLI::Validator(
      [least, most](std::string& text) {
        T value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool is_number = error == std::errc() && end == text.data() + text.size();
        return is_number && value >= least && value <= most
                   ? std::string()
                   : fmt::format("`{}` is not a number from {} to {}", text, least, most);
      },
      "N");
}

CLI::Validator IsSeed() {
  return IsNumber(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
}

/// The message for an error that CLI11 found, reworded where CLI11's own says too little.
std::string ExplainUsage(const CLI::ParseError& error) {
  std::string what = error.what();
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) return what;
  const std::string option = what.substr(0, what.find(':'));
  return fmt::format("`{}` needs a value{}", option,
                     option == "-i" ? ": KEY=VALUE or KEY=@FILE" : "");
}

void DeclareInput(CLI::App& verb, InputOptions& input) {
  verb.add_option("-i", input.typed, "an input, KEY=VALUE or KEY=@FILE; repeatable")
      ->allow_extra_args(false);
  verb.add_option("--input", input.file,
                  "a file of JSON that holds the whole input, or - for standard input");
}

void DeclareOutput(CLI::App& verb, Typed& typed) {
  DeclareFormat(verb, typed.form);
  verb.add_option("--color", typed.color, "auto, always or never")->check(OneOf(kColors));
}

std::string ModeHelp() {
  return JoinWords(WordsOf<Mode>(), " or ");
}
std::string DryRunHelp() {
  return fmt::format("mode {}: effects are simulated", Spell(Mode::DryRun));
}

constexpr const char* kPlanHelp = "the plan: a file that `wfc compile` wrote";
constexpr const char* kProjectHelp = "the folder that the plan's paths start from";
constexpr const char* kEphemeralHelp =
    "keep no record from which the run could be resumed after a crash";
constexpr const char* kDetachHelp =
    "print the run's id and leave it to go on in the background, in a session of its own";
constexpr const char* kAllowOutsideHelp =
    "read the project's files also through links that lead out of its folder, and say so";

void DeclareRun(CLI::App& run, Typed& typed) {
  run.add_option("PLAN", typed.run.plan, kPlanHelp)->required();
  DeclareInput(run, typed.run.input);
  run.add_option("--mode", typed.run.mode, ModeHelp());
  run.add_flag("--dry-run", typed.is_dry_run, DryRunHelp());
  run.add_option("--workspace", typed.run.workspace,
                 "the folder that paths are relative to; default: the plan's");
  run.add_option("--concurrency", typed.concurrency, "stages that may run at once")
      ->check(IsNumber(1u, 100'000u));
  run.add_option("--run-root", typed.run.run_root,
                 "where run folders are made; default: WORKSPACE/.wfc/runs");
  run.add_option("--seed", typed.seed, "of run.seed and of jitter; default: random")
      ->check(IsSeed());
  run.add_option("--project", typed.run.project, kProjectHelp);
  run.add_option("--expect-digest", typed.run.expected_digest,
                 "run this plan and no other: its SHA-256, as `wfc inspect` prints it")
      ->transform(IsDigest());
  CLI::Option* ephemeral = run.add_flag("--ephemeral", typed.run.is_ephemeral, kEphemeralHelp);
  run.add_flag("--detach", typed.run.is_detached, kDetachHelp)->excludes(ephemeral);
  run.add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  DeclareOutput(run, typed);
}

void DeclareResume(CLI::App& resume, Typed& typed) {
  resume.add_option(
      "RUN", typed.resume.run,
      std::string(kRunHelp) + "; without it, those that can be gone on with are shown");
  resume.add_flag("--take-over", typed.resume.takes_over,
                  "end the process that drives the run, if there is one");
  resume.add_option("--concurrency", typed.concurrency, "stages that may run at once")
      ->check(IsNumber(1u, 100'000u));
  DeclareOutput(resume, typed);
}

void DeclareResolve(CLI::App& resolve, Typed& typed) {
  resolve.add_option("RUN", typed.resume.run, kRunHelp)->required();
  resolve.add_option("STAGE", typed.resolution.stage, "the stage whose call is in doubt")
      ->required();
  CLI::Option_group* how = resolve.add_option_group("how");
  how->add_option("--done", typed.resolution.text,
                  "the call was made; its output, as JSON or else as a text");
  how->add_flag("--repeat", typed.repeats, "the call was not made, or may be made again");
  how->add_option("--fail", typed.resolution.text, "the call failed; why");
  how->require_option(1);
  DeclareOutput(resolve, typed);
}

void DeclareCancel(CLI::App& cancel, Typed& typed) {
  cancel.add_option("RUN", typed.resume.run, kRunHelp)->required();
  cancel.add_flag("--no-cleanup", typed.skips_cleanup,
                  "stages with `join: settled` do not run either");
  DeclareOutput(cancel, typed);
}

Command FinishCancel(const Typed& typed) {
  return CancelOptions{.run = typed.resume.run,
                       .has_cleanup = !typed.skips_cleanup,
                       .form = kForms.at(typed.form),
                       .color = kColors.at(typed.color)};
}

Command FinishResume(const CLI::App& resume, Typed& typed) {
  ResumeOptions options = std::move(typed.resume);
  options.form = kForms.at(typed.form);
  options.color = kColors.at(typed.color);
  if (resume.get_name() == "resume") {
    if (resume.count("--concurrency") > 0) options.concurrency = typed.concurrency;
    return options;
  }
  Resolution resolution = std::move(typed.resolution);
  resolution.kind = resume.count("--done") > 0     ? Resolution::Kind::Done
                    : resume.count("--repeat") > 0 ? Resolution::Kind::Repeat
                                                   : Resolution::Kind::Fail;
  if (FindInvalidUtf8(resolution.text) != std::string_view::npos) {
    PrintError("what `--done` and `--fail` say must be UTF-8");
    return ExitCode::Usage;
  }
  options.resolution = std::move(resolution);
  return options;
}

void DeclareSimulate(CLI::App& simulate, Typed& typed) {
  SimulateOptions& options = typed.simulate;
  simulate.add_option("PLAN", options.plan, kPlanHelp)->required();
  DeclareInput(simulate, options.input);
  simulate.add_option("--mode", options.mode, ModeHelp() + "; default: each of the plan's");
  simulate.add_option("--seed", options.seed, "of all that is drawn at random; default: 1");
  simulate.add_option("--runs", options.runs, "runs at most; default: 1000")
      ->check(IsNumber(uint64_t{1}, uint64_t{1} << 53));
  CLI::Option* shown = simulate.add_option("--run", typed.shown_run, "show this one of the runs")
                           ->check(IsNumber(uint64_t{1}, uint64_t{1} << 53));
  simulate
      .add_flag("--until-covered", options.stops_when_covered,
                "stop when everything has been reached")
      ->excludes(shown);
  simulate
      .add_flag("--require-coverage", options.requires_coverage,
                "exit with 1 when something was not reached")
      ->excludes(shown);
  simulate.add_option("--project", typed.run.project, kProjectHelp);
  simulate.add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  DeclareOutput(simulate, typed);
}

Command FinishSimulate(const CLI::App& simulate, Typed& typed) {
  SimulateOptions options = std::move(typed.simulate);
  options.form = kForms.at(typed.form);
  options.color = kColors.at(typed.color);
  if (simulate.count("--run") > 0) options.shown_run = typed.shown_run;
  return options;
}

void DeclareDoctor(CLI::App& doctor, Typed& typed) {
  RunOptions& run = typed.doctor.run;
  doctor.add_option("PLAN", typed.doctor.plans, kPlanHelp)->required();
  doctor.add_option("--mode", run.mode, ModeHelp() + "; default: the plan's");
  doctor.add_option("--workspace", run.workspace,
                    "the folder that paths are relative to; default: the plan's");
  doctor.add_option("--run-root", run.run_root,
                    "where run folders are made; default: WORKSPACE/.wfc/runs");
  doctor.add_option("--project", run.project, kProjectHelp);
  doctor.add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  DeclareOutput(doctor, typed);
}

Command FinishDoctor(Typed& typed) {
  DoctorOptions options = std::move(typed.doctor);
  options.run.form = kForms.at(typed.form);
  options.run.color = kColors.at(typed.color);
  if (typed.allows_outside) options.run.outside = files::Outside::Allow;
  return options;
}

Command FinishRun(const CLI::App& run, Typed& typed) {
  RunOptions options = std::move(typed.run);
  options.form = kForms.at(typed.form);
  options.color = kColors.at(typed.color);
  if (typed.allows_outside) options.outside = files::Outside::Allow;
  if (run.count("--concurrency") > 0) options.concurrency = typed.concurrency;
  if (run.count("--seed") > 0) options.seed = typed.seed;
  if (typed.is_dry_run) {
    if (!options.mode.empty() && options.mode != Spell(Mode::DryRun)) {
      PrintError(fmt::format("--dry-run and --mode {} exclude each other", options.mode));
      return ExitCode::Usage;
    }
    options.mode = Spell(Mode::DryRun);
  }
  return options;
}

/// Whether the verb is a planned one; that has then been printed.
bool IsLaterVerb(int argc, char** argv) {
  if (argc < 2 || std::ranges::find(kLaterVerbs, std::string_view(argv[1])) == kLaterVerbs.end()) {
    return false;
  }
  PrintError(
      fmt::format("`{}` is not there yet; see `wfc-run --help` for those that are", argv[1]));
  return true;
}

}  // namespace

void DeclareFormat(CLI::App& verb, std::string& typed) {
  verb.add_option("--format", typed, "text or json")->check(OneOf(kForms));
}

RunForm FormNamed(const std::string& name) {
  return kForms.at(name);
}

void DeclareCount(CLI::App& verb, const std::string& name, uint64_t& typed,
                  const std::string& help) {
  verb.add_option(name, typed, help)->check(IsNumber(uint64_t{1}, uint64_t{1} << 53));
}

Command ParseCommandLine(int argc, char** argv) {
  if (IsLaterVerb(argc, argv)) return ExitCode::Usage;
  Typed typed;
  CLI::App app("wfc-run runs plans that wfc has compiled.", "wfc-run");
  app.set_version_flag("--version", fmt::format("wfc-run {}", WFC_VERSION));
  app.require_subcommand(1);
  CLI::App* run = app.add_subcommand("run", "run a plan");
  DeclareRun(*run, typed);
  CLI::App* simulate =
      app.add_subcommand("simulate", "run a plan many times, without models and tools");
  DeclareSimulate(*simulate, typed);
  CLI::App* resume = app.add_subcommand("resume", "go on with a run that was interrupted");
  DeclareResume(*resume, typed);
  CLI::App* resolve = app.add_subcommand(
      "resolve", "say what became of a call that was interrupted, and go on with the run");
  DeclareResolve(*resolve, typed);
  CLI::App* cancel = app.add_subcommand("cancel", "end a run before its end");
  DeclareCancel(*cancel, typed);
  DeclareRunsVerbs(app, typed.runs);
  CLI::App* doctor = app.add_subcommand("doctor", "report what plans need, and whether it is here");
  DeclareDoctor(*doctor, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return static_cast<ExitCode>(app.exit(success));
  } catch (const CLI::ParseError& error) {
    const auto verbs = app.get_subcommands();
    const std::string verb = verbs.empty() ? "" : " " + verbs.front()->get_name();
    PrintError(fmt::format("{}; see `wfc{} --help`", ExplainUsage(error), verb));
    return ExitCode::Usage;
  }
  if (cancel->parsed()) return FinishCancel(typed);
  if (doctor->parsed()) return FinishDoctor(typed);
  if (resume->parsed()) return FinishResume(*resume, typed);
  if (resolve->parsed()) return FinishResume(*resolve, typed);
  if (const auto runs = FinishRunsVerb(app, typed.runs)) return *runs;
  return simulate->parsed() ? FinishSimulate(*simulate, typed) : FinishRun(*run, typed);
}

}  // namespace wfc::driver
