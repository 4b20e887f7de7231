#include "backend-runtime/runtime/drive/record_codec.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "ir/value/binary.h"

namespace wfc::runtime {
namespace {

// A field's value, and the record with a field of that value

Value ToValue(const Failure& failure) {
  return Value::Record({{"code", Value::String(Spell(failure.code))},
                        {"details", failure.details},
                        {"message", Value::String(failure.message)},
                        {"printed", Value::String(failure.printed)}});
}

Value ToValue(const EndedCommand& command) {
  return Value::Record({{"exit", Value::Int(command.exit)},
                        {"stderr", command.stderr_text},
                        {"stdout", command.stdout_text}});
}

template <class Tag>
Value ToValue(Id<Tag> id) {
  return id.has_value() ? Value::Int(id.index()) : Value::Null();
}

Value FieldOf(const Record& record, FactField field) {
  const Fact& fact = record.fact;
  switch (field) {
    case FactField::Slot:
      return Value::Record({{"body", Value::Int(static_cast<int64_t>(fact.slot.body.sequence))},
                            {"node", ToValue(fact.slot.node)}});
    case FactField::Attempt:
      return Value::Int(record.attempt);
    case FactField::CallClass:
      return Value::String(Spell(fact.call_class));
    case FactField::HasOutput:
      return Value::Bool(fact.has_output == HasOutput::Yes);
    case FactField::IsRecovery:
      return Value::Bool(fact.is_recovery);
    case FactField::IsSimulated:
      return Value::Bool(record.is_simulated);
    case FactField::MayRetry:
      return Value::Bool(fact.may_retry == MayRetry::Yes);
    case FactField::Region:
      return ToValue(fact.region);
    case FactField::Route:
      return ToValue(fact.route);
    case FactField::Status:
      return Value::String(Spell(record.status));
    case FactField::Failure:
      return record.failure ? ToValue(*record.failure) : Value::Null();
    case FactField::Command:
      return record.command ? ToValue(*record.command) : Value::Null();
    case FactField::Value:
      return record.value;
  }
  return Value::Null();
}

bool Take(bool& to, const Value& from) {
  if (from.kind() != Kind::Bool) return false;
  to = from.AsBool();
  return true;
}

template <Word E>
bool Take(E& to, const Value& from) {
  const std::optional<E> word = from.is_string() ? ParseWord<E>(from.AsString()) : std::nullopt;
  if (word) to = *word;
  return word.has_value();
}

template <class Tag>
bool Take(Id<Tag>& to, const Value& from) {
  if (from.is_null()) return true;
  if (from.kind() != Kind::Int || from.AsInt() < 0) return false;
  if (from.AsInt() >= std::numeric_limits<uint32_t>::max()) return false;
  to = Id<Tag>(static_cast<uint32_t>(from.AsInt()));
  return true;
}

/// The entry of a map; Null if there is none.
Value Entry(const Value& map, std::string_view key) {
  const Value* found = map.FindEntry(key);
  return found == nullptr ? Value::Null() : *found;
}

bool Take(std::optional<Failure>& to, const Value& from) {
  if (from.is_null()) return true;
  Failure failure{.details = Entry(from, "details")};
  const Value message = Entry(from, "message");
  const Value printed = Entry(from, "printed");
  if (!Take(failure.code, Entry(from, "code"))) return false;
  if (!message.is_string() || !printed.is_string()) return false;
  failure.message = message.AsString();
  failure.printed = printed.AsString();
  to = std::move(failure);
  return true;
}

bool Take(std::optional<EndedCommand>& to, const Value& from) {
  if (from.is_null()) return true;
  const Value exit = Entry(from, "exit");
  if (exit.kind() != Kind::Int) return false;
  to = EndedCommand{.exit = exit.AsInt(),
                    .stdout_text = Entry(from, "stdout"),
                    .stderr_text = Entry(from, "stderr")};
  return to->stdout_text.is_string() && to->stderr_text.is_string();
}

/// Sets a field that is in the payload; false if it cannot have the value.
bool SetField(Record& record, FactField field, const Value& value) {
  Fact& fact = record.fact;
  bool flag = false;
  switch (field) {
    case FactField::Slot:
    case FactField::Attempt:
      return false;
    case FactField::CallClass:
      return Take(fact.call_class, value);
    case FactField::HasOutput:
      if (!Take(flag, value)) return false;
      fact.has_output = flag ? HasOutput::Yes : HasOutput::No;
      return true;
    case FactField::IsRecovery:
      return Take(fact.is_recovery, value);
    case FactField::IsSimulated:
      return Take(record.is_simulated, value);
    case FactField::MayRetry:
      if (!Take(flag, value)) return false;
      fact.may_retry = flag ? MayRetry::Yes : MayRetry::No;
      return true;
    case FactField::Region:
      return Take(fact.region, value);
    case FactField::Route:
      return Take(fact.route, value);
    case FactField::Status:
      return Take(record.status, value);
    case FactField::Failure:
      if (!Take(record.failure, value)) return false;
      if (record.failure) fact.code = record.failure->code;
      return true;
    case FactField::Command:
      return Take(record.command, value);
    case FactField::Value:
      record.value = value;
      return true;
  }
  return false;
}

/// A fact that says that something failed says why.
bool IsWhole(const Record& record) {
  const FactType type = record.fact.type;
  const bool has_failed = type == FactType::AttemptFailed || type == FactType::FailedFinally;
  return !has_failed || record.failure.has_value();
}

// Rows

journal::RowNode ToRowNode(NodeId node) {
  return node.has_value() ? journal::RowNode(node.index()) : journal::RowNode();
}

// Bytes

bool IsInPayload(FactField field) {
  return field != FactField::Slot && field != FactField::Attempt;
}

void AppendVarint(std::vector<uint8_t>& out, uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<uint8_t>(number | 0x80));
  out.push_back(static_cast<uint8_t>(number));
}

/// Takes a varint from the front; no value if there is none.
std::optional<uint64_t> TakeVarint(std::span<const uint8_t>& bytes) {
  uint64_t number = 0;
  for (int shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
    const uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    number |= uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80) == 0) return number;
  }
  return std::nullopt;
}

void AppendField(std::vector<uint8_t>& out, const Value& value, journal::Blobs& blobs) {
  std::vector<uint8_t> form;
  AppendBinary(form, value);
  if (form.size() <= journal::kMaxInlineBytes) {
    AppendVarint(out, form.size() * 2);
    out.insert(out.end(), form.begin(), form.end());
    return;
  }
  const Sha256Digest digest = blobs.Put(form);
  AppendVarint(out, digest.size() * 2 + 1);
  out.insert(out.end(), digest.begin(), digest.end());
}

/// Takes the value of a field from the front.
Result<Value> TakeField(std::span<const uint8_t>& bytes, journal::Blobs& blobs) {
  const std::optional<uint64_t> head = TakeVarint(bytes);
  if (!head || *head / 2 > bytes.size()) return Error{"ends too early"};
  const std::span<const uint8_t> form = bytes.first(*head / 2);
  bytes = bytes.subspan(form.size());
  if (*head % 2 == 0) return ReadBinary(form);
  Sha256Digest digest;
  if (form.size() != digest.size()) return Error{"refers to a value by no digest"};
  std::ranges::copy(form, digest.begin());
  const Result<std::vector<uint8_t>> blob = blobs.Get(digest);
  if (!blob) return Error{fmt::format("refers to a value that is lost: {}", blob.error().message)};
  return ReadBinary(*blob);
}

}  // namespace

SlotName SlotNameOf(const journal::Row& row) {
  return {.body = {.sequence = row.scope},
          .node = row.node.has_value() ? NodeId(row.node.index()) : NodeId()};
}

journal::Row ToRow(const RecordedNote& note, journal::Blobs& blobs, std::vector<uint8_t>& payload) {
  payload.clear();
  AppendField(payload, note.value, blobs);
  return {.at = note.time,
          .type = static_cast<uint8_t>(note.type),
          .scope = note.slot.body.sequence,
          .node = ToRowNode(note.slot.node),
          .attempt = note.attempt,
          .payload = payload};
}

Result<std::optional<RecordedNote>> ReadNote(const journal::Row& row, journal::Blobs& blobs) {
  const std::optional<NoteType> type = NoteOfNumber(row.type);
  if (!type) return std::optional<RecordedNote>();
  std::span<const uint8_t> bytes = row.payload;
  Result<Value> value = TakeField(bytes, blobs);
  if (!value) return Error{fmt::format("`value` {}", value.error().message)};
  if (!bytes.empty()) return Error{"has bytes behind its fields"};
  return std::optional(RecordedNote{.type = *type,
                                    .slot = SlotNameOf(row),
                                    .attempt = row.attempt,
                                    .time = row.at,
                                    .value = *std::move(value)});
}

journal::Row ToRow(const Record& record, journal::Blobs& blobs, std::vector<uint8_t>& payload) {
  payload.clear();
  const FactRow& row = RowOf(record.fact.type);
  for (const FactField field : kAllFactFields) {
    if (row.Has(field) && IsInPayload(field)) {
      AppendField(payload, FieldOf(record, field), blobs);
    }
  }
  return {.at = record.fact.time,
          .type = static_cast<uint8_t>(record.fact.type),
          .scope = record.fact.slot.body.sequence,
          .node = ToRowNode(record.fact.slot.node),
          .attempt = record.attempt,
          .payload = payload};
}

Result<Record> ReadRecord(const journal::Row& row, journal::Blobs& blobs) {
  const std::optional<FactType> type = FactOfNumber(row.type);
  if (!type) return Error{"is of no known type"};
  Record record{
      .fact = {.type = *type, .slot = SlotNameOf(row), .sequence = row.seq, .time = row.at},
      .attempt = row.attempt};
  std::span<const uint8_t> bytes = row.payload;
  for (const FactField field : kAllFactFields) {
    if (!RowOf(*type).Has(field) || !IsInPayload(field)) continue;
    const Result<Value> value = TakeField(bytes, blobs);
    if (!value) return Error{fmt::format("`{}` {}", Spell(field), value.error().message)};
    if (!SetField(record, field, *value))
      return Error{fmt::format("has no valid `{}`", Spell(field))};
  }
  if (!bytes.empty()) return Error{"has bytes behind its fields"};
  if (!IsWhole(record)) return Error{"does not say why it failed"};
  return record;
}

Value ToValue(const Record& record) {
  const FactRow& row = RowOf(record.fact.type);
  std::vector<MapEntry> entries = {
      {.key = Value::String("fact"), .value = Value::String(row.word)},
      {.key = Value::String("seq"),
       .value = Value::Int(static_cast<int64_t>(record.fact.sequence))},
      {.key = Value::String("time_ns"), .value = Value::Int(record.fact.time)}};
  for (const FactField field : kAllFactFields) {
    if (!row.Has(field)) continue;
    entries.push_back({.key = Value::String(Spell(field)), .value = FieldOf(record, field)});
  }
  return Value::Map(std::move(entries));
}

}  // namespace wfc::runtime
