#include "backend-runtime/store/run_rows.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/store/run_database.h"

namespace wfc::store {
namespace {

using journal::LoadError;
using journal::Row;

// The integers come first, and are read together.
enum Column : uint8_t { Seq, At, Type, Scope, Item, Node, Attempt, Check, Payload, Mark };
constexpr size_t kIntegerCount = Payload;
using Integers = std::array<int64_t, kIntegerCount>;

constexpr Database::Query kQuery = {
    .columns = "seq, at, type, scope, item, node, attempt, chk, payload, mark",
    .table = "events",
    .key = "seq"};

bool Fits(int64_t value, int bits) {
  return (static_cast<uint64_t>(value) >> bits) == 0;
}

/// The row that the columns are. Nothing when the columns do not hold what the table is
/// for, so that something would be lost.
std::optional<Row> ToRow(const Integers& integers, const Columns& columns) {
  const auto payload = columns.FindBlob(Payload);
  if (!payload || !Fits(integers[Type], 8) || !Fits(integers[Item], 32) ||
      !Fits(integers[Node], 32) || !Fits(integers[Attempt], 32)) {
    return std::nullopt;
  }
  return Row{.seq = static_cast<uint64_t>(integers[Seq]),
             .at = integers[At],
             .type = static_cast<uint8_t>(integers[Type]),
             .scope = static_cast<uint64_t>(integers[Scope]),
             .item = static_cast<uint32_t>(integers[Item]),
             .node = journal::RowNode(static_cast<uint32_t>(integers[Node])),
             .attempt = static_cast<uint32_t>(integers[Attempt]),
             .payload = *payload};
}

/// Reads one row after another and holds each against the chain.
class RowReader {
 public:
  explicit RowReader(uint64_t highest_epoch) : highest_epoch_(highest_epoch) {}

  Result<void, LoadError> Read(const Columns& columns, const journal::RowVisitor& visit) {
    const uint64_t expected_seq = last_seq_ + 1;
    Integers integers = {};
    const bool are_integers = columns.ReadIntegers(integers);
    if (integers[Seq] != static_cast<int64_t>(expected_seq)) {
      return BadRow(expected_seq, "is missing");
    }
    const std::optional<Row> row = are_integers ? ToRow(integers, columns) : std::nullopt;
    if (!row) return BadRow(expected_seq, "is not of the form of an event");
    last_seq_ = row->seq;
    if (static_cast<int64_t>(chain_.AddRow(*row)) != integers[Check]) {
      return BadRow(row->seq, "was changed");
    }
    if (!columns.IsNull(Mark)) {
      if (auto ended = EndCommit(columns); !ended) return ended;
    }
    const Result<void> shown = visit(*row);
    if (!shown) return LoadError{.seq = row->seq, .message = shown.error().message};
    return {};
  }

  /// The end of the chain, when there is no further row.
  Result<ChainEnd, LoadError> Finish() const {
    if (chain_.open_row_count() == 0) return chain_.end();
    const uint64_t first = last_seq_ - chain_.open_row_count() + 1;
    return BadRow(first, "belongs to a commit whose end is missing");
  }

  /// The error of a row that the database cannot deliver.
  LoadError Unreadable(const DatabaseError& error) const {
    return BadRow(last_seq_ + 1, "cannot be read: " + error.message);
  }

 private:
  static LoadError BadRow(uint64_t seq, std::string_view what) {
    return {.seq = seq, .message = fmt::format("event {} {}", seq, what)};
  }

  Result<void, LoadError> EndCommit(const Columns& columns) {
    const auto bytes = columns.FindBlob(Mark);
    const auto mark = bytes ? DecodeMark(*bytes) : std::nullopt;
    if (!mark) return BadRow(last_seq_, "does not have the mark of a commit");
    const uint64_t first = last_seq_ - chain_.open_row_count() + 1;
    const uint64_t epoch_before = epoch_;
    epoch_ = mark->epoch;
    if (chain_.EndCommit(mark->epoch, mark->wall) != *mark) {
      return BadRow(last_seq_,
                    fmt::format("ends a commit, from event {} on, that was changed", first));
    }
    if (epoch_ >= epoch_before && epoch_ >= 1 && epoch_ <= highest_epoch_) return {};
    return BadRow(last_seq_, fmt::format("is of epoch {}, which nobody drove then", epoch_));
  }

  RowChain chain_;
  uint64_t highest_epoch_;
  uint64_t last_seq_ = 0;
  uint64_t epoch_ = 0;
};

Result<ChainEnd, LoadError> ReadAll(Database& database, const journal::RowVisitor& visit) {
  auto epoch = HighestEpoch(database);
  if (!epoch) return LoadError{.message = epoch.error().message};
  RowReader reader(*epoch);
  std::optional<LoadError> error;
  const auto visited = database.Visit(kQuery, [&](const Columns& columns) {
    auto read = reader.Read(columns, visit);
    if (read) return Database::Next::GoOn;
    error = read.error();
    return Database::Next::Stop;
  });
  if (error) return *std::move(error);
  if (!visited) return reader.Unreadable(visited.error());
  return reader.Finish();
}

}  // namespace

Result<ChainEnd, LoadError> ReadRows(Database& database, const journal::RowVisitor& visit) {
  // One transaction, so that the epochs belong to the rows.
  if (auto begun = database.Execute("BEGIN"); !begun) {
    return LoadError{.message = begun.error().message};
  }
  auto end = ReadAll(database, visit);
  auto ended = database.Execute("COMMIT");
  if (end && !ended) return LoadError{.message = ended.error().message};
  return end;
}

}  // namespace wfc::store
