// ModelAgents: agents of kind `llm`. Each attempt is one call of the agent's model; request and
// answer are written to the stage's transcript. The executor of wfc-run uses it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/providers/model_client.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "ir/base/id_range.h"

namespace wfc::agents {

/// A model of the plan, with its client.
struct Model {
  std::string name;  ///< the name by which `llm` grants it
  providers::ModelClient* client = nullptr;
};

/// Used on the reactor's thread only. `models` has every model of the plan; the clients, the
/// reactor must outlive the object.
class ModelAgents {
 public:
  ModelAgents(IdVector<runtime::ModelId, Model> models, host::Reactor& reactor)
      : models_(std::move(models)), reactor_(reactor) {}

  /// Starts a call of a model; it ends exactly once, after this function has returned. It fails
  /// with `denied` if the model is not granted, with `schema` if the answer does not fit, and
  /// otherwise as the client does.
  void Start(runtime::Call call, runtime::CallSink& sink);
  /// Asks a call to end. Returns false if it is not running here.
  bool Cancel(runtime::CallId id);

 private:
  struct Running {
    runtime::Call call;
    runtime::CallSink* sink = nullptr;
    bool is_called = false;

    [[nodiscard]] const runtime::ModelCall& model_call() const {
      return std::get<runtime::ModelCall>(call.target);
    }
  };

  void Finish(runtime::CallId id, providers::ModelReply reply);
  void TranscribeRequest(const Running& running) const;

  IdVector<runtime::ModelId, Model> models_;
  host::Reactor& reactor_;
  std::map<runtime::CallId, Running> running_;
};

}  // namespace wfc::agents
