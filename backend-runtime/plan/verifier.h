// The verifier: turns bytes from an untrusted source into a PlanView that can be read without
// further checks. It checks the header and the checksum, runs the generated structural check, and
// then proves every rule that schemas/plan.fbs states: indices and ranges are in bounds, edges and
// regions lead only onwards, programs stay within their code and read only what they may, and
// policies are within their limits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::plan {

/// Why a file is not accepted as a plan.
struct VerifyError {
  enum class Kind : uint8_t {
    NotAPlan,      ///< another kind of file
    OtherVersion,  ///< written for another version of the format
    Truncated,     ///< shorter than its header states
    Damaged,       ///< the checksum does not match, or bytes follow the end
    Malformed,     ///< undamaged, but it breaks a rule of schemas/plan.fbs
    Unreadable,    ///< the file cannot be read, or is not a regular file
  };
  Kind kind = Kind::Malformed;
  std::string message;  ///< for people, such as "node 12 (`answer`): edge leads back to node 3"
};

/// Verifies the bytes of a plan file; the view owns them.
[[nodiscard]] Result<PlanView, VerifyError> Verify(std::vector<std::byte> bytes);

/// Reads the file into private memory (it is never mapped, so that nobody can change it afterwards)
/// and verifies it.
[[nodiscard]] Result<PlanView, VerifyError> ReadPlanFile(const std::string& path);
/// Like the other, but reads an open descriptor (a memfd from the compiler) from its current offset
/// to its end. Does not close it.
[[nodiscard]] Result<PlanView, VerifyError> ReadPlanFile(int descriptor);

}  // namespace wfc::plan
