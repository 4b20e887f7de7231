#include "ir/value/binary.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

#include "ir/base/check.h"
#include "ir/base/time_units.h"
#include "ir/base/utf8.h"
#include "ir/value/numbers.h"

namespace wfc {
namespace {

constexpr uint64_t kNanBits = 0x7FF8'0000'0000'0000;

uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (0 - (value & 1)));
}

class Writer {
 public:
  explicit Writer(std::vector<uint8_t>& out) : out_(out) {}

  void Write(const Value& value) {
    out_.push_back(static_cast<uint8_t>(value.kind()));
    switch (value.kind()) {
      case Kind::Null:
        return;
      case Kind::Bool:
        return out_.push_back(value.AsBool() ? 1 : 0);
      case Kind::Int:
        return WriteVarint(ZigZag(value.AsInt()));
      case Kind::Uint:
        return WriteVarint(value.AsUint());
      case Kind::Double:
        return WriteDouble(value.AsDouble());
      case Kind::String:
      case Kind::Bytes:
        return WriteText(value.AsString());
      case Kind::List:
      case Kind::Map:
      case Kind::Optional:
        return WriteCompound(value);
      case Kind::Timestamp:
      case Kind::Duration:
        WriteVarint(ZigZag(value.AsTime().seconds));
        return WriteVarint(value.AsTime().nanos);
      case Kind::Type:
        return out_.push_back(static_cast<uint8_t>(value.AsType()));
      case Kind::Error:
        out_.push_back(static_cast<uint8_t>(value.error_code()));
        return WriteText(value.error_message());
      case Kind::BigInt:
        return WriteText(value.AsDigits());
    }
  }

 private:
  void WriteCompound(const Value& value) {
    if (value.kind() == Kind::List) {
      WriteVarint(value.items().size());
      for (const Value& item : value.items()) Write(item);
    } else if (value.kind() == Kind::Map) {
      WriteVarint(value.entries().size());
      for (const MapEntry& entry : value.entries()) {
        Write(entry.key);
        Write(entry.value);
      }
    } else {
      const Value* held = value.optional_value();
      out_.push_back(held != nullptr ? 1 : 0);
      if (held != nullptr) Write(*held);
    }
  }

  void WriteVarint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<uint8_t>(value | 0x80));
    out_.push_back(static_cast<uint8_t>(value));
  }

  void WriteDouble(double value) {
    const uint64_t bits = std::isnan(value) ? kNanBits : std::bit_cast<uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      out_.push_back(static_cast<uint8_t>(bits >> shift));
    }
  }

  void WriteText(std::string_view text) {
    WriteVarint(text.size());
    out_.insert(out_.end(), text.begin(), text.end());
  }

  std::vector<uint8_t>& out_;
};

// After a failure it reads on as if the rest were zeros, so that only the caller of `Read` needs to
// check.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] const char* failure() const { return failure_; }
  [[nodiscard]] bool is_at_end() const { return offset_ == bytes_.size(); }

  Value Read(uint32_t depth) {
    const uint8_t kind = ReadByte();
    if (kind >= kKindCount) return Fail("unknown kind");
    if (depth > kMaxBinaryDepth) return Fail("nested too deeply");
    switch (static_cast<Kind>(kind)) {
      case Kind::Null:
        return Value::Null();
      case Kind::Bool:
        return Value::Bool(ReadFlag());
      case Kind::Int:
        return Value::Int(UnZigZag(ReadVarint()));
      case Kind::Uint:
        return Value::Uint(ReadVarint());
      case Kind::Double:
        return ReadDouble();
      case Kind::String:
        return ReadString();
      case Kind::Bytes:
        return Value::Bytes(ReadText());
      case Kind::List:
        return ReadList(depth);
      case Kind::Map:
        return ReadMap(depth);
      case Kind::Timestamp:
        return Value::Timestamp(ReadTime());
      case Kind::Duration:
        return Value::Duration(ReadTime());
      case Kind::Type:
        return ReadType();
      case Kind::Optional:
        return ReadFlag() ? Value::Optional(Read(depth + 1)) : Value::None();
      case Kind::Error:
        return ReadError();
      case Kind::BigInt:
        return ReadBigInt();
    }
    return Fail("unknown kind");
  }

 private:
  Value Fail(const char* why) {
    if (failure_ == nullptr) failure_ = why;
    offset_ = bytes_.size();
    return Value::Null();
  }

  [[nodiscard]] size_t remaining() const { return bytes_.size() - offset_; }

  uint8_t ReadByte() {
    if (remaining() == 0) {
      Fail("ends too early");
      return 0;
    }
    return bytes_[offset_++];
  }

  bool ReadFlag() {
    const uint8_t byte = ReadByte();
    if (byte > 1) Fail("a truth value that is neither 0 nor 1");
    return byte == 1;
  }

  uint64_t ReadVarint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = ReadByte();
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) != 0) continue;
      if (byte == 0 && shift != 0) Fail("a number that is longer than it needs to be");
      return value;
    }
    Fail("a number of more than 64 bits");
    return 0;
  }

  Value ReadDouble() {
    uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bits |= static_cast<uint64_t>(ReadByte()) << shift;
    }
    const double value = std::bit_cast<double>(bits);
    if (std::isnan(value) && bits != kNanBits) return Fail("an unusual NaN");
    return Value::Double(value);
  }

  std::string_view ReadText() {
    const uint64_t length = ReadVarint();
    if (length > remaining()) {
      Fail("a text that is longer than the rest");
      return {};
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()) + offset_, length);
    offset_ += length;
    return text;
  }

  Value ReadString() {
    const std::string_view text = ReadText();
    if (FindInvalidUtf8(text) != std::string_view::npos) return Fail("a string that is not UTF-8");
    return Value::String(text);
  }

  Value ReadBigInt() {
    const std::string_view digits = ReadText();
    std::optional<Value> integer = ParseInteger(digits);
    const bool is_one = integer && integer->kind() == Kind::BigInt && integer->AsDigits() == digits;
    return is_one ? *std::move(integer) : Fail("digits of an integer that fits, or of none");
  }

  TimeValue ReadTime() {
    const int64_t seconds = UnZigZag(ReadVarint());
    const uint64_t nanos = ReadVarint();
    if (nanos >= kNsPerSecond) {
      Fail("a time of more than 999999999 nanoseconds");
      return {};
    }
    return {.seconds = seconds, .nanos = static_cast<uint32_t>(nanos)};
  }

  Value ReadType() {
    const uint8_t kind = ReadByte();
    if (kind > static_cast<uint8_t>(Kind::Error)) return Fail("unknown type");
    return Value::Type(static_cast<Kind>(kind));
  }

  Value ReadError() {
    const uint8_t code = ReadByte();
    if (code > static_cast<uint8_t>(EvalError::Budget)) return Fail("unknown error");
    const std::string_view message = ReadText();
    if (FindInvalidUtf8(message) != std::string_view::npos)
      return Fail("a message that is not UTF-8");
    return Value::Error(static_cast<EvalError>(code), message);
  }

  Value ReadList(uint32_t depth) {
    const uint64_t count = ReadVarint();
    if (count > remaining()) return Fail("a list that is longer than the rest");
    std::vector<Value> items;
    items.reserve(count);
    for (uint64_t i = 0; i < count && failure_ == nullptr; ++i) items.push_back(Read(depth + 1));
    return Value::List(std::move(items));
  }

  Value ReadMap(uint32_t depth) {
    const uint64_t count = ReadVarint();
    if (count > remaining() / 2) return Fail("a map that is longer than the rest");
    std::vector<MapEntry> entries;
    entries.reserve(count);
    for (uint64_t i = 0; i < count && failure_ == nullptr; ++i) {
      Value key = Read(depth + 1);
      if (!IsMapKey(key)) return Fail("a key that cannot be one");
      entries.push_back({.key = std::move(key), .value = Read(depth + 1)});
    }
    if (failure_ != nullptr) return Value::Null();
    return OrderedMap(std::move(entries));
  }

  Value OrderedMap(std::vector<MapEntry> entries) {
    std::vector<Value> keys;
    keys.reserve(entries.size());
    for (const MapEntry& entry : entries) keys.push_back(entry.key);
    if (FindDuplicateKey(entries) != nullptr) return Fail("a key twice in a map");
    for (size_t i = 0; i < keys.size(); ++i) {
      if (!Identical(keys[i], entries[i].key)) return Fail("a map out of order");
    }
    return Value::Map(std::move(entries));
  }

  std::span<const uint8_t> bytes_;
  size_t offset_ = 0;
  const char* failure_ = nullptr;
};

}  // namespace

void AppendBinary(std::vector<uint8_t>& out, const Value& value) {
  WFC_CHECK(value.depth() <= kMaxBinaryDepth);
  Writer(out).Write(value);
}

Result<Value> ReadBinary(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  Value value = reader.Read(0);
  if (reader.failure() == nullptr && !reader.is_at_end())
    return Error{"has more bytes than it needs"};
  if (reader.failure() != nullptr) return Error{reader.failure()};
  return value;
}

}  // namespace wfc
