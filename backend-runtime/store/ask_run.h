// Asks something of a run that another process drives.
#pragma once

#include <cstdint>
#include <string>

#include "backend-runtime/runtime/journal/inbox.h"
#include "backend-runtime/store/open_run.h"

namespace wfc::store {

/// Puts an entry into the inbox of the run in `folder`, an absolute path, and returns its id;
/// `entry.id` is not looked at. The driver takes it soon after. It is refused, and the refusal is
/// put into the inbox, unless `token` is that of the run. Fails when the run is at rest.
[[nodiscard]] Result<uint64_t, OpenError> AskRun(const std::string& folder,
                                                 journal::InboxEntry entry,
                                                 const std::string& token);

/// Whether the driver has taken the entry.
[[nodiscard]] Result<bool, OpenError> HasTaken(const std::string& folder, uint64_t entry_id);

}  // namespace wfc::store
