#include "driver/wfc_run/past_stages.h"

#include <utility>

#include "backend-runtime/runtime/machine/facts.h"
#include "backend-runtime/store/run_reader.h"

namespace wfc::driver {
namespace {

using runtime::FactType;

/// Notes what a row of the record says about the stages of the workflow itself. Those of bodies may
/// run again with their body.
void Apply(const journal::Row& row, PastStages& past) {
  if (!row.is_fact()) return;
  const std::optional<FactType> type = runtime::FactOfNumber(row.type);
  const bool is_of_workflow =
      row.scope == 0 && row.node.has_value() && row.node.index() < past.is_over.size();
  if (!type) return;
  switch (*type) {
    case FactType::Succeeded:
    case FactType::SkippedByIf:
      if (is_of_workflow) past.is_over[row.node.index()] = true;
      return;
    case FactType::FailedFinally:
      if (is_of_workflow) past.is_over[row.node.index()] = true;
      past.is_end_near = true;
      return;
    case FactType::AttemptFailed:
    case FactType::CancelAsked:
    case FactType::KillAsked:
      past.is_end_near = true;
      return;
    case FactType::RunEnded:
      past.is_over.assign(past.is_over.size(), true);
      return;
    case FactType::RunStarted:
    case FactType::EpochBegan:
    case FactType::Began:
    case FactType::BodyEntered:
    case FactType::BodyTimedOut:
    case FactType::CallRepeated:
    case FactType::RunParked:
      return;
  }
}

}  // namespace

PastStages ReadPastStages(const std::string& folder, const plan::PlanView& plan,
                          const std::optional<Sha256Digest>& seal) {
  PastStages unknown{.is_over = {}, .is_end_near = true};
  Result<store::RunReader, store::OpenError> reader = store::RunReader::Open(folder, seal);
  if (!reader) return unknown;
  PastStages past{.is_over = std::vector<bool>(plan.nodes.size(), false)};
  const auto read = reader->Rows([&past](const journal::Row& row) -> Result<void> {
    Apply(row, past);
    return {};
  });
  return read ? std::move(past) : std::move(unknown);
}

}  // namespace wfc::driver
