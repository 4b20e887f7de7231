#include "driver/wfc_run/simulate_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <fmt/core.h>

#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/progress_line.h"
#include "driver/wfc_run/terminal.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

using simulate::Target;
using simulate::TargetGroup;

/// How many targets of a group that were not reached are listed.
constexpr size_t kMostMissing = 20;

struct GroupCount {
  size_t total = 0;
  std::vector<Target> missing;
};

using GroupCounts = std::array<GroupCount, simulate::kTargetGroupCount>;

GroupCounts CountGroups(const SimulationSummary& summary) {
  GroupCounts groups;
  const std::vector<Target>& targets = summary.targets.all();
  for (size_t i = 0; i < targets.size(); ++i) {
    GroupCount& group = groups[static_cast<size_t>(simulate::GroupOf(targets[i].kind))];
    ++group.total;
    if (!summary.report.reached[i]) group.missing.push_back(targets[i]);
  }
  return groups;
}

std::string GroupText(const SimulationSummary& summary, TargetGroup which,
                      const GroupCount& group) {
  std::string text = fmt::format("  {:<10} {} of {}\n", simulate::GetName(which),
                                 group.total - group.missing.size(), group.total);
  for (size_t i = 0; i < group.missing.size() && i < kMostMissing; ++i) {
    const Target& target = group.missing[i];
    const std::string detail = simulate::Detail(summary.plan, target);
    text += fmt::format("    not reached: `{}`{}{}\n", VisibleLine(summary.plan.name(target.node)),
                        detail.empty() ? "" : ": ", VisibleLine(detail));
  }
  if (group.missing.size() > kMostMissing) {
    text += fmt::format("    and {} more\n", group.missing.size() - kMostMissing);
  }
  return text;
}

std::string FindingText(const SimulationSummary& summary, const simulate::Finding& finding,
                        Paint paint) {
  return fmt::format("{}: {}\n  in {} of {} runs; --seed {} --run {} shows the first\n\n",
                     Painted("surprise", "31", paint), Describe(summary.plan, finding.example),
                     finding.run_count, summary.report.run_count, summary.options.seed,
                     finding.first_run);
}

std::string ToText(const SimulationSummary& summary, Paint paint) {
  const simulate::SimulationReport& report = summary.report;
  std::string text;
  for (const simulate::Finding& finding : report.findings) {
    text += FindingText(summary, finding, paint);
  }
  text += fmt::format("{}: {} run{} from seed {}, {}{}\n", summary.plan.workflow(),
                      report.run_count, report.run_count == 1 ? "" : "s", summary.options.seed,
                      CountSurprises(report), summary.is_interrupted ? "; interrupted" : "");
  const GroupCounts groups = CountGroups(summary);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].total == 0) continue;
    text += GroupText(summary, static_cast<TargetGroup>(i), groups[i]);
  }
  for (const plan::NodeId node : report.undrawn) {
    text +=
        fmt::format("  no value was found that stage `{}` could return\n", summary.plan.name(node));
  }
  if (report.cut_short_count > 0) {
    text += fmt::format("  {} of the runs would not end and were killed\n", report.cut_short_count);
  }
  return text;
}

Value Names(const plan::PlanView& plan, const std::vector<plan::NodeId>& nodes) {
  std::vector<Value> names;
  for (const plan::NodeId node : nodes) names.push_back(Value::String(plan.name(node)));
  return Value::List(std::move(names));
}

Value GroupValue(const SimulationSummary& summary, const GroupCount& group) {
  std::vector<Value> missing;
  for (const Target& target : group.missing) {
    missing.push_back(
        Value::Record({{"stage", Value::String(summary.plan.name(target.node))},
                       {"detail", Value::String(simulate::Detail(summary.plan, target))}}));
  }
  const auto total = static_cast<int64_t>(group.total);
  const auto reached = total - static_cast<int64_t>(group.missing.size());
  return Value::Record({{"total", Value::Int(total)},
                        {"reached", Value::Int(reached)},
                        {"missing", Value::List(std::move(missing))}});
}

Value FindingValue(const SimulationSummary& summary, const simulate::Finding& finding) {
  const Value example = ToValue(summary.plan, finding.example);
  std::vector<MapEntry> entries(example.entries().begin(), example.entries().end());
  const auto add = [&](std::string_view key, uint64_t count) {
    entries.push_back({Value::String(key), Value::Int(static_cast<int64_t>(count))});
  };
  add("first_run", finding.first_run);
  add("runs", finding.run_count);
  return Value::Map(std::move(entries));
}

Value ToJson(const SimulationSummary& summary) {
  const simulate::SimulationReport& report = summary.report;
  std::vector<MapEntry> coverage;
  const GroupCounts groups = CountGroups(summary);
  for (size_t i = 0; i < groups.size(); ++i) {
    coverage.push_back({Value::String(simulate::GetName(static_cast<TargetGroup>(i))),
                        GroupValue(summary, groups[i])});
  }
  std::vector<Value> surprises;
  for (const simulate::Finding& finding : report.findings) {
    surprises.push_back(FindingValue(summary, finding));
  }
  return Value::Record({{"workflow", Value::String(summary.plan.workflow())},
                        {"seed", Value::Int(static_cast<int64_t>(summary.options.seed))},
                        {"runs", Value::Int(static_cast<int64_t>(report.run_count))},
                        {"interrupted", Value::Bool(summary.is_interrupted)},
                        {"covered", Value::Bool(report.has_reached_all)},
                        {"coverage", Value::Map(std::move(coverage))},
                        {"surprises", Value::List(std::move(surprises))},
                        {"undrawn", Names(summary.plan, report.undrawn)},
                        {"cut_short", Value::Int(static_cast<int64_t>(report.cut_short_count))}});
}

}  // namespace

bool PrintSimulation(const SimulationSummary& summary) {
  const bool is_json = summary.options.form == RunForm::Json;
  const std::string text = is_json ? WriteJson(ToJson(summary), JsonStyle::Pretty) + "\n"
                                   : ToText(summary, ChoosePaint(summary.options.color));
  return PrintResult(text);
}

std::string CountSurprises(const simulate::SimulationReport& report) {
  const size_t count = report.findings.size();
  if (count == 0) return "no surprises";
  return fmt::format("{} surprise{}", count, count == 1 ? "" : "s");
}

std::string Describe(const plan::PlanView& plan, const simulate::Surprise& surprise) {
  const std::string where =
      surprise.node.has_value()
          ? fmt::format("stage `{}`, attempt {}", plan.name(surprise.node), surprise.attempt)
          : std::string("the workflow");
  return VisibleLine(fmt::format("{}: {}: {}", where, Spell(surprise.code), surprise.message));
}

Value ToValue(const plan::PlanView& plan, const simulate::Surprise& surprise) {
  const bool has_stage = surprise.node.has_value();
  return Value::Record(
      {{"stage", has_stage ? Value::String(plan.name(surprise.node)) : Value::Null()},
       {"attempt", Value::Int(surprise.attempt)},
       {"code", Value::String(Spell(surprise.code))},
       {"message", Value::String(surprise.message)}});
}

}  // namespace wfc::driver
