// There is one function per verb that declares the verb's options; CLI11 fills them in. Values that
// CLI11 cannot check (formats, dates, codes) are checked here, so that a verb receives only valid
// options.
#include "driver/wfc/command_line.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "driver/wfc/forwarded_verbs.h"
#include "driver/wfc/version.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/support/suggest.h"

namespace wfc::driver {
namespace {

/// Verbs that are planned: asking for one gets a different answer than a misspelt verb.
constexpr std::array kLaterVerbs = {"init", "fmt",  "diff", "graph",  "approve", "reject",
                                    "open", "lock", "eval", "import", "schema"};

const std::map<std::string, ReportForm> kForms = {
    {"text", ReportForm::Text}, {"concise", ReportForm::Concise}, {"json", ReportForm::Json}};

const std::map<std::string, ColorChoice> kColors = ColorChoices();

const std::map<std::string, diag::Severity> kSeverities = {{"error", diag::Severity::Error},
                                                           {"warning", diag::Severity::Warning},
                                                           {"note", diag::Severity::Note}};

/// The option that a word stands for; the word must be one of the choices.
template <class T>
T Choose(const std::map<std::string, T>& choices, const std::string& name) {
  return choices.at(name);
}

template <class T>
std::vector<std::string> KeysOf(const std::map<std::string, T>& choices) {
  std::vector<std::string> keys;
  keys.reserve(choices.size());
  for (const auto& [key, value] : choices) keys.push_back(key);
  return keys;
}

template <class T>
CLI::Validator OneOf(const std::map<std::string, T>& choices) {
  return CLI::Validator(
      [&choices](std::string& value) {
        if (choices.contains(value)) return std::string();
        return fmt::format("`{}` is not one of {}", value, fmt::join(KeysOf(choices), ", "));
      },
      fmt::format("{}", fmt::join(KeysOf(choices), "|")));
}

CLI::Validator IsFormat() {
  return CLI::Validator(
      [](std::string& value) {
        const size_t colon = value.find(':');
        if (!kForms.contains(value.substr(0, colon))) {
          return fmt::format("`{}` is not one of {}", value.substr(0, colon),
                             fmt::join(KeysOf(kForms), ", "));
        }
        if (colon != std::string::npos && colon + 1 == value.size()) {
          return fmt::format("`{}` names no file after the colon", value);
        }
        return std::string();
      },
      "FORM[:FILE]");
}

CLI::Validator IsDate() {
  return CLI::Validator(
      [](std::string& value) {
        return ParseDay(value).day ? std::string()
                                   : fmt::format("`{}` is not a date; write YYYY-MM-DD", value);
      },
      "YYYY-MM-DD");
}

/// Makes the code of a slug. Returns what is wrong with a value that is neither a slug nor the
/// beginning of a code.
std::string CheckCode(std::string& value) {
  Suggester suggester(value);
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    if (!value.empty() && info.name.starts_with(value)) return {};
    if (info.slug == value) {
      value = info.name;
      return {};
    }
    suggester.Consider(info.slug);
  }
  return fmt::format("no code begins with `{0}`, and no slug is `{0}`{1}", value,
                     suggester.Phrase());
}

CLI::Validator IsCode() {
  return CLI::Validator(CheckCode, "CODE");
}

/// The options of all verbs as CLI11 fills them in.
struct Typed {
  std::string path;
  std::vector<std::string> formats;
  std::string color = "auto";
  std::string fail_on = "error";
  std::string date;
  bool fixes = false;
  bool fixes_unsafely = false;
  bool shows_diff = false;
  bool allows_outside = false;
  std::string emit;
  CheckOptions check;
  ExplainOptions explain;
  CompileOptions compile;
  InspectOptions inspect;
  std::string inspect_format = "text";
  GuardOptions guard;
  ReportOptions report;
  ForwardedOptions forwarded;
};

constexpr const char* kPathHelp =
    "the project: its folder, its wfc.yaml, or any manifest of it; default: the nearest wfc.yaml, "
    "walking up";

void AddPath(CLI::App& verb, Typed& typed) {
  verb.add_option("PATH", typed.path, kPathHelp)->option_text(" ");
  verb.add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
}

files::Outside OutsideOf(const Typed& typed) {
  return typed.allows_outside ? files::Outside::Allow : files::Outside::Refuse;
}

void AddReport(CLI::App& verb, Typed& typed) {
  verb.add_option("--format", typed.formats,
                  "text, concise or json; FORM:FILE writes it to FILE; repeatable")
      ->check(IsFormat())
      ->option_text("FORM[:FILE]")
      ->allow_extra_args(false);
  verb.add_option("--color", typed.color,
                  "auto, always or never; NO_COLOR and FORCE_COLOR are heeded")
      ->check(OneOf(kColors))
      ->option_text("WHEN");
  verb.add_flag("--strict", typed.report.is_strict, "warnings count as errors");
  verb.add_option("--fail-on", typed.fail_on, "the lowest severity that makes the exit code 1")
      ->check(OneOf(kSeverities))
      ->option_text("SEVERITY");
  verb.add_flag("--exit-zero", typed.report.exits_zero, "exit with 0 whatever is found");
}

void AddCheck(CLI::App& app, Typed& typed) {
  CLI::App* verb = app.add_subcommand("check", "prove what can be proved about a project");
  AddPath(*verb, typed);
  AddReport(*verb, typed);
  verb->add_option("--select", typed.check.selected,
                   "report only codes that are or begin with one of these")
      ->delimiter(',')
      ->transform(IsCode())
      ->option_text("CODES")
      ->allow_extra_args(false);
  verb->add_option("--ignore", typed.check.ignored,
                   "leave out codes that are or begin with one of these")
      ->delimiter(',')
      ->transform(IsCode())
      ->option_text("CODES")
      ->allow_extra_args(false);
  verb->add_flag("--pedantic", typed.check.is_pedantic,
                 "say also what could not be decided (T002), and which grants are only checked "
                 "when they are used "
                 "(S017)");
  verb->add_flag("--fix", typed.fixes, "apply the fixes that are safe");
  verb->add_flag("--unsafe-fixes", typed.fixes_unsafely, "with --fix or --diff: the others too");
  verb->add_flag("--diff", typed.shows_diff, "show what --fix would change, and change nothing");
  verb->add_option("--emit", typed.emit, "ir: print the workflow IR instead of findings")
      ->check(CLI::IsMember({"ir"}))
      ->option_text("ir");
  verb->add_option("--print-after", typed.check.print_after, "print the IR after this pass")
      ->option_text("PASS");
  verb->add_flag("--time-passes", typed.check.times_passes,
                 "say on standard error how long each phase took");
  verb->add_option("--as-of,--now", typed.date, "check as if today were this day, in UTC")
      ->check(IsDate())
      ->option_text("YYYY-MM-DD");
}

void AddExplain(CLI::App& app, Typed& typed) {
  CLI::App* verb =
      app.add_subcommand("explain", "what a code means, with an example; without one: all codes");
  verb->add_option("CODE", typed.explain.code, "a code or its slug: `K001`, `unknown-key`")
      ->option_text(" ");
}

void AddCompile(CLI::App& app, Typed& typed) {
  CLI::App* verb = app.add_subcommand("compile", "write a workflow's plan");
  AddPath(*verb, typed);
  AddReport(*verb, typed);
  verb->add_option("--workflow", typed.compile.workflow,
                   "which one; default: the project's `main`");
  verb->add_option("-o,--output", typed.compile.output,
                   "the plan, or - for standard output; default: WORKFLOW.plan.bin")
      ->option_text("FILE");
  verb->add_option("--as-of,--now", typed.date, "compile as if today were this day, in UTC")
      ->check(IsDate())
      ->option_text("YYYY-MM-DD");
}

void AddInspect(CLI::App& app, Typed& typed) {
  CLI::App* verb = app.add_subcommand("inspect", "print what a plan will do");
  verb->add_option("PLAN", typed.inspect.plan, "the plan, or a project")
      ->required()
      ->option_text(" ");
  verb->add_option("--workflow", typed.inspect.workflow,
                   "of a project: which one; default: its `main`");
  verb->add_option("--format", typed.inspect_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->option_text("FORM");
  verb->add_flag("--allow-outside", typed.allows_outside, kAllowOutsideHelp);
  verb->add_flag("--verify", typed.inspect.verifies, "also check the plan's SHA-256 identity");
}

void AddGuard(CLI::App& app, Typed& typed) {
  CLI::App* verb = app.add_subcommand("guard", "judge how fresh the project's specifications are");
  AddPath(*verb, typed);
  AddReport(*verb, typed);
  verb->add_option("--now,--as-of", typed.date, "judge as if today were this day, in UTC")
      ->check(IsDate())
      ->option_text("YYYY-MM-DD");
  verb->add_flag("--dry-run", typed.guard.is_dry_run, "say what would fail, and exit with 0");
}

ReportOptions FinishReport(const Typed& typed) {
  ReportOptions report = typed.report;
  report.color = Choose(kColors, typed.color);
  report.fail_on = Choose(kSeverities, typed.fail_on);
  for (const std::string& format : typed.formats) {
    const size_t colon = format.find(':');
    report.targets.push_back(
        {.form = kForms.at(format.substr(0, colon)),
         .file = colon == std::string::npos ? std::string() : format.substr(colon + 1)});
  }
  return report;
}

CheckOptions FinishCheck(Typed& typed) {
  CheckOptions options = std::move(typed.check);
  options.path = typed.path;
  options.outside = OutsideOf(typed);
  options.report = FinishReport(typed);
  if (typed.fixes) options.fix = FixAction::Write;
  if (typed.shows_diff) options.fix = FixAction::ShowDiff;
  if (typed.fixes_unsafely) options.fix_safety = diag::FixSafety::Unsafe;
  options.emits_ir = typed.emit == "ir";
  options.as_of = ParseDay(typed.date).day;
  return options;
}

Command Finish(const CLI::App& app, Typed& typed) {
  const std::string verb = app.get_subcommands().front()->get_name();
  if (verb == "check") return FinishCheck(typed);
  if (verb == "explain") return std::move(typed.explain);
  if (verb == "inspect") {
    typed.inspect.is_json = typed.inspect_format == "json";
    typed.inspect.outside = OutsideOf(typed);
    return std::move(typed.inspect);
  }
  if (verb == "compile") {
    typed.compile.path = typed.path;
    typed.compile.outside = OutsideOf(typed);
    typed.compile.report = FinishReport(typed);
    typed.compile.as_of = ParseDay(typed.date).day;
    return std::move(typed.compile);
  }
  if (verb == "guard") {
    typed.guard.path = typed.path;
    typed.guard.outside = OutsideOf(typed);
    typed.guard.report = FinishReport(typed);
    typed.guard.now = ParseDay(typed.date).day;
    return std::move(typed.guard);
  }
  return ToRunOptions(verb, typed.forwarded);
}

/// The message for arguments that are left over: names the first option that the verb does not
/// have. CLI11 itself would list all arguments from there on, in reverse order.
std::string ExplainExtras(const CLI::App& verb, const std::string& verb_name,
                          const std::vector<std::string>& rest) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  const auto wrong = std::ranges::find_if(rest, [&](const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    return word.size() > 1 && word[0] == '-' && std::ranges::find(names, name) == names.end();
  });
  if (wrong == rest.end()) {
    const bool takes_one = std::ranges::any_of(
        verb.get_options(), [](const CLI::Option* option) { return option->get_positional(); });
    return fmt::format("unexpected argument `{}`; `wfc {}` takes {}",
                       rest.empty() ? "" : rest.front(), verb_name,
                       takes_one ? "one argument beside its options" : "no arguments but options");
  }
  const std::string name = wrong->substr(0, wrong->find('='));
  Suggester suggester(name);
  for (const std::string& known : names) suggester.Consider(known);
  return fmt::format("no option `{}`{}", name, suggester.Phrase());
}

/// The message for other errors that CLI11 found, reworded where CLI11's own says too little.
std::string ExplainMisuse(const CLI::ParseError& error) {
  std::string what = error.what();
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) return what;
  const std::string option = what.substr(0, what.find(':'));
  return fmt::format("`{}` needs a value{}", option,
                     option == "-i" ? ": KEY=VALUE or KEY=@FILE" : "");
}

ExitCode UsageError(std::string_view message, std::string_view verb) {
  PrintMessage(stderr, fmt::format("wfc: {}\nTry `wfc{}{} --help`.\n", VisibleText(message),
                                   verb.empty() ? "" : " ", verb));
  return ExitCode::Usage;
}

/// Reports a usage error that was found when the command line was parsed.
ExitCode RefuseUsage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* verb = &app;
  std::string name;
  while (!verb->get_subcommands().empty()) {
    verb = verb->get_subcommands().front();
    name += (name.empty() ? "" : " ") + verb->get_name();
  }
  if (verb == &app) return UsageError(error.what(), "");
  const bool has_extras = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  return UsageError(
      has_extras ? ExplainExtras(*verb, name, app.remaining(true)) : ExplainMisuse(error), name);
}

/// Reports usage errors that CLI11 would word badly, and verbs that are planned; nullopt if there
/// is neither.
std::optional<ExitCode> RefuseEarly(int argc, char** argv, CLI::App& app) {
  if (argc < 2) {
    return UsageError("no verb was given", "");
  }
  const std::string first = argv[1];
  const auto verbs = app.get_subcommands([](CLI::App*) { return true; });
  const bool is_verb = std::ranges::find(verbs, first, &CLI::App::get_name) != verbs.end();
  const bool is_general = first == "-h" || first == "--help" || first == "--version";
  if (is_general || is_verb) return std::nullopt;
  if (first.starts_with('-')) {
    return UsageError(fmt::format("a verb comes before `{}`, such as `wfc check {}`", first, first),
                      "");
  }
  if (std::ranges::find(kLaterVerbs, first) != kLaterVerbs.end()) {
    return UsageError(fmt::format("`{}` is not supported yet by this version", first), "");
  }
  Suggester suggester(first);
  for (CLI::App* verb : verbs) suggester.Consider(verb->get_name());
  return UsageError(fmt::format("no verb `{}`{}", first, suggester.Phrase()), "");
}

}  // namespace

Command ParseCommandLine(int argc, char** argv) {
  CLI::App app("wfc: compiles, checks and runs agent workflows", "wfc");
  app.set_version_flag("--version", fmt::format("wfc {}", kVersion));
  app.require_subcommand(1);
  auto typed = std::make_unique<Typed>();
  AddCheck(app, *typed);
  AddCompile(app, *typed);
  AddExplain(app, *typed);
  AddGuard(app, *typed);
  AddInspect(app, *typed);
  AddForwardedVerbs(app, typed->forwarded, kPathHelp);
  if (const auto refused = RefuseEarly(argc, argv, app)) return *refused;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    app.exit(asked);
    return ExitCode::Success;
  } catch (const CLI::ParseError& error) {
    return RefuseUsage(app, error);
  }
  return Finish(app, *typed);
}

}  // namespace wfc::driver
