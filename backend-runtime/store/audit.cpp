#include "backend-runtime/store/audit.h"

#include <span>
#include <utility>
#include <vector>

#include "ir/value/json.h"

namespace wfc::store {
namespace {

std::string HashOf(const Value& record, Sha256Function sha256) {
  const std::string text = WriteJson(record);
  return ToHex(sha256(std::as_bytes(std::span(text))));
}

Value With(const Value& record, std::vector<MapEntry> more) {
  for (const MapEntry& entry : record.entries()) more.push_back(entry);
  return Value::Map(std::move(more));
}

}  // namespace

std::string AuditChain::Append(const Value& record) {
  const Value chained =
      With(record, {{Value::String("previous"), Value::String(head_)},
                    {Value::String("seq"), Value::Int(static_cast<int64_t>(count_))}});
  head_ = HashOf(chained, sha256_);
  ++count_;
  return WriteJson(With(chained, {{Value::String("hash"), Value::String(head_)}})) + "\n";
}

}  // namespace wfc::store
