// ModelClient: one call of one model. A provider is one file that implements it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/failure.h"
#include "ir/value/value.h"

namespace wfc::providers {

struct ModelReply {
  std::optional<runtime::Failure> failure = {};
  std::optional<Value> value = {};  ///< an answer that is a value already
  std::string text = {};            ///< else the answer as text
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

using ModelDone = std::function<void(ModelReply)>;

class ModelClient {
 public:
  virtual ~ModelClient() = default;
  /// `done` is called once, later, on the reactor's thread.
  virtual void Start(const runtime::ModelRequest& request, ModelDone done) = 0;
  /// The call ends soon, with `cancelled`; nothing if it has ended.
  virtual void Cancel(runtime::AttemptId id) = 0;
};

}  // namespace wfc::providers
