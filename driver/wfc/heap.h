// How the compiler takes memory from the system.
#pragma once

namespace wfc::driver {

/// For a process that takes more and more memory, keeps it, and is soon done: what is freed is not
/// given back, and past what a small project takes the heap grows by large pages, where the system
/// has them. To be called once, before anything large is made; a system that refuses changes
/// nothing but the time.
void PrepareHeap();

}  // namespace wfc::driver
