#include "driver/wfc_run/doctor_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "driver/wfc_run/progress_line.h"
#include "ir/base/digest.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {
namespace {

using preflight::Finding;
using preflight::Verdict;

constexpr std::array kVerdicts = {Verdict::Ok, Verdict::Warning, Verdict::Missing};

std::string_view ColorOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::Ok:
      return "32";
    case Verdict::Warning:
      return "33";
    case Verdict::Missing:
      return "31";
  }
  return {};
}

/// What the finding is about: "program git", "run folder".
std::string TitleOf(const Finding& finding) {
  std::string subject(NameOf(finding.subject));
  std::ranges::replace(subject, '_', ' ');
  return finding.name.empty() ? subject : subject + " " + finding.name;
}

/// The width of the longest title, within reason.
size_t TitleWidth(const Examination& examination) {
  size_t width = 0;
  const auto consider = [&width](const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) width = std::max(width, TitleOf(finding).size());
  };
  consider(examination.machine);
  for (const ExaminedPlan& each : examination.plans) consider(each.findings);
  return std::min<size_t>(width, 32);
}

/// The line of a finding. One that is in order is told without who needs it.
std::string LineOf(const Finding& finding, const plan::PlanView* plan, size_t width, Paint paint) {
  const bool is_explained = finding.verdict != Verdict::Ok && plan != nullptr;
  const std::string text = is_explained ? Describe(finding, *plan)
                           : finding.advice.empty()
                               ? finding.detail
                               : fmt::format("{}; {}", finding.detail, finding.advice);
  const std::string word = fmt::format("{:>9}", NameOf(finding.verdict));
  return fmt::format("{}  {:<{}}  {}\n", Painted(word, ColorOf(finding.verdict), paint),
                     VisibleLine(TitleOf(finding)), width, VisibleLine(text));
}

uint64_t Count(const Examination& examination, Verdict verdict) {
  const auto count = [verdict](const std::vector<Finding>& findings) {
    return static_cast<uint64_t>(std::ranges::count(findings, verdict, &Finding::verdict));
  };
  uint64_t sum = count(examination.machine);
  for (const ExaminedPlan& each : examination.plans) sum += count(each.findings);
  return sum;
}

Value StageOf(const Finding& finding, const plan::PlanView& plan) {
  if (!finding.stage.has_value()) return Value::Null();
  const preflight::Place place = preflight::PlaceOf(plan, finding.stage);
  const bool is_known = !place.file.empty();
  return Value::Record({{"name", Value::String(plan.name(finding.stage))},
                        {"file", is_known ? Value::String(place.file) : Value::Null()},
                        {"line", is_known ? Value::Int(place.line) : Value::Null()},
                        {"column", is_known ? Value::Int(place.column) : Value::Null()}});
}

Value FindingsValue(const std::vector<Finding>& findings, const plan::PlanView* plan) {
  std::vector<Value> list;
  list.reserve(findings.size());
  for (const Finding& finding : findings) {
    list.push_back(
        Value::Record({{"subject", Value::String(NameOf(finding.subject))},
                       {"name", Value::String(finding.name)},
                       {"verdict", Value::String(NameOf(finding.verdict))},
                       {"detail", Value::String(finding.detail)},
                       {"advice", Value::String(finding.advice)},
                       {"stage", plan == nullptr ? Value::Null() : StageOf(finding, *plan)},
                       {"stages", Value::Int(finding.stage_count)}}));
  }
  return Value::List(std::move(list));
}

}  // namespace

bool IsSomethingMissing(const Examination& examination) {
  return Count(examination, Verdict::Missing) > 0;
}

std::string ToText(const Examination& examination, Paint paint) {
  const size_t width = TitleWidth(examination);
  std::string text = fmt::format("this machine, for wfc {}\n", WFC_VERSION);
  for (const Finding& finding : examination.machine) {
    text += LineOf(finding, nullptr, width, paint);
  }
  for (const ExaminedPlan& each : examination.plans) {
    text += fmt::format("workflow `{}` in mode {}\n", VisibleLine(each.plan.workflow()),
                        Spell(each.mode));
    for (const Finding& finding : each.findings) {
      text += LineOf(finding, &each.plan, width, paint);
    }
  }
  return text + fmt::format("{} missing, {} warning{}, {} ok\n",
                            Count(examination, Verdict::Missing),
                            Count(examination, Verdict::Warning),
                            Count(examination, Verdict::Warning) == 1 ? "" : "s",
                            Count(examination, Verdict::Ok));
}

Value ToValue(const Examination& examination) {
  std::vector<Value> workflows;
  workflows.reserve(examination.plans.size());
  for (const ExaminedPlan& each : examination.plans) {
    workflows.push_back(Value::Record({{"workflow", Value::String(each.plan.workflow())},
                                       {"plan_sha256", Value::String(ToHex(each.plan.identity()))},
                                       {"mode", Value::String(Spell(each.mode))},
                                       {"findings", FindingsValue(each.findings, &each.plan)}}));
  }
  std::vector<MapEntry> summary;
  summary.reserve(kVerdicts.size());
  for (const Verdict verdict : kVerdicts) {
    summary.push_back({Value::String(NameOf(verdict)),
                       Value::Int(static_cast<int64_t>(Count(examination, verdict)))});
  }
  return Value::Record({{"version", Value::Int(1)},
                        {"wfc", Value::String(WFC_VERSION)},
                        {"machine", FindingsValue(examination.machine, nullptr)},
                        {"workflows", Value::List(std::move(workflows))},
                        {"summary", Value::Map(std::move(summary))}});
}

}  // namespace wfc::driver
