#include "backend-runtime/runtime/journal/row.h"

#include <algorithm>

#include "ir/base/check.h"

namespace wfc::journal {
namespace {

template <class T>
uint8_t* PutLittleEndian(uint8_t* out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) *out++ = static_cast<uint8_t>(value >> (8 * i));
  return out;
}

constexpr size_t kHeadBytes = 8 + 8 + 1 + 8 + 4 + 4 + 4 + 4;

}  // namespace

bool operator==(const Row& a, const Row& b) {
  return a.seq == b.seq && a.at == b.at && a.type == b.type && a.scope == b.scope &&
         a.item == b.item && a.node == b.node && a.attempt == b.attempt &&
         std::ranges::equal(a.payload, b.payload);
}

void AppendCanonical(std::vector<uint8_t>& out, const Row& row) {
  const size_t before = out.size();
  out.resize(before + kHeadBytes);
  uint8_t* to = out.data() + before;
  to = PutLittleEndian(to, row.seq);
  to = PutLittleEndian(to, static_cast<uint64_t>(row.at));
  to = PutLittleEndian(to, row.type);
  to = PutLittleEndian(to, row.scope);
  to = PutLittleEndian(to, row.item);
  to = PutLittleEndian(to, row.node.index());
  to = PutLittleEndian(to, row.attempt);
  PutLittleEndian(to, static_cast<uint32_t>(row.payload.size()));
  out.insert(out.end(), row.payload.begin(), row.payload.end());
}

uint64_t RowList::Add(const Row& row) {
  WFC_CHECK(row.payload.size() <= kMaxPayloadBytes);
  payloads_.insert(payloads_.end(), row.payload.begin(), row.payload.end());
  heads_.push_back({.at = row.at,
                    .scope = row.scope,
                    .payload_end = payloads_.size(),
                    .item = row.item,
                    .node = row.node,
                    .attempt = row.attempt,
                    .type = row.type});
  return next_seq() - 1;
}

void RowList::Truncate(size_t count) {
  WFC_CHECK(count <= heads_.size());
  heads_.resize(count);
  payloads_.resize(count == 0 ? 0 : heads_.back().payload_end);
}

size_t RowList::size_bytes() const {
  return heads_.size() * sizeof(Head) + payloads_.size();
}

Row RowList::Get(size_t index) const {
  const Head& head = heads_[index];
  const size_t begin = index == 0 ? 0 : heads_[index - 1].payload_end;
  return {.seq = first_seq_ + index,
          .at = head.at,
          .type = head.type,
          .scope = head.scope,
          .item = head.item,
          .node = head.node,
          .attempt = head.attempt,
          .payload = std::span(payloads_).subspan(begin, head.payload_end - begin)};
}

}  // namespace wfc::journal
