// A page of 4 KiB is a fault of more than a microsecond, of which a check of 10,000 stages had
// 12,000.
#include "driver/wfc/heap.h"

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace wfc::driver {

namespace {

constexpr uintptr_t kLargePage = uintptr_t{2} << 20;
/// Addresses, not memory: pages come when they are written.
constexpr int kAhead = 128 << 20;
constexpr int kDefaultAhead = 128 << 10;  // glibc's
/// What malloc lets be the bound for blocks that are mapped on their own.
constexpr int kMostMapped = 32 << 20;

bool IsLimited(int resource) {
  rlimit limit{};
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

void PrepareHeap() {
  // Addresses count as memory there, and are all that there is.
  if (IsLimited(RLIMIT_AS) || IsLimited(RLIMIT_DATA)) return;
  mallopt(M_MMAP_THRESHOLD, kMostMapped);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, kAhead);
  char* begin = static_cast<char*>(sbrk(0)) + kLargePage;
  begin += (kLargePage - reinterpret_cast<uintptr_t>(begin) % kLargePage) % kLargePage;
  // More than is left of what the process began with, so that the heap grows.
  void* volatile block = std::malloc(kLargePage / 2);
  if (block == nullptr) {  // a system that promises no more memory than it has
    mallopt(M_TOP_PAD, kDefaultAhead);
    return;
  }
  std::free(block);
  const auto* end = static_cast<const char*>(sbrk(0));
  if (begin < end) madvise(begin, static_cast<size_t>(end - begin), MADV_HUGEPAGE);
}

}  // namespace wfc::driver
