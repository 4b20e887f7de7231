// Texts live in an arena, so views of them stay valid while the table grows.
#include "ir/support/interner.h"

#include <cstring>

namespace wfc {

StringId Interner::Intern(std::string_view text) {
  auto [it, is_new] = index_.try_emplace(llvm::StringRef(text.data(), text.size()), 0);
  if (!is_new) return StringId(it->second);
  char* copy = static_cast<char*>(arena_.Allocate(text.size() + 1, 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  it->first = llvm::StringRef(copy, text.size());
  it->second = static_cast<uint32_t>(texts_.size());
  texts_.emplace_back(copy, text.size());
  return StringId(it->second);
}

void Interner::Reserve(size_t count) {
  index_.reserve(static_cast<unsigned>(count));
  texts_.reserve(count);
}

StringId Interner::Find(std::string_view text) const {
  auto it = index_.find(llvm::StringRef(text.data(), text.size()));
  return it == index_.end() ? StringId() : StringId(it->second);
}

}  // namespace wfc
