#include "backend-runtime/store/row_chain.h"

#include <algorithm>

namespace wfc::store {
namespace {

constexpr size_t kMarkBytes = 8 + 8 + 32;
constexpr size_t kBufferBytes = size_t{1} << 15;

void AppendLittleEndian(std::vector<uint8_t>& out, uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

uint64_t ReadLittleEndian(std::span<const uint8_t> bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < 8; ++i) value |= uint64_t{bytes[i]} << (8 * i);
  return value;
}

}  // namespace

std::vector<uint8_t> Encode(const CommitMark& mark) {
  std::vector<uint8_t> bytes;
  bytes.reserve(kMarkBytes);
  AppendLittleEndian(bytes, mark.epoch);
  AppendLittleEndian(bytes, static_cast<uint64_t>(mark.wall));
  bytes.insert(bytes.end(), mark.digest.begin(), mark.digest.end());
  return bytes;
}

std::optional<CommitMark> DecodeMark(std::span<const uint8_t> bytes) {
  if (bytes.size() != kMarkBytes) return std::nullopt;
  CommitMark mark = {.epoch = ReadLittleEndian(bytes),
                     .wall = static_cast<int64_t>(ReadLittleEndian(bytes.subspan(8)))};
  std::ranges::copy(bytes.subspan(16), mark.digest.begin());
  return mark;
}

uint64_t RowChain::AddRow(const journal::Row& row) {
  if (open_row_count_ == 0) {
    buffer_.insert(buffer_.end(), end_.digest.begin(), end_.digest.end());
  }
  const size_t before = buffer_.size();
  journal::AppendCanonical(buffer_, row);
  end_.check =
      Xxh3(std::as_bytes(std::span(buffer_).subspan(before)), end_.check) & (~uint64_t{0} >> 1);
  end_.seq = row.seq;
  ++open_row_count_;
  if (buffer_.size() >= kBufferBytes) HashBuffer();
  return end_.check;
}

CommitMark RowChain::EndCommit(uint64_t epoch, int64_t wall) {
  AppendLittleEndian(buffer_, epoch);
  AppendLittleEndian(buffer_, static_cast<uint64_t>(wall));
  HashBuffer();
  end_.digest = commit_.Finish();
  end_.epoch = epoch;
  open_row_count_ = 0;
  return {.epoch = epoch, .wall = wall, .digest = end_.digest};
}

void RowChain::HashBuffer() {
  commit_.Add(std::as_bytes(std::span(buffer_)));
  buffer_.clear();
}

}  // namespace wfc::store
