// Tunes how the compiler obtains memory from the system. Called by main.
#pragma once

namespace wfc::driver {

/// Tunes malloc for a process that allocates steadily and ends soon: freed memory is not returned
/// to the system, and beyond the needs of a small project the heap grows by large pages, where the
/// system supports them. Call it once, before anything large is allocated. Where the system
/// refuses, only the speed differs.
void PrepareHeap();

}  // namespace wfc::driver
