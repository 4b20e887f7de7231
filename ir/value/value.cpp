#include "ir/value/value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

#include "ir/base/check.h"
#include "ir/base/saturating.h"
#include "ir/base/utf8.h"

namespace wfc {

Value::Heap* Value::Heap::Make(size_t payload_bytes, uint64_t size) {
  Heap* heap = new (::operator new(sizeof(Heap) + payload_bytes)) Heap;
  heap->size = size;
  return heap;
}

void Value::Heap::Free(Heap* heap) {
  ::operator delete(heap);
}

namespace {

constexpr uint64_t kScalarWeight = 16;

size_t ChildrenPerEntry(Kind kind) {
  return kind == Kind::Map ? 2 : 1;
}

}  // namespace

void Value::Retain(Heap* heap) {
  heap->references.fetch_add(1, std::memory_order_relaxed);
}

// Iterative, because values nest as deep as a model's answer does.
void Value::Release(Kind kind, Heap* heap) {
  if (heap->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (!HasChildren(kind)) return Heap::Free(heap);
  Heap* next = nullptr;
  // What waits is linked by fields that nobody reads any more.
  const auto enqueue = [&](Heap* dead, Kind of) {
    dead->depth = static_cast<uint32_t>(of);
    dead->weight = std::bit_cast<uintptr_t>(next);
    next = dead;
  };
  enqueue(heap, kind);
  while (next != nullptr) {
    Heap* current = next;
    next = std::bit_cast<Heap*>(static_cast<uintptr_t>(current->weight));
    const size_t count = current->size * ChildrenPerEntry(static_cast<Kind>(current->depth));
    for (Value& child : std::span(current->children(), count)) {
      if (!child.owns_heap()) continue;
      Heap* below = child.bits_.heap;
      if (below->references.fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
      HasChildren(child.kind_) ? enqueue(below, child.kind_) : Heap::Free(below);
    }
    Heap::Free(current);
  }
}

namespace {

uint32_t PrefixOf(std::string_view bytes) {
  uint32_t prefix = 0;
  for (size_t i = 0; i < sizeof(prefix); ++i) {
    prefix = prefix << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0);
  }
  return prefix;
}

}  // namespace

Value Value::OfBytes(Kind kind, std::string_view bytes) {
  Value value;
  value.kind_ = kind;
  value.aux_ = PrefixOf(bytes);
  value.has_trait_ = IsAscii(bytes);
  value.short_size_ = static_cast<uint16_t>(std::min<size_t>(bytes.size(), kLongSize));
  value.bits_.heap = nullptr;
  if (bytes.empty()) return value;
  Heap* heap = Heap::Make(bytes.size(), bytes.size());
  heap->weight = kScalarWeight + bytes.size();
  std::memcpy(heap->bytes(), bytes.data(), bytes.size());
  value.bits_.heap = heap;
  return value;
}

Value Value::OfChildren(Kind kind, std::span<Value> children, size_t size) {
  Value value;
  value.kind_ = kind;
  value.has_trait_ = true;
  value.bits_.heap = nullptr;
  if (children.empty()) return value;
  // Strings sort after all other keys, so the first key tells whether all keys are strings.
  if (kind == Kind::Map) value.has_trait_ = children.front().is_string();
  Heap* heap = Heap::Make(children.size() * sizeof(Value), size);
  heap->weight = kScalarWeight;
  Value* target = heap->children();
  for (Value& child : children) {
    heap->weight = AddSaturating(heap->weight, child.weight());
    heap->depth = std::max(heap->depth, child.depth());
    value.has_trait_ &= child.is_data();
    new (target++) Value(std::move(child));
  }
  if (heap->depth != std::numeric_limits<uint32_t>::max()) ++heap->depth;
  value.bits_.heap = heap;
  return value;
}

Value Value::Bool(bool boolean) {
  Value value;
  value.kind_ = Kind::Bool;
  value.bits_.boolean = boolean;
  return value;
}

Value Value::Int(int64_t integer) {
  Value value;
  value.kind_ = Kind::Int;
  value.bits_.integer = integer;
  return value;
}

Value Value::Uint(uint64_t integer) {
  Value value;
  value.kind_ = Kind::Uint;
  value.bits_.unsigned_integer = integer;
  return value;
}

Value Value::Double(double real) {
  Value value;
  value.kind_ = Kind::Double;
  value.bits_.real = real;
  return value;
}

Value Value::BigInt(std::string_view digits) {
  return OfBytes(Kind::BigInt, digits);
}

Value Value::String(std::string_view text) {
  return OfBytes(Kind::String, text);
}
Value Value::Bytes(std::string_view bytes) {
  return OfBytes(Kind::Bytes, bytes);
}

Value Value::List(std::vector<Value> items) {
  return TakeList(items);
}

Value Value::List(std::initializer_list<Value> items) {
  return List(std::vector<Value>(items));
}

namespace {

/// The rank of a key's kind: within a map, booleans sort before numbers and numbers before strings.
int RankOfKey(const Value& key) {
  if (key.kind() == Kind::Bool) return 0;
  return key.is_number() ? 1 : 2;
}

std::strong_ordering CompareKeys(const Value& left, const Value& right) {
  const int left_rank = RankOfKey(left);
  const int right_rank = RankOfKey(right);
  if (left_rank != right_rank) return left_rank <=> right_rank;
  return *Compare(left, right);
}

bool KeyLess(const MapEntry& left, const MapEntry& right) {
  return CompareKeys(left.key, right.key) < 0;
}

void SortByKey(std::span<MapEntry> entries) {
  if (!std::ranges::is_sorted(entries, KeyLess)) std::ranges::sort(entries, KeyLess);
}

}  // namespace

Value Value::Map(std::vector<MapEntry> entries) {
  return TakeMap(entries);
}

Value Value::TakeList(std::span<Value> items) {
  return OfChildren(Kind::List, items, items.size());
}

Value Value::TakeMap(std::span<MapEntry> entries) {
  static_assert(sizeof(MapEntry) == 2 * sizeof(Value) && std::is_standard_layout_v<MapEntry>);
  SortByKey(entries);
  if (entries.empty()) return OfChildren(Kind::Map, {}, 0);
  return OfChildren(Kind::Map, std::span(&entries.front().key, 2 * entries.size()), entries.size());
}

Value Value::Record(std::initializer_list<std::pair<std::string_view, Value>> fields) {
  std::vector<MapEntry> entries;
  entries.reserve(fields.size());
  for (const auto& [name, value] : fields) {
    entries.push_back({.key = String(name), .value = value});
  }
  return Map(std::move(entries));
}

Value Value::Timestamp(TimeValue time) {
  Value value = Int(time.seconds);
  value.kind_ = Kind::Timestamp;
  value.aux_ = time.nanos;
  return value;
}

Value Value::Duration(TimeValue time) {
  Value value = Timestamp(time);
  value.kind_ = Kind::Duration;
  return value;
}

Value Value::Type(Kind kind) {
  Value value;
  value.kind_ = Kind::Type;
  value.aux_ = static_cast<uint32_t>(kind);
  return value;
}

Value Value::Optional(Value value) {
  return OfChildren(Kind::Optional, std::span<Value>(&value, 1), 1);
}

Value Value::None() {
  return OfChildren(Kind::Optional, {}, 0);
}

Value Value::Error(EvalError code, std::string_view message) {
  Value value = OfBytes(Kind::Error, message);
  value.aux_ = static_cast<uint32_t>(code);
  return value;
}

Value Value::Absent(std::string_view message) {
  return Error(EvalError::Absent, message);
}

bool Value::AsBool() const {
  WFC_CHECK(kind_ == Kind::Bool);
  return bits_.boolean;
}

uint64_t Value::AsUint() const {
  WFC_CHECK(kind_ == Kind::Uint);
  return bits_.unsigned_integer;
}

TimeValue Value::AsTime() const {
  WFC_CHECK(kind_ == Kind::Timestamp || kind_ == Kind::Duration);
  return {.seconds = bits_.integer, .nanos = aux_};
}

std::string_view Value::AsDigits() const {
  WFC_CHECK(kind_ == Kind::BigInt);
  return {bits_.heap->bytes(), bits_.heap->size};
}

Kind Value::AsType() const {
  WFC_CHECK(kind_ == Kind::Type);
  return static_cast<Kind>(aux_);
}

const Value* Value::optional_value() const {
  WFC_CHECK(kind_ == Kind::Optional);
  return bits_.heap == nullptr ? nullptr : bits_.heap->children();
}

EvalError Value::error_code() const {
  WFC_CHECK(kind_ == Kind::Error);
  return static_cast<EvalError>(aux_);
}

std::string_view Value::error_message() const {
  WFC_CHECK(kind_ == Kind::Error);
  if (bits_.heap == nullptr) return {};
  return {bits_.heap->bytes(), bits_.heap->size};
}

const Value* Value::Find(const Value& key) const {
  if (key.is_string()) return FindText(key.prefix(), key.AsString());
  if (!IsMapKey(key) && key.kind() != Kind::Double) return nullptr;
  if (key.kind() == Kind::Double && std::isnan(key.AsDouble())) return nullptr;
  const auto all = entries();
  const auto found = std::ranges::lower_bound(
      all, key, [](const Value& a, const Value& b) { return CompareKeys(a, b) < 0; },
      &MapEntry::key);
  if (found == all.end() || CompareKeys(found->key, key) != 0) return nullptr;
  return &found->value;
}

const Value* Value::Find(std::string_view key) const {
  return FindText(PrefixOf(key), key);
}

const Value* Value::FindText(uint32_t prefix, std::string_view key) const {
  const auto all = entries();
  const auto found = std::ranges::partition_point(all, [&](const MapEntry& entry) {
    if (!entry.key.is_string()) return true;
    if (entry.key.prefix() != prefix) return entry.key.prefix() < prefix;
    return entry.key.AsString() < key;
  });
  if (found == all.end() || found->key.prefix() != prefix || found->key.AsString() != key) {
    return nullptr;
  }
  return &found->value;
}

uint64_t Value::weight() const {
  return owns_heap() ? bits_.heap->weight : kScalarWeight;
}

uint32_t Value::depth() const {
  if (!HasChildren(kind_)) return 0;
  return bits_.heap == nullptr ? 1 : bits_.heap->depth;
}

bool IsMapKey(const Value& value) {
  return value.is_string() || value.kind() == Kind::Int || value.kind() == Kind::Uint ||
         value.kind() == Kind::Bool;
}

const Value* FindDuplicateKey(std::span<MapEntry> entries) {
  SortByKey(entries);
  const auto found =
      std::ranges::adjacent_find(entries, [](const MapEntry& left, const MapEntry& right) {
        return CompareKeys(left.key, right.key) == 0;
      });
  return found == entries.end() ? nullptr : &found->key;
}

std::string_view GetName(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return "null_type";
    case Kind::Bool:
      return "bool";
    case Kind::Int:
    case Kind::BigInt:
      return "int";
    case Kind::Uint:
      return "uint";
    case Kind::Double:
      return "double";
    case Kind::String:
      return "string";
    case Kind::Bytes:
      return "bytes";
    case Kind::List:
      return "list";
    case Kind::Map:
      return "map";
    case Kind::Timestamp:
      return "google.protobuf.Timestamp";
    case Kind::Duration:
      return "google.protobuf.Duration";
    case Kind::Type:
      return "type";
    case Kind::Optional:
      return "optional_type";
    case Kind::Error:
      return "error";
  }
  return {};
}

std::string_view GetName(EvalError code) {
  switch (code) {
    case EvalError::Absent:
      return "absent";
    case EvalError::Unknown:
      return "unknown";
    case EvalError::Type:
      return "type";
    case EvalError::Arithmetic:
      return "arithmetic";
    case EvalError::Index:
      return "index";
    case EvalError::Conversion:
      return "conversion";
    case EvalError::Argument:
      return "argument";
    case EvalError::Budget:
      return "budget";
  }
  return {};
}

}  // namespace wfc
