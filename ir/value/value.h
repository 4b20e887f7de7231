// Value: the immutable value of JSON and of the expression language, in the compiler and at run
// time. A Value has 16 bytes; what does not fit is on the heap, shared and counted atomically.
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

/// The kinds of values. The binary form stores these numbers.
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
  BigInt,  ///< an integer outside int64: an `int` of the language that no arithmetic accepts
};
inline constexpr size_t kKindCount = static_cast<size_t>(Kind::BigInt) + 1;

/// Whether values of the kind may hold further values.
[[nodiscard]] constexpr bool HasChildren(Kind kind) {
  return kind == Kind::List || kind == Kind::Map || kind == Kind::Optional;
}

/// The kind as `type()` prints it: "int", "null_type", "list".
[[nodiscard]] std::string_view GetName(Kind kind);

/// Why an evaluation has no value. The binary form stores these numbers.
enum class EvalError : uint8_t {
  /// An output, key or field is missing. `coalesce` moves on to its next argument, and `has` is
  /// false.
  Absent,
  /// Partial evaluation does not know the root that is read. It propagates like any other error.
  Unknown,
  Type,        ///< the operator or function has no overload for these kinds
  Arithmetic,  ///< an overflow or a division by zero
  Index,       ///< an index outside a list or a string
  Conversion,  ///< a conversion does not accept its argument's value
  Argument,    ///< a function does not accept its argument's value
  Budget,      ///< the limit on steps, memory or the size of a value is exceeded
};

/// The code as a word: "absent", "arithmetic".
[[nodiscard]] std::string_view GetName(EvalError code);

/// A point in time, counted from 1970-01-01 UTC, or a duration. It is `seconds + nanos * 1e-9`,
/// with nanos in [0, 1e9) even when seconds is negative.
struct TimeValue {
  int64_t seconds = 0;
  uint32_t nanos = 0;
  friend constexpr auto operator<=>(TimeValue, TimeValue) = default;
};

struct MapEntry;

/// A 16-byte fingerprint that compares most texts in constant time. Texts with different keys
/// differ, and texts of at most kMaxKeyedBytes bytes with the same key are equal.
struct TextKey {
  uint64_t head = 0;  ///< the kind, the size and the first bytes
  /// The last 8 bytes; for a text of 65535 bytes or more, the last 8 of its first 65535 bytes.
  uint64_t tail = 0;
  friend bool operator==(const TextKey&, const TextKey&) = default;
};
/// The longest text, in bytes, that its TextKey describes completely.
inline constexpr size_t kMaxKeyedBytes = 12;
/// The longest text, in bytes, that TextKey::head alone describes completely.
inline constexpr size_t kMaxHeadBytes = 4;

/// An immutable value that is cheap to copy. Copies share their heap part and can be used from
/// several threads.
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
  /// An integer outside int64. `digits` are its decimal digits without `+` and leading zeros
  /// (`ParseInteger` makes them).
  static Value BigInt(std::string_view digits);
  /// Precondition: `text` is well-formed UTF-8.
  static Value String(std::string_view text);
  static Value Bytes(std::string_view bytes);
  static Value List(std::vector<Value> items);
  static Value List(std::initializer_list<Value> items);
  /// Sorts the entries by key. Precondition: the keys are distinct and are Bool, Int, Uint or
  /// String (see `FindDuplicateKey`).
  static Value Map(std::vector<MapEntry> entries);
  /// As List and Map, but the values are moved out of `items` and `entries`, which the caller
  /// keeps.
  static Value TakeList(std::span<Value> items);
  static Value TakeMap(std::span<MapEntry> entries);
  /// A Map with String keys, for tests and small records: `Value::Record({{"a", Value::Int(1)}})`.
  static Value Record(std::initializer_list<std::pair<std::string_view, Value>> fields);
  static Value Timestamp(TimeValue time);
  static Value Duration(TimeValue time);
  /// The value that `type()` yields for values of `kind`.
  static Value Type(Kind kind);
  static Value Optional(Value value);
  /// The empty Optional.
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
  /// Whether JSON has this value and everything in it: no timestamp, duration, optional, bytes,
  /// type or error, no number that is not finite, and no key that is not a string. Takes constant
  /// time.
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

  // Each accessor below requires the kind that its name or comment says; any other kind is a bug in
  // wfc and ends the process.
  [[nodiscard]] bool AsBool() const;
  [[nodiscard]] int64_t AsInt() const;
  [[nodiscard]] uint64_t AsUint() const;
  [[nodiscard]] double AsDouble() const;
  [[nodiscard]] std::string_view AsDigits() const;  ///< of a BigInt; with `-` when it is negative
  /// Requires a String or Bytes. The view stays valid as long as a Value shares the text.
  [[nodiscard]] std::string_view AsString() const;
  /// Requires a String or Bytes: its first four bytes as a big-endian number, padded with zeros.
  /// Where two prefixes differ, they order as the texts do.
  [[nodiscard]] uint32_t prefix() const { return aux_; }
  /// Requires a String or Bytes: its size in bytes.
  [[nodiscard]] size_t byte_count() const;
  /// Requires a String or Bytes: whether it has no byte above 127.
  [[nodiscard]] bool is_ascii() const { return has_trait_; }
  /// Requires a String or Bytes.
  [[nodiscard]] TextKey text_key() const;
  /// As `text_key().head`, at less cost. Requires a String or Bytes.
  [[nodiscard]] uint64_t text_head() const;
  /// Requires two Strings or two Bytes: whether their bytes are equal.
  [[nodiscard]] bool IsSameText(const Value& other) const;
  [[nodiscard]] TimeValue AsTime() const;  ///< requires a Timestamp or a Duration
  [[nodiscard]] Kind AsType() const;
  [[nodiscard]] std::span<const Value> items() const;       ///< requires a List
  [[nodiscard]] std::span<const MapEntry> entries() const;  ///< requires a Map; sorted by key
  /// Requires an Optional; null when it is empty.
  [[nodiscard]] const Value* optional_value() const;
  [[nodiscard]] EvalError error_code() const;
  [[nodiscard]] std::string_view error_message() const;

  /// Prefetches the heap part of a List or Map that will be read soon. Its children usually lie
  /// before it in memory because they were made before it. The number of cache lines is fixed,
  /// because a loop over the real extent would mispredict. The function must be inlined, or g++
  /// treats it as one without effects and removes the calls.
  [[gnu::always_inline]] void Prefetch() const {
    constexpr uintptr_t kLineBytes = 64;
    constexpr uintptr_t kLinesBefore = 8;
    constexpr uintptr_t kLines = 12;
    if (kind_ != Kind::List && kind_ != Kind::Map) return;
    const uintptr_t first = reinterpret_cast<uintptr_t>(bits_.heap) - kLinesBefore * kLineBytes;
    for (uintptr_t i = 0; i < kLines; ++i) {
      // Made from an integer, since pointer arithmetic must stay in an object. Nothing is read.
      // NOLINTNEXTLINE(performance-no-int-to-ptr)
      __builtin_prefetch(reinterpret_cast<const void*>(first + i * kLineBytes));
    }
  }

  /// Requires a Map: the value at `key`, or null when there is none. Numbers are compared across
  /// kinds.
  [[nodiscard]] const Value* Find(const Value& key) const;
  [[nodiscard]] const Value* Find(std::string_view key) const;
  /// The value at `key` if this is a Map that has one, else null.
  [[nodiscard]] const Value* FindEntry(std::string_view key) const {
    return kind() == Kind::Map ? Find(key) : nullptr;
  }
  /// The same for a value of the given kind: null if it is of another one.
  [[nodiscard]] const Value* FindEntry(std::string_view key, Kind of_kind) const {
    const Value* found = FindEntry(key);
    return found != nullptr && found->kind() == of_kind ? found : nullptr;
  }

  /// The approximate size of the whole tree in bytes if nothing were shared, which is also what a
  /// walk over it costs. Saturates at the largest uint64.
  [[nodiscard]] uint64_t weight() const;
  /// The nesting depth of lists, maps and optionals; 0 for a scalar. Saturates at the largest
  /// uint32.
  [[nodiscard]] uint32_t depth() const;

  /// The language's equality: numbers compare by value across kinds, NaN is unequal to itself, and
  /// values of different kinds are otherwise unequal. Two errors are equal when their codes and
  /// messages are.
  friend bool operator==(const Value& left, const Value& right);

 private:
  // The header of the heap part of a value; its bytes or child values follow. While Release frees a
  // tree, `weight` links to the next header to be freed and `depth` holds the kind of this one.
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

  // Empty strings, lists and maps have no heap part.
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
  /// Moves the values out of `children`. `size` is the number of items or entries.
  static Value OfChildren(Kind kind, std::span<Value> children, size_t size);

  static constexpr uint16_t kLongSize = 0xFFFF;

  Kind kind_ = Kind::Null;
  bool has_trait_ = false;  // is_ascii for a String or Bytes; is_data for a List or Map
  // Size of a String or Bytes in bytes; kLongSize when it is that or more.
  uint16_t short_size_ = 0;
  // The nanos of a time, the Kind of a Type, the code of an Error, or the prefix of a String or
  // Bytes.
  uint32_t aux_ = 0;
  Bits bits_;
};

/// One entry of a Map.
struct MapEntry {
  Value key;
  Value value;
};

static_assert(sizeof(Value) == 16);

// These are defined in the header so that walks over large values need no call per part.
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

// For a text of fewer than eight bytes, the tail begins with bytes of the heap part's size.
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

/// The order of two values that the language can order: numbers (across kinds), strings, bytes,
/// booleans, timestamps and durations. No value for other kinds, for two different kinds, and for
/// NaN.
[[nodiscard]] std::optional<std::strong_ordering> Compare(const Value& left, const Value& right);

/// Whether two values are equal in kind and content: 1 differs from 1.0, and NaNs are equal when
/// their bits are. Used for pooling constants.
[[nodiscard]] bool Identical(const Value& left, const Value& right);

/// A hash that agrees with `Identical`: identical values have equal hashes.
[[nodiscard]] uint64_t HashIdentical(const Value& value);

/// A hash that agrees with `==`, for hash sets and hash maps of values.
struct EqualHash {
  size_t operator()(const Value& value) const;
};

/// Sorts `entries` by key and returns the first key that occurs twice, or null.
[[nodiscard]] const Value* FindDuplicateKey(std::span<MapEntry> entries);

/// Whether `value` can be a key of a Map: a Bool, an Int, a Uint or a String.
[[nodiscard]] bool IsMapKey(const Value& value);

}  // namespace wfc
