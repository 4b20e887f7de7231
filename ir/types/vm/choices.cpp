#include "ir/types/vm/choices.h"

#include "ir/base/check.h"

namespace wfc::types {

Choices Choices::Smallest() {
  Choices choices(0);
  choices.is_smallest_ = true;
  return choices;
}

uint64_t Choices::Among(uint64_t count) {
  WFC_CHECK(count != 0);
  if (is_smallest_ || ordinal_ == 0) return Below(count);
  const uint64_t digit = ordinal_ % count;
  ordinal_ /= count;
  return digit;
}

uint64_t Choices::Below(uint64_t count) {
  return is_smallest_ ? 0 : random_.Below(count);
}

void Choices::Vary() {
  is_smallest_ = false;
  ordinal_ = 0;
}

}  // namespace wfc::types
