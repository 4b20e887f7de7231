#include "driver/wfc_run/runs/verbs.h"

#include "driver/wfc_run/runs/list.h"

namespace wfc::driver {
namespace {

struct CarryOutEach {
  ExitCode operator()(const ListOptions& options) const { return ListRuns(options); }
  ExitCode operator()(const ShowOptions& options) const { return ShowRun(options); }
  ExitCode operator()(const EventsOptions& options) const { return ShowEvents(options); }
  ExitCode operator()(const PruneOptions& options) const { return PruneRuns(options); }
  ExitCode operator()(const StatusOptions& options) const { return ShowStatus(options); }
  ExitCode operator()(const ReplayOptions& options) const { return ReplayRun(options); }
  ExitCode operator()(const AuditOptions& options) const { return AuditRun(options); }
  ExitCode operator()(const RebuildOptions& options) const { return RebuildRun(options); }
};

}  // namespace

ExitCode CarryOut(const RunsCommand& command) {
  return std::visit(CarryOutEach(), command);
}

}  // namespace wfc::driver
