// Each page of 4 KiB costs a page fault of more than a microsecond, and a check of 10,000 stages
// had 12,000 of them.
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
/// How far ahead the heap grows. That reserves addresses, not memory: a page is allocated when it
/// is first written.
constexpr int kAhead = 128 << 20;
constexpr int kDefaultAhead = 128 << 10;  // the default of glibc
/// The greatest threshold that malloc accepts for blocks that it maps separately.
constexpr int kMostMapped = 32 << 20;

bool IsLimited(int resource) {
  rlimit limit{};
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

void PrepareHeap() {
  // Under these limits reserved addresses count as memory, so none must be wasted.
  if (IsLimited(RLIMIT_AS) || IsLimited(RLIMIT_DATA)) return;
  mallopt(M_MMAP_THRESHOLD, kMostMapped);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, kAhead);
  char* begin = static_cast<char*>(sbrk(0)) + kLargePage;
  begin += (kLargePage - reinterpret_cast<uintptr_t>(begin) % kLargePage) % kLargePage;
  // The block is larger than the rest of the initial heap, so allocating it makes the heap grow.
  void* volatile block = std::malloc(kLargePage / 2);
  if (block == nullptr) {  // a system that does not overcommit memory
    mallopt(M_TOP_PAD, kDefaultAhead);
    return;
  }
  std::free(block);
  const auto* end = static_cast<const char*>(sbrk(0));
  if (begin < end) madvise(begin, static_cast<size_t>(end - begin), MADV_HUGEPAGE);
}

}  // namespace wfc::driver
