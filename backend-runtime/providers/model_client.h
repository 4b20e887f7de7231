// ModelClient: the interface to a provider, by which ModelAgents calls one model. Each provider
// implements it in one file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/evaluate/call.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "ir/value/value.h"

namespace wfc::providers {

/// How a call ended: with exactly one of failure, value and text.
struct ModelReply {
  std::optional<runtime::Failure> failure = {};
  std::optional<Value> value = {};  ///< an answer that is already a value
  std::string text = {};            ///< otherwise, the answer as text
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

using ModelDone = std::function<void(ModelReply)>;

/// Used on the reactor's thread only.
class ModelClient {
 public:
  virtual ~ModelClient() = default;
  /// Starts `call`, whose target is a ModelCall. `done` is called exactly once, on the reactor's
  /// thread, after this function has returned.
  virtual void Start(const runtime::Call& call, ModelDone done) = 0;
  /// Ends the call soon, with the failure `cancelled`; does nothing if it has ended.
  virtual void Cancel(runtime::CallId id) = 0;
};

}  // namespace wfc::providers
