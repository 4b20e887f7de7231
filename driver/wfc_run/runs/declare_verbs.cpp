#include "driver/wfc_run/runs/declare_verbs.h"

#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/shared_options.h"
#include "ir/base/quantities.h"

namespace wfc::driver {
namespace {

constexpr const char* kRunRootHelp =
    "the folder of the runs; default: .wfc/runs here or in a folder around this one";

void DeclareList(CLI::App& runs, TypedRuns& typed) {
  CLI::App* list = runs.add_subcommand("list", "the runs, the newest first");
  list->add_option("--run-root", typed.run_root, kRunRootHelp);
  list->add_option("--workflow", typed.workflow, "those of this workflow alone");
  DeclareCount(*list, "--limit", typed.limit, "so many at most");
  DeclareFormat(*list, typed.form);
}

void DeclareShow(CLI::App& runs, TypedRuns& typed) {
  CLI::App* show = runs.add_subcommand("show", "why a run failed, or what became of a stage");
  show->add_option("RUN", typed.run, kRunHelp)->required();
  show->add_option("STAGE", typed.stage, "the stage; default: the one that failed");
  DeclareFormat(*show, typed.form);
}

void DeclareEvents(CLI::App& runs, TypedRuns& typed) {
  CLI::App* events = runs.add_subcommand("events", "what happened in a run, an event a line");
  events->add_option("RUN", typed.run, kRunHelp)->required();
  DeclareFormat(*events, typed.form);
}

/// Accepts what `parse` does, with a message that says what that is.
CLI::Validator Accepts(std::optional<int64_t> (*parse)(std::string_view), const char* what) {
  return CLI::Validator(
      [parse, what](std::string& text) {
        return parse(text) ? std::string() : fmt::format("`{}` is not {}", text, what);
      },
      "VALUE");
}

/// A number without a unit, 0 or more.
std::optional<int64_t> ParseCount(std::string_view text) {
  const bool has_digits = text.find_first_not_of("0123456789") == std::string_view::npos;
  return has_digits ? ParseScaledCount(text) : std::nullopt;
}

void DeclarePrune(CLI::App& runs, TypedRuns& typed) {
  CLI::App* prune = runs.add_subcommand("prune", "remove runs that have ended");
  prune->add_option("--older-than", typed.older_than, "those that ended longer ago, such as 30d")
      ->check(Accepts(ParseTimeSpan, "a time such as 12h or 30d"));
  prune->add_option("--keep", typed.keep, "all but the newest N")
      ->check(Accepts(ParseCount, "a number"));
  prune
      ->add_option("--max-size", typed.max_size,
                   "the oldest, until all runs together take no more, such as 1GB")
      ->check(Accepts(ParseByteSize, "a size such as 500MB or 1GB"));
  prune->add_flag("--dry-run", typed.is_dry_run, "say what would be removed");
  prune->add_option("--run-root", typed.run_root, kRunRootHelp);
  DeclareFormat(*prune, typed.form);
}

PruneOptions FinishPrune(const TypedRuns& typed) {
  PruneOptions options = {.run_root = typed.run_root,
                          .older_than = ParseTimeSpan(typed.older_than),
                          .keep = {},
                          .max_size = ParseByteSize(typed.max_size),
                          .is_dry_run = typed.is_dry_run ? IsDryRun::Yes : IsDryRun::No,
                          .form = FormNamed(typed.form)};
  if (const std::optional<int64_t> keep = ParseCount(typed.keep)) {
    options.keep = static_cast<uint64_t>(*keep);
  }
  return options;
}

void DeclareStatus(CLI::App& app, TypedRuns& typed) {
  CLI::App* status = app.add_subcommand("status", "how a run stands");
  status->add_option("RUN", typed.run, kRunHelp)->required();
  status->add_flag("--watch", typed.watches, "until the run ends");
  DeclareFormat(*status, typed.form);
}

void DeclareOfOneRun(CLI::App& app, const char* name, const char* help, TypedRuns& typed) {
  CLI::App* verb = app.add_subcommand(name, help);
  verb->add_option("RUN", typed.run, kRunHelp)->required();
  DeclareFormat(*verb, typed.form);
}

}  // namespace

void DeclareRunsVerbs(CLI::App& app, TypedRuns& typed) {
  DeclareStatus(app, typed);
  DeclareOfOneRun(app, "replay", "run a recorded run again without the world", typed);
  app.get_subcommand("replay")->add_option(
      "--from", typed.stage, "go on live from this stage, in a new run that takes over the rest");
  DeclareOfOneRun(app, "audit", "check all that a run has recorded", typed);
  CLI::App* runs = app.add_subcommand("runs", "look at the runs that are recorded");
  runs->require_subcommand(1);
  DeclareList(*runs, typed);
  DeclareShow(*runs, typed);
  DeclareEvents(*runs, typed);
  DeclarePrune(*runs, typed);
  DeclareOfOneRun(*runs, "rebuild", "make the files again that follow from a record", typed);
}

std::optional<RunsCommand> FinishRunsVerb(const CLI::App& app, const TypedRuns& typed) {
  const RunForm form = FormNamed(typed.form);
  if (app.got_subcommand("status")) {
    return StatusOptions{.run = typed.run, .watches = typed.watches, .form = form};
  }
  if (app.got_subcommand("replay"))
    return ReplayOptions{.run = typed.run, .from = typed.stage, .form = form};
  if (app.got_subcommand("audit")) return AuditOptions{.run = typed.run, .form = form};
  if (!app.got_subcommand("runs")) return std::nullopt;
  const std::string verb = app.get_subcommand("runs")->get_subcommands().front()->get_name();
  if (verb == "list") {
    return ListOptions{
        .run_root = typed.run_root, .workflow = typed.workflow, .limit = typed.limit, .form = form};
  }
  if (verb == "prune") return FinishPrune(typed);
  if (verb == "rebuild") return RebuildOptions{.run = typed.run, .form = form};
  if (verb == "show") {
    return ShowOptions{.run = typed.run, .stage = typed.stage, .form = form};
  }
  return EventsOptions{.run = typed.run, .form = form};
}

}  // namespace wfc::driver
