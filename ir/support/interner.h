// Interner: keeps one copy of each distinct text and names it by a dense id. Ids follow the order
// of first use, so they are deterministic.
#pragma once

#include <string_view>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include "ir/base/id.h"

namespace wfc {

/// An interned text.
struct StringTag;
using StringId = Id<StringTag>;

/// A growing set of texts. Texts are never removed.
class Interner {
 public:
  Interner() = default;
  Interner(Interner&&) noexcept = default;
  Interner& operator=(Interner&&) noexcept = default;

  /// The id of `text`. A text that is new is copied.
  StringId Intern(std::string_view text);

  /// Makes room for `count` texts.
  void Reserve(size_t count);

  /// The id of `text` if it was interned before, otherwise an id without a value.
  [[nodiscard]] StringId Find(std::string_view text) const;

  /// The text of an id of this interner. The view stays valid as long as the interner lives.
  [[nodiscard]] std::string_view Get(StringId id) const { return texts_[id.index()]; }

  [[nodiscard]] size_t size() const { return texts_.size(); }

 private:
  llvm::BumpPtrAllocator arena_;
  llvm::DenseMap<llvm::StringRef, uint32_t> index_;
  std::vector<std::string_view> texts_;
};

}  // namespace wfc
