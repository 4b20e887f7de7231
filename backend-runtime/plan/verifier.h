// The verifier: from bytes that anyone may have written to a PlanView that cannot surprise its
// reader. After the header and the checksum come the generated structural check and then every rule
// that schemas/plan.fbs states: indices and ranges in bounds, regions and edges that can only lead
// onwards, programs that stay in their code and read what they may, sane policies.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::plan {

struct VerifyError {
  enum class Kind : uint8_t {
    NotAPlan,      ///< another kind of file
    OtherVersion,  ///< written for another version of the format
    Truncated,     ///< shorter than its header says
    Damaged,       ///< the checksum does not fit
    Malformed,     ///< whole, but not what a compiler writes
    Unreadable,    ///< the file cannot be read
  };
  Kind kind = Kind::Malformed;
  std::string message;  ///< for people: "node 12 (`answer`): edge leads back to node 3"
};

/// Takes the bytes of a plan file over.
[[nodiscard]] Result<PlanView, VerifyError> Verify(std::vector<std::byte> bytes);

/// Reads the file into private memory (never maps it) and verifies it.
[[nodiscard]] Result<PlanView, VerifyError> ReadPlanFile(const std::string& path);
/// The same from an open descriptor (a memfd of the compiler), from its current offset to its end;
/// does not close it.
[[nodiscard]] Result<PlanView, VerifyError> ReadPlanFile(int descriptor);

}  // namespace wfc::plan
