#include "driver/wfc_run/runs/declare_verbs.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/shared_options.h"

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

void DeclareEvents(CLI::App& runs, TypedRuns& typed) {
  CLI::App* events = runs.add_subcommand("events", "what happened in a run, an event a line");
  events->add_option("RUN", typed.run, kRunHelp)->required();
  DeclareFormat(*events, typed.form);
}

void DeclareStatus(CLI::App& app, TypedRuns& typed) {
  CLI::App* status = app.add_subcommand("status", "how a run stands");
  status->add_option("RUN", typed.run, kRunHelp)->required();
  status->add_flag("--watch", typed.watches, "until the run ends");
  DeclareFormat(*status, typed.form);
}

}  // namespace

void DeclareRunsVerbs(CLI::App& app, TypedRuns& typed) {
  DeclareStatus(app, typed);
  CLI::App* runs = app.add_subcommand("runs", "look at the runs that are recorded");
  runs->require_subcommand(1);
  DeclareList(*runs, typed);
  DeclareEvents(*runs, typed);
}

std::optional<RunsCommand> FinishRunsVerb(const CLI::App& app, const TypedRuns& typed) {
  const RunForm form = FormNamed(typed.form);
  if (app.got_subcommand("status")) {
    return StatusOptions{.run = typed.run, .watches = typed.watches, .form = form};
  }
  if (!app.got_subcommand("runs")) return std::nullopt;
  const std::string verb = app.get_subcommand("runs")->get_subcommands().front()->get_name();
  if (verb == "list") {
    return ListOptions{
        .run_root = typed.run_root, .workflow = typed.workflow, .limit = typed.limit, .form = form};
  }
  return EventsOptions{.run = typed.run, .form = form};
}

}  // namespace wfc::driver
