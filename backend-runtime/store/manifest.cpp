#include "backend-runtime/store/manifest.h"

#include <map>
#include <utility>

#include "ir/value/text.h"

namespace wfc::store {
namespace {

Value Text(std::string_view text) {
  return Value::String(text);
}

Value TextOrNull(std::string_view text) {
  return text.empty() ? Value::Null() : Text(text);
}

Value TimeOrNull(const std::optional<TimeValue>& time) {
  return time ? Text(FormatTimestamp(*time)) : Value::Null();
}

Value ToValue(const StageEntry& stage, size_t index) {
  return Value::Record({{"index", Value::Int(static_cast<int64_t>(index))},
                        {"stage", Text(stage.path)},
                        {"kind", Text(stage.kind)},
                        {"status", Text(SpellStatus(stage))},
                        {"simulated", Value::Bool(stage.is_simulated)},
                        {"attempts", Value::Int(stage.attempts)},
                        {"started_at", TimeOrNull(stage.started_at)},
                        {"completed_at", TimeOrNull(stage.completed_at)},
                        {"reason", TextOrNull(stage.reason)},
                        {"error_code", TextOrNull(stage.error_code)},
                        {"error_file", TextOrNull(stage.error_file)}});
}

Value Summary(const Manifest& manifest) {
  std::map<std::string_view, int64_t> counts;
  int64_t attempts = 0;
  for (const StageEntry& stage : manifest.stages) {
    ++counts[SpellStatus(stage)];
    attempts += stage.attempts;
  }
  std::vector<MapEntry> by_status;
  by_status.reserve(counts.size());
  for (const auto& [status, count] : counts) by_status.push_back({Text(status), Value::Int(count)});
  return Value::Record({{"stages", Value::Int(static_cast<int64_t>(manifest.stages.size()))},
                        {"by_status", Value::Map(std::move(by_status))},
                        {"attempts", Value::Int(attempts)}});
}

}  // namespace

std::string_view SpellStatus(const StageEntry& stage) {
  return stage.status ? Spell(*stage.status) : "pending";
}

Value ToValue(const Manifest& manifest) {
  std::vector<Value> stages;
  stages.reserve(manifest.stages.size());
  for (const StageEntry& stage : manifest.stages) stages.push_back(ToValue(stage, stages.size()));
  return Value::Record(
      {{"version", Value::Int(kManifestVersion)},
       {"run_id", Text(manifest.run_id)},
       {"project", Text(manifest.project)},
       {"workflow", Text(manifest.workflow)},
       {"plan_sha256", TextOrNull(manifest.plan_sha256)},
       {"mode", Text(manifest.mode)},
       {"seed", Value::Int(manifest.seed)},
       {"status", Text(Spell(manifest.status))},
       {"status_detail", Text(manifest.status_detail)},
       {"started_at", Text(FormatTimestamp(manifest.started_at))},
       {"completed_at", TimeOrNull(manifest.completed_at)},
       {"heartbeat_at", Text(FormatTimestamp(manifest.heartbeat_at))},
       {"stages", Value::List(std::move(stages))},
       {"audit", Value::Record({{"count", Value::Int(static_cast<int64_t>(manifest.audit_count))},
                                {"head", TextOrNull(manifest.audit_head)}})},
       {"summary", Summary(manifest)},
       {"approvals", Value::List({})},
       {"children", Value::List({})},
       {"parent", Value::Null()},
       {"guard_status", Value::Null()},
       {"seal", TextOrNull(manifest.seal)},
       {"resume_token_sha256", Value::Null()}});
}

}  // namespace wfc::store
