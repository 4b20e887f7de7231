// SpanMapper: maps an offset in a decoded scalar to its place in the file that it was read from.
// The parser makes spans with it.
#pragma once

#include <cstdint>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/base/span.h"

namespace wfc::expr {

/// Maps offsets from 0 up to and including the length of the text. Cheap to copy; `map` must
/// outlive it.
class SpanMapper {
 public:
  /// The text stands in the file unchanged, from offset `base` on.
  SpanMapper(FileId file, uint32_t base) : file_(file), base_(base) {}
  /// `map` returns the offset in the file for an offset in the text.
  SpanMapper(FileId file, llvm::function_ref<uint32_t(uint32_t)> map) : file_(file), map_(map) {}

  /// The offset in the file.
  [[nodiscard]] uint32_t Map(uint32_t offset) const { return map_ ? map_(offset) : base_ + offset; }
  /// The span in the file of the text from `begin` up to, but not including, `end`.
  [[nodiscard]] Span Map(uint32_t begin, uint32_t end) const {
    return {.file = file_, .begin = Map(begin), .end = Map(end)};
  }

 private:
  FileId file_;
  uint32_t base_ = 0;
  llvm::function_ref<uint32_t(uint32_t)> map_;
};

}  // namespace wfc::expr
