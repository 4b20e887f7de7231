#include "backend-runtime/store/run_database.h"

#include <map>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/store/row_check.h"
#include "backend-runtime/store/run_schema.h"

namespace wfc::store {
namespace {

DatabaseError Damaged(std::string message) {
  return {.kind = DatabaseError::Kind::Damaged, .message = std::move(message)};
}

int64_t CheckOf(const Driver& driver) {
  return RowCheck()
      .Add(static_cast<int64_t>(driver.epoch))
      .Add(driver.process.pid)
      .Add(static_cast<int64_t>(driver.process.start_ticks))
      .Add(driver.process.boot_id)
      .Add(driver.process.host)
      .Add(driver.began)
      .Add(driver.ended)
      .Add(driver.how)
      .value();
}

std::map<std::string, std::string> ToRows(const RunMeta& meta) {
  return {{"run_id", meta.run_id},
          {"workflow", meta.workflow},
          {"plan_sha256", meta.plan_sha256},
          {"token_sha256", meta.token_sha256},
          {"parent", meta.parent},
          {"from_stage", meta.from_stage},
          {"created", std::to_string(meta.created)},
          {"wfc_version", meta.wfc_version}};
}

DatabaseResult<void> WriteMeta(Database& database, const RunMeta& meta) {
  auto insert = database.Prepare("INSERT INTO meta(key, value, chk) VALUES(?, ?, ?)");
  if (!insert) return insert.error();
  for (const auto& [key, value] : ToRows(meta)) {
    insert->Bind(1, key);
    insert->Bind(2, value);
    insert->Bind(3, RowCheck().Add(key).Add(value).value());
    if (auto written = insert->Run(); !written) return written;
  }
  return {};
}

DatabaseResult<void> WriteNodes(Database& database, const std::vector<NodeName>& nodes) {
  auto insert = database.Prepare("INSERT INTO names(node, path, verb) VALUES(?, ?, ?)");
  if (!insert) return insert.error();
  for (size_t node = 0; node < nodes.size(); ++node) {
    insert->Bind(1, static_cast<int64_t>(node));
    insert->Bind(2, nodes[node].path);
    insert->Bind(3, nodes[node].verb);
    if (auto written = insert->Run(); !written) return written;
  }
  return {};
}

DatabaseResult<void> WriteTypes(Database& database, const std::vector<TypeName>& types) {
  auto insert = database.Prepare("INSERT INTO types(type, name) VALUES(?, ?)");
  if (!insert) return insert.error();
  for (const TypeName& type : types) {
    insert->Bind(1, type.type);
    insert->Bind(2, type.name);
    if (auto written = insert->Run(); !written) return written;
  }
  return {};
}

DatabaseResult<void> WriteRun(Database& database, const NewRun& run) {
  if (auto begun = database.Execute("BEGIN IMMEDIATE"); !begun) return begun;
  if (auto written = WriteMeta(database, run.meta); !written) return written;
  if (auto written = WriteNodes(database, run.nodes); !written) return written;
  if (auto written = WriteTypes(database, run.types); !written) return written;
  return database.Execute("COMMIT");
}

/// The driver in the current row of a query, which has the columns of the table.
DatabaseResult<Driver> ReadDriver(const Statement& row) {
  Driver driver = {.epoch = static_cast<uint64_t>(row.Integer(0)),
                   .process = {.pid = static_cast<pid_t>(row.Integer(1)),
                               .start_ticks = static_cast<uint64_t>(row.Integer(2)),
                               .boot_id = std::string(row.Text(3)),
                               .host = std::string(row.Text(4))},
                   .began = row.Integer(5),
                   .ended = row.Integer(6),
                   .how = std::string(row.Text(7))};
  if (row.Integer(8) == CheckOf(driver)) return driver;
  return Damaged(fmt::format("the record of the driver of epoch {} was changed", driver.epoch));
}

DatabaseResult<void> WriteDriver(Database& database, const Driver& driver) {
  auto insert = database.Prepare(
      "INSERT OR REPLACE INTO drivers(epoch, pid, start_ticks, boot_id, host, began, ended, how, "
      "chk) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->Bind(1, static_cast<int64_t>(driver.epoch));
  insert->Bind(2, driver.process.pid);
  insert->Bind(3, static_cast<int64_t>(driver.process.start_ticks));
  insert->Bind(4, driver.process.boot_id);
  insert->Bind(5, driver.process.host);
  insert->Bind(6, driver.began);
  insert->Bind(7, driver.ended);
  insert->Bind(8, driver.how);
  insert->Bind(9, CheckOf(driver));
  return insert->Run();
}

}  // namespace

DatabaseResult<Database> CreateRunDatabase(const std::string& path, const NewRun& run,
                                           const std::string& vfs) {
  auto database = Database::Open(path, Database::Mode::Create, vfs);
  if (!database) return database;
  if (auto made = CreateRunSchema(*database); !made) return made.error();
  if (auto written = WriteRun(*database, run); !written) return written.error();
  return database;
}

DatabaseResult<Database> OpenRunDatabase(const std::string& path, Database::Mode mode,
                                         const std::string& vfs) {
  auto database = Database::Open(path, mode, vfs);
  if (!database) return database;
  if (auto checked = CheckRunSchema(*database); !checked) return checked.error();
  return database;
}

DatabaseResult<RunMeta> ReadMeta(Database& database) {
  auto select = database.Prepare("SELECT key, value, chk FROM meta");
  if (!select) return select.error();
  std::map<std::string, std::string> rows;
  while (true) {
    auto has_row = select->Step();
    if (!has_row) return has_row.error();
    if (!*has_row) break;
    const std::string key(select->Text(0));
    const std::string value(select->Text(1));
    if (select->Integer(2) != RowCheck().Add(key).Add(value).value()) {
      return Damaged(fmt::format("`{}` of the run was changed", key));
    }
    rows[key] = value;
  }
  const RunMeta meta = {.run_id = rows["run_id"],
                        .workflow = rows["workflow"],
                        .plan_sha256 = rows["plan_sha256"],
                        .token_sha256 = rows["token_sha256"],
                        .parent = rows["parent"],
                        .from_stage = rows["from_stage"],
                        .created = std::strtoll(rows["created"].c_str(), nullptr, 10),
                        .wfc_version = rows["wfc_version"]};
  if (rows != ToRows(meta)) return Damaged("what is known of the run was changed");
  return meta;
}

DatabaseResult<std::vector<Driver>> ReadDrivers(Database& database) {
  auto select = database.Prepare(
      "SELECT epoch, pid, start_ticks, boot_id, host, began, ended, how, chk FROM drivers "
      "ORDER BY epoch");
  if (!select) return select.error();
  std::vector<Driver> drivers;
  while (true) {
    auto has_row = select->Step();
    if (!has_row) return has_row.error();
    if (!*has_row) return drivers;
    auto driver = ReadDriver(*select);
    if (!driver) return driver.error();
    if (driver->epoch != drivers.size() + 1) {
      return Damaged(fmt::format("the driver of epoch {} is missing", drivers.size() + 1));
    }
    drivers.push_back(*std::move(driver));
  }
}

DatabaseResult<uint64_t> HighestEpoch(Database& database) {
  auto epoch = database.QueryInteger("SELECT max(epoch) FROM drivers");
  if (!epoch) return epoch.error();
  return static_cast<uint64_t>(*epoch);
}

DatabaseResult<uint64_t> BeginEpoch(Database& database, const host::ProcessIdentity& process,
                                    int64_t wall) {
  if (auto begun = database.Execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  auto highest = HighestEpoch(database);
  if (!highest) return highest;
  const uint64_t epoch = *highest + 1;
  auto written = WriteDriver(database, {.epoch = epoch, .process = process, .began = wall});
  if (!written) return written.error();
  if (auto committed = database.Execute("COMMIT"); !committed) return committed.error();
  return epoch;
}

DatabaseResult<void> EndEpoch(Database& database, uint64_t epoch, int64_t wall,
                              const std::string& how) {
  if (auto begun = database.Execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto drivers = ReadDrivers(database);
  if (!drivers) return drivers.error();
  if (drivers->size() != epoch) return TakenOver(drivers->size());
  Driver driver = drivers->back();
  driver.ended = wall;
  driver.how = how;
  if (auto written = WriteDriver(database, driver); !written) return written;
  return database.Execute("COMMIT");
}

DatabaseError TakenOver(uint64_t highest_epoch) {
  return {.kind = DatabaseError::Kind::TakenOver,
          .message = fmt::format("taken over: another driver has begun epoch {}", highest_epoch)};
}

}  // namespace wfc::store
