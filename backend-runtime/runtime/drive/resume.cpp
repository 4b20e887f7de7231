// The part of the driver that reads the record of a run, to go on with it.
#include <utility>

#include "backend-runtime/runtime/drive/bad_record.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/runtime/drive/history.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"

namespace wfc::runtime {

Result<std::unique_ptr<Driver>> Driver::Resume(const plan::PlanView& plan, ResumeOptions options,
                                               const RunParts& parts) {
  WFC_CHECK(parts.storage.has_value());
  std::unique_ptr<Driver> driver;
  const auto take = [&](const journal::Row& row) -> Result<void> {
    if (!row.is_fact()) return TellNote(row, parts.storage->blobs, parts.recorder);
    const Result<Record> record = ReadRecord(row, parts.storage->blobs);
    if (!record) return BadRecord(row.seq, record.error().message);
    if (driver != nullptr) return driver->Take(*record);
    Result<std::unique_ptr<Driver>> made = MakeAgain(plan, *record, options, parts);
    if (!made) return BadRecord(row.seq, made.error().message);
    driver = *std::move(made);
    return driver->Take(*record);
  };
  const Result<void, journal::LoadError> loaded = parts.storage->journal.Load(take);
  if (!loaded) return Error{loaded.error().message};
  if (driver == nullptr) return Error{"the run has no record"};
  return driver;
}

/// A driver of the run whose first record this is.
Result<std::unique_ptr<Driver>> Driver::MakeAgain(const plan::PlanView& plan, const Record& first,
                                                  ResumeOptions& options, const RunParts& parts) {
  Result<RunStart> start = ReadRunStart(plan, first);
  if (!start) return start.error();
  start->identity.folder = options.folder;
  start->inputs.secrets = std::move(options.secrets);
  start->inputs.secrets.resize(plan.secrets.size());
  const uint32_t concurrency = options.concurrency != 0 ? options.concurrency : start->concurrency;
  return std::unique_ptr<Driver>(new Driver(plan,
                                            {.identity = std::move(start->identity),
                                             .input = {},
                                             .concurrency = concurrency,
                                             .redactor = options.redactor},
                                            std::move(start->inputs), parts));
}

/// Takes a record of an earlier epoch.
Result<void> Driver::Take(const Record& record) {
  const Contradiction contradiction = run_.Apply(record);
  if (contradiction != Contradiction::None) return BadRecord(record.fact, contradiction);
  Follow(record);
  if (record.fact.type == FactType::RunEnded) recorded_end_ = record;
  return {};
}

}  // namespace wfc::runtime
