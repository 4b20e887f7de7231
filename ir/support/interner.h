// Interner: each distinct text once, named by a dense id. Ids follow first use, so they are
// deterministic.
#pragma once

#include <string_view>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include "ir/base/id.h"

namespace wfc {

struct StringTag;
using StringId = Id<StringTag>;

class Interner {
 public:
  Interner() = default;
  Interner(Interner&&) = default;
  Interner& operator=(Interner&&) = default;

  /// The id of `text`, which is copied when new.
  StringId Intern(std::string_view text);

  /// The id of `text` if it was interned before, else an empty id.
  [[nodiscard]] StringId Find(std::string_view text) const;

  /// Valid as long as the interner lives.
  [[nodiscard]] std::string_view Get(StringId id) const { return texts_[id.index()]; }

  [[nodiscard]] size_t size() const { return texts_.size(); }

 private:
  llvm::BumpPtrAllocator arena_;
  llvm::DenseMap<llvm::StringRef, uint32_t> index_;
  std::vector<std::string_view> texts_;
};

}  // namespace wfc
