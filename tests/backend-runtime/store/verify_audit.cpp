#include "tests/backend-runtime/store/verify_audit.h"

#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ir/value/json.h"

namespace wfc::store {
namespace {

std::string HashOf(const Value& record, Sha256Function sha256) {
  const std::string text = WriteJson(record);
  return ToHex(sha256(std::as_bytes(std::span(text))));
}

Value Without(const Value& record, std::string_view key) {
  std::vector<MapEntry> entries;
  for (const MapEntry& entry : record.entries()) {
    if (!entry.key.is_string() || entry.key.AsString() != key) entries.push_back(entry);
  }
  return Value::Map(std::move(entries));
}

std::string TextAt(const Value& record, std::string_view key) {
  const Value* value = record.Find(key);
  return value != nullptr && value->is_string() ? std::string(value->AsString()) : std::string();
}

/// Empty when `line` follows `summary`; otherwise a message that says what is wrong with the line.
std::string CheckLine(std::string_view line, const AuditSummary& summary, Sha256Function sha256) {
  const Result<Value> record = ReadJson(line);
  if (!record) return record.error().message;
  if (record->kind() != Kind::Map) return "it is not an object";
  if (TextAt(*record, "previous") != summary.head) return "it does not follow the line before it";
  if (TextAt(*record, "hash") != HashOf(Without(*record, "hash"), sha256)) {
    return "its hash is not that of its content";
  }
  return {};
}

}  // namespace

Result<AuditSummary> VerifyAudit(std::string_view text, Sha256Function sha256) {
  AuditSummary summary = {.count = 0, .head = std::string(64, '0')};
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    std::string wrong =
        end == std::string_view::npos ? "it is cut short" : CheckLine(line, summary, sha256);
    if (!wrong.empty()) {
      return Error{fmt::format("line {} of the audit log is not to be trusted: {}",
                               summary.count + 1, wrong)};
    }
    summary.head = TextAt(*ReadJson(line), "hash");
    ++summary.count;
    text.remove_prefix(end + 1);
  }
  return summary;
}

}  // namespace wfc::store
