#include "backend-runtime/runtime/drive/bad_record.h"

#include <fmt/format.h>

namespace wfc::runtime {

Error BadRecord(uint64_t seq, std::string_view what) {
  return Error{fmt::format("record {} {}", seq, what)};
}

Error BadRecord(const Fact& fact, Contradiction contradiction) {
  return BadRecord(fact.sequence,
                   fmt::format("says `{}`, {}", RowOf(fact.type).word, Describe(contradiction)));
}

}  // namespace wfc::runtime
