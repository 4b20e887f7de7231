// The format of the log is described in https://www.sqlite.org/fileformat2.html#walformat.
#include "backend-runtime/store/log_tail.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <span>

#include <fcntl.h>
#include <fmt/core.h>

#include "ir/files/regular_file.h"

namespace wfc::store {
namespace {

constexpr size_t kHeaderBytes = 32;
constexpr size_t kFrameHeaderBytes = 24;
constexpr uint32_t kMagic = 0x377F0682;  // the lowest bit says that checksums read big-endian words

using Bytes = std::span<const uint8_t>;

uint32_t BigEndian(Bytes bytes, size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 | uint32_t{bytes[at + 2]} << 8 |
         uint32_t{bytes[at + 3]};
}

/// The running checksum of a log.
class Checksum {
 public:
  explicit Checksum(bool is_big_endian) : is_big_endian_(is_big_endian) {}

  /// Precondition: the size is a multiple of 8.
  void Add(Bytes bytes) {
    for (size_t at = 0; at < bytes.size(); at += 8) {
      first_ += Word(bytes, at) + second_;
      second_ += Word(bytes, at + 4) + first_;
    }
  }
  [[nodiscard]] bool IsAt(Bytes bytes, size_t at) const {
    return BigEndian(bytes, at) == first_ && BigEndian(bytes, at + 4) == second_;
  }

 private:
  [[nodiscard]] uint32_t Word(Bytes bytes, size_t at) const {
    const uint32_t word = BigEndian(bytes, at);
    return is_big_endian_ ? word : __builtin_bswap32(word);
  }

  bool is_big_endian_;
  uint32_t first_ = 0;
  uint32_t second_ = 0;
};

/// Reads the frames of a log in order.
class TailReader {
 public:
  TailReader(Bytes header, Checksum checksum) : header_(header), checksum_(checksum) {}

  void Read(Bytes frame) {
    // The salts tell the frames of this log from those of an earlier one that it is written over.
    const bool has_salts = std::memcmp(header_.data() + 16, frame.data() + 8, 8) == 0;
    checksum_.Add(frame.first(8));
    checksum_.Add(frame.subspan(kFrameHeaderBytes));
    const bool continues_chain = checksum_.IsAt(frame, 16);
    const bool is_of_log = has_salts || (is_usable_ && continues_chain);
    is_usable_ = is_usable_ && has_salts && continues_chain;
    if (!is_of_log) return;
    ++tail_.unusable_frame_count;
    const bool ends_commit = BigEndian(frame, 4) != 0;
    if (!ends_commit) return;
    if (!is_usable_) {
      ++tail_.lost_commit_count;
      return;
    }
    ++tail_.usable_commit_count;
    tail_.unusable_frame_count = 0;
  }
  [[nodiscard]] const LogTail& tail() const { return tail_; }

 private:
  Bytes header_;
  Checksum checksum_;
  bool is_usable_ = true;
  LogTail tail_;
};

LogTail Inspect(Bytes log) {
  if (log.size() < kHeaderBytes) return {};
  const Bytes header = log.first(kHeaderBytes);
  const uint32_t magic = BigEndian(header, 0);
  const size_t page_size = BigEndian(header, 8);
  Checksum checksum((magic & 1U) != 0);
  checksum.Add(header.first(24));
  const bool is_right = (magic & ~1U) == kMagic && page_size >= 512 && page_size <= 65536 &&
                        page_size % 8 == 0 && checksum.IsAt(header, 24);
  if (!is_right) {
    return {.is_header_damaged =
                std::ranges::any_of(header, [](uint8_t byte) { return byte != 0; })};
  }
  TailReader reader(header, checksum);
  const size_t frame_size = kFrameHeaderBytes + page_size;
  for (size_t at = kHeaderBytes; at + frame_size <= log.size(); at += frame_size) {
    reader.Read(log.subspan(at, frame_size));
  }
  return reader.tail();
}

}  // namespace

Result<LogTail> InspectLog(const std::string& path) {
  const files::OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return LogTail{};
  if (!file.is_open()) {
    return Error{fmt::format("cannot read `{}`: {}", path, std::strerror(errno))};
  }
  auto log = files::ReadRegularFile(file.get(), path, std::numeric_limits<int64_t>::max());
  if (!log) return Error{log.error().message};
  return Inspect(Bytes(reinterpret_cast<const uint8_t*>(log->bytes.data()), log->bytes.size()));
}

}  // namespace wfc::store
