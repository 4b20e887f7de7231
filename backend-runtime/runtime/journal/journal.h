// Journal: the record of a run, from which it is recovered. The driver appends rows to it and asks
// which of them are durable. The forms in memory are here; backend-runtime/store has the one on
// disk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "backend-runtime/runtime/journal/row.h"
#include "ir/base/result.h"

namespace wfc::journal {

/// Runs a closure later on the reactor's thread, never at once; `host::Reactor::Post` is one. It
/// can be called from any thread.
using Post = std::function<void(std::function<void()>)>;

/// Why recorded rows cannot be used.
struct LoadError {
  uint64_t seq = 0;     ///< the first row that is bad; 0 when the fault lies in no row
  std::string message;  ///< for people
};

/// Is shown each row of a run in order; an error ends the reading. The payload is valid during the
/// call only.
using RowVisitor = std::function<Result<void>(const Row& row)>;

/// Why a run is left.
enum class CloseHow : uint8_t {
  Ended,   ///< the run has ended; nothing will be appended any more
  Parked,  ///< the run waits for a person, and another driver may go on with it
};

/// The driver's backlog of rows above which it performs no further step.
inline constexpr size_t kMaxBacklogBytes = size_t{64} << 20;

/// One driver's hold on the record of one run. All functions are called on the reactor's thread.
///
/// The rows that are durable are always a prefix of those that were appended, so whatever a durable
/// row depends on is durable too. Destroying a journal without `Close` is how a driver that stops
/// in the middle leaves it: what was durable stays, and of the rest any prefix may.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Shows the rows that were recorded before this journal was opened; in a new run there are none.
  /// Call it once, before anything else: with its success this driver is the one that may append.
  /// An error of `visit` is returned under the number of its row.
  [[nodiscard]] virtual Result<void, LoadError> Load(const RowVisitor& visit) = 0;

  /// Takes a copy of `row` and returns the number it has been given; `row.seq` is not looked at.
  /// Numbers have no gaps. Never blocks and never fails: what can fail is becoming durable. On a
  /// broken journal the row is numbered and dropped.
  virtual uint64_t Append(const Row& row) = 0;
  /// Appends a row that takes the entry `entry_id` out of the inbox: either both become durable or
  /// neither. Precondition: `Inbox::Pending` has listed the entry, and no row has taken it.
  virtual uint64_t AppendTaking(const Row& row, uint64_t entry_id) = 0;

  /// The number of the last row, recorded or appended; 0 when there is none.
  [[nodiscard]] virtual uint64_t last_seq() const = 0;
  /// The rows up to and including this number are durable.
  [[nodiscard]] virtual uint64_t durable() const = 0;
  /// The size of the rows and blobs that are not durable yet.
  [[nodiscard]] virtual size_t backlog_bytes() const = 0;

  /// Something waits for row `seq` to become durable. A commit is begun at the end of the reactor's
  /// current task, or as soon as the one that is under way has ended.
  virtual void Request(uint64_t seq) = 0;
  /// The reactor has nothing else to run. If something waits for a commit and none is under way,
  /// this may make one before it returns, which spares handing it to another thread.
  virtual void Idle() = 0;
  /// Sets the handler that is posted to the reactor when `durable` has grown or the journal has
  /// broken. It is never called from within a function of the journal, nor after its destruction.
  virtual void OnProgress(std::function<void()> handler) = 0;

  /// Why no further row becomes durable, for people; nothing while the journal is whole.
  [[nodiscard]] virtual std::optional<std::string> failure() const = 0;
  /// After a failure: makes the space that was reserved for this and attempts once to record `row`
  /// behind whatever was recorded before. Precondition: the journal is broken.
  [[nodiscard]] virtual Result<void> AppendAfterFailure(const Row& row) = 0;
  /// Makes all rows durable and leaves the record complete and protected against changes. Blocks.
  /// Nothing may be called afterwards but `durable` and `failure`. An error is a failure of the
  /// journal, too.
  [[nodiscard]] virtual Result<void> Close(CloseHow how) = 0;
};

}  // namespace wfc::journal
