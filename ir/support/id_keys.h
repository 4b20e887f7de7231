// Lets ids be the keys of llvm::DenseMap and llvm::DenseSet. An id without a value cannot be a key.
#pragma once

#include <cstdint>

#include "llvm/ADT/DenseMapInfo.h"

#include "ir/base/id.h"

// NOLINTBEGIN(readability-identifier-naming): LLVM looks for these names.
template <class Tag>
struct llvm::DenseMapInfo<wfc::Id<Tag>> {
  using Index = llvm::DenseMapInfo<uint32_t>;
  static wfc::Id<Tag> getEmptyKey() { return wfc::Id<Tag>(Index::getEmptyKey()); }
  static wfc::Id<Tag> getTombstoneKey() { return wfc::Id<Tag>(Index::getTombstoneKey()); }
  static unsigned getHashValue(wfc::Id<Tag> id) { return Index::getHashValue(id.index()); }
  static bool isEqual(wfc::Id<Tag> left, wfc::Id<Tag> right) { return left == right; }
};
// NOLINTEND(readability-identifier-naming)
