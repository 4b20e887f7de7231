// Value: the immutable value of JSON and of the expression language, in the compiler and at run
// time. 16 bytes; what does not fit lives on the heap, atomically reference-counted and shared.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/check.h"

namespace wfc {

enum class Kind : uint8_t {
  Null,
  Bool,
  Int,
  Uint,
  Double,
  String,
  Bytes,
  List,
  Map,
  Timestamp,
  Duration,
  Type,
  Optional,
  Error,
  BigInt,  ///< an integer beyond 64 bits: to the language an `int` that it cannot calculate with
};
inline constexpr size_t kKindCount = static_cast<size_t>(Kind::BigInt) + 1;

/// What `type()` prints: "int", "null_type", "list"…
[[nodiscard]] std::string_view GetName(Kind kind);

/// Why an evaluation has no value.
enum class EvalError : uint8_t {
  Absent,      ///< a missing output, key or field: `coalesce` goes on, `has` is false
  Unknown,     ///< partial evaluation does not know a root; absorbs like any error
  Type,        ///< no overload for these kinds
  Arithmetic,  ///< overflow, division by zero
  Index,       ///< outside a list or a string
  Conversion,  ///< a conversion whose argument does not fit
  Argument,    ///< an argument outside what the function takes
  Budget,      ///< steps, memory or the size of a value
};

[[nodiscard]] std::string_view GetName(EvalError code);

/// A point in time (since 1970-01-01 UTC) or a length of time: `seconds + nanos * 1e-9`, nanos in
/// [0, 1e9) also when seconds are negative.
struct TimeValue {
  int64_t seconds = 0;
  uint32_t nanos = 0;
  friend constexpr auto operator<=>(TimeValue, TimeValue) = default;
};

struct MapEntry;

/// What tells most texts apart, at one look: those whose keys differ are not the same, and those
/// of at most kMaxKeyedBytes with one key are.
struct TextKey {
  uint64_t head = 0;  ///< kind, size and first bytes
  uint64_t tail = 0;  ///< the last bytes; of a very long text, some
  friend bool operator==(const TextKey&, const TextKey&) = default;
};
inline constexpr size_t kMaxKeyedBytes = 12;
/// Of a text this short, the head is all.
inline constexpr size_t kMaxHeadBytes = 4;

class Value {
 public:
  /// Null.
  Value() {}  // NOLINT(modernize-use-equals-default): a const one needs it
  Value(const Value& other)
      : kind_(other.kind_),
        has_trait_(other.has_trait_),
        short_size_(other.short_size_),
        aux_(other.aux_),
        bits_(other.bits_) {
    if (owns_heap()) Retain(bits_.heap);
  }
  Value(Value&& other) noexcept
      : kind_(other.kind_),
        has_trait_(other.has_trait_),
        short_size_(other.short_size_),
        aux_(other.aux_),
        bits_(other.bits_) {
    other.kind_ = Kind::Null;
  }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(has_trait_, other.has_trait_);
    std::swap(short_size_, other.short_size_);
    std::swap(aux_, other.aux_);
    std::swap(bits_, other.bits_);
    return *this;
  }
  ~Value() {
    if (owns_heap()) Release(kind_, bits_.heap);
  }

  static Value Null() { return Value(); }
  static Value Bool(bool value);
  static Value Int(int64_t value);
  static Value Uint(uint64_t value);
  static Value Double(double value);
  /// `digits` are those of an integer that is no int64: no `+`, no leading zeros (`ParseInteger`).
  static Value BigInt(std::string_view digits);
  /// `text` is well-formed UTF-8 (the caller has checked).
  static Value String(std::string_view text);
  static Value Bytes(std::string_view bytes);
  static Value List(std::vector<Value> items);
  static Value List(std::initializer_list<Value> items);
  /// Sorts by key. Keys are Bool, Int, Uint or String and distinct (`FindDuplicateKey`).
  static Value Map(std::vector<MapEntry> entries);
  /// List and Map of values that they move from where these are.
  static Value TakeList(std::span<Value> items);
  static Value TakeMap(std::span<MapEntry> entries);
  /// String keys, for tests and small records: `Value::Record({{"a", Value::Int(1)}})`.
  static Value Record(std::initializer_list<std::pair<std::string_view, Value>> fields);
  static Value Timestamp(TimeValue time);
  static Value Duration(TimeValue time);
  static Value Type(Kind kind);
  static Value Optional(Value value);
  static Value None();
  static Value Error(EvalError code, std::string_view message);
  /// An error of code Absent.
  static Value Absent(std::string_view message);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == Kind::Null; }
  [[nodiscard]] bool is_string() const { return kind_ == Kind::String; }
  [[nodiscard]] bool is_error() const { return kind_ == Kind::Error; }
  [[nodiscard]] bool is_absent() const { return is_error() && error_code() == EvalError::Absent; }
  [[nodiscard]] bool is_number() const {
    return kind_ == Kind::Int || kind_ == Kind::Uint || kind_ == Kind::Double ||
           kind_ == Kind::BigInt;
  }
  /// Whether JSON has the value and all that is in it: no time, optional, bytes, type or error, no
  /// number that is not finite, no key that is not text. Known without a walk.
  [[nodiscard]] bool is_data() const {
    constexpr uint32_t kData =
        1U << static_cast<int>(Kind::Null) | 1U << static_cast<int>(Kind::Bool) |
        1U << static_cast<int>(Kind::Int) | 1U << static_cast<int>(Kind::Uint) |
        1U << static_cast<int>(Kind::String) | 1U << static_cast<int>(Kind::BigInt);
    if ((kData >> static_cast<int>(kind_) & 1U) != 0) return true;
    if (kind_ == Kind::List || kind_ == Kind::Map) return has_trait_;
    return kind_ == Kind::Double && bits_.real - bits_.real == 0;  // not of infinity and NaN
  }
  [[nodiscard]] bool is_true() const { return kind_ == Kind::Bool && bits_.boolean; }
  [[nodiscard]] bool is_false() const { return kind_ == Kind::Bool && !bits_.boolean; }

  // Each needs the kind it names.
  [[nodiscard]] bool AsBool() const;
  [[nodiscard]] int64_t AsInt() const;
  [[nodiscard]] uint64_t AsUint() const;
  [[nodiscard]] double AsDouble() const;
  [[nodiscard]] std::string_view AsDigits() const;  ///< BigInt; with `-` where it is below 0
  /// Of a String or Bytes; valid as long as a Value holds it.
  [[nodiscard]] std::string_view AsString() const;
  /// Of a String or Bytes: its first four bytes as a number, with zeros behind a shorter one. Where
  /// the prefixes of two differ, they order as the whole do.
  [[nodiscard]] uint32_t prefix() const { return aux_; }
  /// Of a String or Bytes: how many bytes it has.
  [[nodiscard]] size_t byte_count() const;
  /// Of a String or Bytes: whether it has no byte above 127.
  [[nodiscard]] bool is_ascii() const { return has_trait_; }
  /// Of a String or Bytes.
  [[nodiscard]] TextKey text_key() const;
  /// The head of text_key, at less cost.
  [[nodiscard]] uint64_t text_head() const;
  /// Of two Strings or two Bytes: whether they are the same.
  [[nodiscard]] bool IsSameText(const Value& other) const;
  [[nodiscard]] TimeValue AsTime() const;  ///< Timestamp or Duration
  [[nodiscard]] Kind AsType() const;
  [[nodiscard]] std::span<const Value> items() const;       ///< List
  [[nodiscard]] std::span<const MapEntry> entries() const;  ///< Map, sorted by key
  [[nodiscard]] const Value* optional_value() const;        ///< Optional; null when empty
  [[nodiscard]] EvalError error_code() const;
  [[nodiscard]] std::string_view error_message() const;

  /// Asks for the memory of a List or Map that will be looked at soon. Its parts lie before it as a
  /// rule, being made before it; how many lines are asked for does not depend on how far they
  /// reach, which the processor could not foretell. (In line, or g++ takes it for a function that
  /// does nothing.)
  [[gnu::always_inline]] void Prefetch() const {
    constexpr uintptr_t kLineBytes = 64;
    constexpr uintptr_t kLinesBefore = 8;
    constexpr uintptr_t kLines = 12;
    if (kind_ != Kind::List && kind_ != Kind::Map) return;
    const uintptr_t first = reinterpret_cast<uintptr_t>(bits_.heap) - kLinesBefore * kLineBytes;
    for (uintptr_t i = 0; i < kLines; ++i) {
      // No pointer may be made outside of an object; nothing is read here.
      // NOLINTNEXTLINE(performance-no-int-to-ptr)
      __builtin_prefetch(reinterpret_cast<const void*>(first + i * kLineBytes));
    }
  }

  /// Of a Map: the value at `key` (numbers compare across kinds), or null.
  [[nodiscard]] const Value* Find(const Value& key) const;
  [[nodiscard]] const Value* Find(std::string_view key) const;

  /// Approximate bytes of the whole tree with nothing shared (saturating): what a walk over it
  /// costs.
  [[nodiscard]] uint64_t weight() const;
  /// Levels of lists, maps and optionals; 0 for a scalar (saturating).
  [[nodiscard]] uint32_t depth() const;

  /// The language's equality: numbers by value across kinds, NaN unequal to itself, different kinds
  /// unequal. Two errors are equal when code and message are.
  friend bool operator==(const Value& left, const Value& right);

 private:
  // What the heap part of a value begins with; characters or child values follow. Once nothing
  // refers to it any more, `weight` holds the next heap to be freed and `depth` its kind.
  struct Heap {
    std::atomic<uint32_t> references = 1;
    uint32_t depth = 0;
    uint64_t weight = 0;
    uint64_t size = 0;

    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    Value* children() { return reinterpret_cast<Value*>(this + 1); }

    static Heap* Make(size_t payload_bytes, uint64_t size);
    static void Free(Heap* heap);
  };
  union Bits {
    int64_t integer = 0;
    uint64_t unsigned_integer;
    double real;
    bool boolean;
    Heap* heap;
  };

  // Empty strings, lists and maps have no heap.
  [[nodiscard]] bool owns_heap() const {
    constexpr uint32_t kHeapKinds =
        1U << static_cast<int>(Kind::String) | 1U << static_cast<int>(Kind::Bytes) |
        1U << static_cast<int>(Kind::List) | 1U << static_cast<int>(Kind::Map) |
        1U << static_cast<int>(Kind::Optional) | 1U << static_cast<int>(Kind::Error) |
        1U << static_cast<int>(Kind::BigInt);
    return (kHeapKinds >> static_cast<int>(kind_) & 1U) != 0 && bits_.heap != nullptr;
  }
  static void Retain(Heap* heap);
  static void Release(Kind kind, Heap* heap);
  static Value OfBytes(Kind kind, std::string_view bytes);
  [[nodiscard]] const Value* FindText(uint32_t prefix, std::string_view key) const;
  /// Moves from `children`; `size` is the count of items or entries.
  static Value OfChildren(Kind kind, std::span<Value> children, size_t size);

  static constexpr uint16_t kLongSize = 0xFFFF;

  Kind kind_ = Kind::Null;
  bool has_trait_ = false;   // of a String or Bytes: is_ascii; of a List or Map: is_data
  uint16_t short_size_ = 0;  // of a String or Bytes: its bytes, or kLongSize where they are more
  uint32_t aux_ = 0;  // nanos, the Kind of a Type, the code of an Error, the prefix of a String
  Bits bits_;
};

struct MapEntry {
  Value key;
  Value value;
};

static_assert(sizeof(Value) == 16);

// Here, so that walks over large values do not call for each part.
inline int64_t Value::AsInt() const {
  WFC_CHECK(kind_ == Kind::Int);
  return bits_.integer;
}

inline double Value::AsDouble() const {
  WFC_CHECK(kind_ == Kind::Double);
  return bits_.real;
}

inline std::string_view Value::AsString() const {
  WFC_CHECK(kind_ == Kind::String || kind_ == Kind::Bytes);
  if (bits_.heap == nullptr) return {};
  return {bits_.heap->bytes(), bits_.heap->size};
}

inline size_t Value::byte_count() const {
  WFC_CHECK(kind_ == Kind::String || kind_ == Kind::Bytes);
  return short_size_ != kLongSize ? short_size_ : bits_.heap->size;
}

inline uint64_t Value::text_head() const {
  uint64_t head = 0;
  std::memcpy(&head, static_cast<const void*>(this), sizeof(head));
  return head;
}

// Of a text shorter than eight bytes, the tail begins with bytes of its size.
inline TextKey Value::text_key() const {
  TextKey key = {.head = text_head()};
  if (short_size_ == 0) return key;
  const char* end = bits_.heap->bytes() + short_size_;
  std::memcpy(&key.tail, end - sizeof(key.tail), sizeof(key.tail));
  return key;
}

inline bool Value::IsSameText(const Value& other) const {
  if (aux_ != other.aux_ || short_size_ != other.short_size_) return false;
  if (short_size_ <= sizeof(aux_)) return true;
  if (text_key().tail != other.text_key().tail) return false;
  return short_size_ <= kMaxKeyedBytes || AsString() == other.AsString();
}

inline std::span<const Value> Value::items() const {
  WFC_CHECK(kind_ == Kind::List);
  if (bits_.heap == nullptr) return {};
  return {bits_.heap->children(), bits_.heap->size};
}

inline std::span<const MapEntry> Value::entries() const {
  WFC_CHECK(kind_ == Kind::Map);
  if (bits_.heap == nullptr) return {};
  return {reinterpret_cast<const MapEntry*>(bits_.heap->children()), bits_.heap->size};
}

/// `<`, `==`, `>` of two values that the language can order (numbers across kinds, strings, bytes,
/// booleans, timestamps, durations); empty when it cannot, and for NaN.
[[nodiscard]] std::optional<std::strong_ordering> Compare(const Value& left, const Value& right);

/// Equality that also tells kinds apart (1 is not 1.0) and holds for NaN: for pooling constants.
[[nodiscard]] bool Identical(const Value& left, const Value& right);

/// A hash that agrees with `Identical`.
[[nodiscard]] uint64_t HashIdentical(const Value& value);

/// A hash that agrees with `==`, for sets and maps of values.
struct EqualHash {
  size_t operator()(const Value& value) const;
};

/// The first key that stands twice in `entries` (sorted here by key), or null.
[[nodiscard]] const Value* FindDuplicateKey(std::span<MapEntry> entries);

/// Whether `value` may be a key of a Map.
[[nodiscard]] bool IsMapKey(const Value& value);

}  // namespace wfc
