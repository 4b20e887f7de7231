#include "driver/wfc_run/run_lines.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver/wfc_run/progress_line.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

using plan::NodeId;
using plan::RouteId;
using runtime::Event;

/// The number of stages that a line names before it only counts them.
constexpr size_t kMostNames = 5;

/// "1 stage", "3 stages".
std::string Stages(uint64_t count) {
  return fmt::format("{} stage{}", count, count == 1 ? "" : "s");
}

/// "a, b, c and 4 more".
std::string ListStages(std::span<const std::string> first, uint64_t count) {
  const std::string names = fmt::format("{}", fmt::join(first, ", "));
  return count > first.size() ? fmt::format("{} and {} more", names, count - first.size()) : names;
}

std::string Redacted(const ProgressOptions& options, const std::string& text) {
  return VisibleLine(options.redactor == nullptr ? text : options.redactor->Redact(text));
}

/// The text under `key` of an event's payload; empty if there is none.
std::string_view TextIn(const Event& event, std::string_view key) {
  if (event.payload == nullptr || event.payload->kind() != Kind::Map) return {};
  const Value* found = event.payload->Find(key);
  return found != nullptr && found->is_string() ? found->AsString() : std::string_view();
}

/// Where a route leads: its stages, or the body that belongs to the decide.
std::string Destination(const plan::PlanView& plan, const plan::fb::Route& route) {
  if (route.kind() == plan::fb::RouteKind::Region) return "its body";
  std::vector<std::string> names;
  const auto targets = plan.targets_of(route);
  for (const NodeId target : targets) {
    if (names.size() == kMostNames) break;
    names.emplace_back(plan.name(target));
  }
  return names.empty() ? "no stage" : ListStages(names, targets.size());
}

std::string ShortValue(const Value& value) {
  return value.is_string() ? QuoteShort(value.AsString()) : WriteJson(value);
}

/// Why a decide has taken a route, in a few words.
std::string ReasonOf(const plan::PlanView& plan, const plan::fb::Decide& decide, RouteId id) {
  const plan::fb::Route& route = plan.routes[id];
  if (decide.is_case_list()) {
    const bool has_condition = plan::ProgramId(route.when()).has_value();
    if (!has_condition) return "no earlier case holds";
    return fmt::format("case {} holds", id.index() - decide.routes().first() + 1);
  }
  const plan::ConstantId key(route.key());
  if (!key.has_value()) return "the default, since no other route has the value";
  return fmt::format("the value is {}", ShortValue(plan.constant(key)));
}

/// The line for the route that a decide has taken; nullopt without a plan.
std::optional<std::string> RouteLine(const Event& event, std::string_view stage,
                                     const ProgressOptions& options) {
  if (options.plan == nullptr || !event.route.has_value()) return std::nullopt;
  const plan::PlanView& plan = *options.plan;
  const plan::fb::Decide& decide = plan.decide_of(plan.nodes[event.node]);
  const std::string detail = fmt::format("to {}: {}", Destination(plan, plan.routes[event.route]),
                                         ReasonOf(plan, decide, event.route));
  return ProgressRow("route", kDimColor, VisibleLine(stage), Redacted(options, detail), options);
}

/// Whether the event says that neither a route nor a failure called for the stage.
bool IsUnneeded(const Event& event) {
  return event.type == EventType::StageSkipped &&
         (event.reason == SkipReason::NotNeeded || event.reason == SkipReason::NotChosen);
}

}  // namespace

std::string StartLine(const Event& started, const ProgressOptions& options) {
  const std::string_view mode = TextIn(started, "mode");
  const bool is_usual = mode.empty() || mode == Spell(Mode::Implement);
  std::string detail = fmt::format("workflow `{}`{}, {}", TextIn(started, "workflow"),
                                   is_usual ? "" : fmt::format(" in mode {}", mode),
                                   Stages(options.plan->nodes.size()));
  if (!options.folder.empty()) detail += ", in " + options.folder;
  return ProgressRow("run", kDimColor, VisibleLine(TextIn(started, "run")),
                     Redacted(options, detail), options) +
         "\n";
}

std::string RunLines::Of(const Event& event, std::string_view stage) {
  if (IsUnneeded(event)) {
    ++unneeded_count_;
    if (unneeded_.size() < kMostNames) unneeded_.push_back(VisibleLine(stage));
    return {};
  }
  if (event.type == EventType::RunFinished) return Rest();
  const std::optional<std::string> line = event.type == EventType::RouteChosen
                                              ? RouteLine(event, stage, options_)
                                              : ProgressLine(event, stage, options_);
  return line ? *line + "\n" + PrintedBlock(event, stage, options_) : std::string();
}

std::string RunLines::Rest() {
  const uint64_t count = std::exchange(unneeded_count_, 0);
  const std::vector<std::string> names = std::exchange(unneeded_, {});
  if (count == 0) return {};
  return ProgressRow(Spell(NodeStatus::Skipped), kDimColor, Stages(count),
                     "no route or failure called for " + ListStages(names, count), options_) +
         "\n";
}

}  // namespace wfc::driver
