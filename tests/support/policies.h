// Policies of plans that tests write by hand. A field that fb::Policy gets is given here, and only
// here, the value that changes nothing.
#pragma once

#include <cstdint>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// What a policy holds; as it stands, one that neither repeats nor tolerates a failure.
struct PolicyParts {
  fb::OnError on_error = fb::OnError::Fail;
  uint32_t value = kNone;
  uint32_t fallback = kNone;
  uint32_t retry = kNone;
  int64_t timeout_ns = 0;
  uint32_t authority = 0;
};

inline fb::Policy MakePolicy(const PolicyParts& parts = {}) {
  return {parts.timeout_ns, parts.retry,     parts.value,
          parts.fallback,   parts.authority, parts.on_error};
}

}  // namespace wfc::plan
