#include "backend-runtime/plan/header.h"

#include <bit>
#include <cstring>

#include "ir/base/check.h"

namespace wfc::plan {

static_assert(std::endian::native == std::endian::little, "plans are read in place");

Header ReadHeader(std::span<const std::byte> file) {
  WFC_CHECK(file.size() >= kHeaderLength);
  Header header;
  std::memcpy(&header, file.data(), kHeaderLength);
  return header;
}

void WriteHeader(const Header& header, std::span<std::byte> file) {
  WFC_CHECK(file.size() >= kHeaderLength);
  std::memcpy(file.data(), &header, kHeaderLength);
}

uint64_t Checksum(std::span<const std::byte> file) {
  WFC_CHECK(file.size() >= kHeaderLength);
  constexpr size_t kBefore = offsetof(Header, checksum);
  constexpr size_t kAfter = kBefore + sizeof(uint64_t);
  const uint64_t rest = Xxh3(file.subspan(kHeaderLength));
  std::array<std::byte, kHeaderLength> buffer;
  std::memcpy(buffer.data(), file.data(), kBefore);
  std::memcpy(buffer.data() + kBefore, file.data() + kAfter, kHeaderLength - kAfter);
  std::memcpy(buffer.data() + kHeaderLength - sizeof(rest), &rest, sizeof(rest));
  return Xxh3(buffer);
}

}  // namespace wfc::plan
