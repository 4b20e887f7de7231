// Equality, order and hashing of values. These functions use explicit stacks because values nest
// deep.
#include <bit>
#include <functional>

#include "ir/value/numbers.h"
#include "ir/value/value.h"

namespace wfc {
namespace {

std::span<const Value> Children(const Value& value) {
  if (value.kind() == Kind::List) return value.items();
  if (value.kind() == Kind::Optional) {
    const Value* held = value.optional_value();
    return {held, held == nullptr ? 0U : 1U};
  }
  if (value.kind() != Kind::Map || value.entries().empty()) return {};
  return {&value.entries().front().key, 2 * value.entries().size()};
}

bool EqualScalars(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number())
    return CompareNumbers(left, right) == std::strong_ordering::equal;
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return left.AsBool() == right.AsBool();
    case Kind::String:
    case Kind::Bytes:
      return left.IsSameText(right);
    case Kind::Timestamp:
    case Kind::Duration:
      return left.AsTime() == right.AsTime();
    case Kind::Type:
      return left.AsType() == right.AsType();
    case Kind::Error:
      return left.error_code() == right.error_code() &&
             left.error_message() == right.error_message();
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      break;
  }
  return false;
}

bool IdenticalScalars(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  if (left.kind() != Kind::Double) return EqualScalars(left, right);
  return std::bit_cast<uint64_t>(left.AsDouble()) == std::bit_cast<uint64_t>(right.AsDouble());
}

template <class EqualLeaves>
bool EqualTrees(const Value& left, const Value& right, EqualLeaves equal) {
  if (!HasChildren(left.kind())) return equal(left, right);
  std::vector<std::pair<const Value*, const Value*>> open = {{&left, &right}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    if (!HasChildren(a->kind())) {
      if (!equal(*a, *b)) return false;
      continue;
    }
    const auto children = Children(*a);
    if (a->kind() != b->kind() || children.size() != Children(*b).size()) return false;
    for (size_t i = 0; i < children.size(); ++i) {
      open.emplace_back(&children[i], &Children(*b)[i]);
    }
  }
  return true;
}

uint64_t Mix(uint64_t hash, uint64_t next) {
  hash = (hash ^ next) * 0x9E3779B97F4A7C15U;
  return hash ^ hash >> 32;
}

uint64_t HashScalar(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return 0;
    case Kind::Bool:
      return value.AsBool() ? 1 : 0;
    case Kind::Int:
      return static_cast<uint64_t>(value.AsInt());
    case Kind::Uint:
      return value.AsUint();
    case Kind::Double:
      return std::bit_cast<uint64_t>(value.AsDouble());
    case Kind::String:
    case Kind::Bytes:
      return std::hash<std::string_view>()(value.AsString());
    case Kind::Timestamp:
    case Kind::Duration:
      return Mix(static_cast<uint64_t>(value.AsTime().seconds), value.AsTime().nanos);
    case Kind::Type:
      return static_cast<uint64_t>(value.AsType());
    case Kind::BigInt:
      return std::hash<std::string_view>()(value.AsDigits());
    case Kind::Error:
      return std::hash<std::string_view>()(value.error_message());
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      break;
  }
  return Children(value).size();
}

/// The hash of a value and everything in it.
template <class HashPart>
uint64_t HashTree(const Value& value, HashPart hash_part) {
  uint64_t hash = hash_part(value);
  if (!HasChildren(value.kind())) return hash;
  std::vector<const Value*> open = {&value};
  while (!open.empty()) {
    const Value& current = *open.back();
    open.pop_back();
    for (const Value& child : Children(current)) {
      hash = Mix(hash, hash_part(child));
      if (HasChildren(child.kind())) open.push_back(&child);
    }
  }
  return hash;
}

}  // namespace

bool operator==(const Value& left, const Value& right) {
  return EqualTrees(left, right, EqualScalars);
}

bool Identical(const Value& left, const Value& right) {
  return EqualTrees(left, right, IdenticalScalars);
}

std::optional<std::strong_ordering> Compare(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return CompareNumbers(left, right);
  if (left.kind() != right.kind()) return std::nullopt;
  switch (left.kind()) {
    case Kind::Bool:
      return left.AsBool() <=> right.AsBool();
    case Kind::String:
    case Kind::Bytes:
      if (left.prefix() != right.prefix()) return left.prefix() <=> right.prefix();
      return left.AsString() <=> right.AsString();
    case Kind::Timestamp:
    case Kind::Duration:
      return left.AsTime() <=> right.AsTime();
    case Kind::Null:
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
    case Kind::List:
    case Kind::Map:
    case Kind::Type:
    case Kind::Optional:
    case Kind::Error:
      break;
  }
  return std::nullopt;
}

uint64_t HashIdentical(const Value& value) {
  return HashTree(value, [](const Value& part) {
    return Mix(static_cast<uint64_t>(part.kind()), HashScalar(part));
  });
}

/// Hashes numbers by their nearest double, which equal numbers of different kinds share.
size_t EqualHash::operator()(const Value& value) const {
  return HashTree(value, [](const Value& part) -> uint64_t {
    if (part.is_number()) return std::hash<double>()(ToDouble(part));
    return Mix(static_cast<uint64_t>(part.kind()), HashScalar(part));
  });
}

}  // namespace wfc
