// Inbox: what other processes ask of a run, such as answers to approvals and cancellations. The
// driver turns each entry into a fact or a note, and takes it with that row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/runtime/journal/row.h"
#include "ir/base/result.h"

namespace wfc::journal {

// What can be asked of a run

/// Cancel it, as an interrupt does: cleanup still runs.
inline constexpr std::string_view kCancelRequest = "cancel";
/// The same, and without cleanup.
inline constexpr std::string_view kKillRequest = "kill";

/// One request. Who wrote it is what that process says of itself.
struct InboxEntry {
  uint64_t id = 0;     ///< 1 or more, in the order of arrival; given by the inbox
  int64_t wall = 0;    ///< when it was written: nanoseconds since 1970-01-01 UTC
  std::string kind;    ///< what is asked: a word of those above
  uint64_t scope = 0;  ///< with `item` and `node`: the place it concerns, as in `Row`
  uint32_t item = 0;
  RowNode node = {};
  std::string by;
  uint32_t uid = 0;
  std::vector<uint8_t> body;

  friend bool operator==(const InboxEntry&, const InboxEntry&) = default;
};

/// The driver's side of the inbox.
class Inbox {
 public:
  virtual ~Inbox() = default;
  /// Whether there may be entries that `Pending` has not listed. Cheap enough to ask several times
  /// a second.
  [[nodiscard]] virtual bool MayHaveNews() = 0;
  /// The entries that no row has taken, in the order of their ids.
  [[nodiscard]] virtual Result<std::vector<InboxEntry>> Pending() = 0;
};

}  // namespace wfc::journal
