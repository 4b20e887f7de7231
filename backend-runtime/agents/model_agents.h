// ModelAgents: agents of kind `llm`. Each attempt is one call of the agent's model, whose answer is
// read by the stage's schema; request and answer are written to the stage's transcript. The
// executor of wfc-run uses it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/providers/model_client.h"
#include "backend-runtime/runtime/answer.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/recorder.h"
#include "ir/base/id_range.h"

namespace wfc::agents {

/// A model of the plan, with its client.
struct Model {
  std::string name;  ///< the name by which `llm` grants it
  providers::ModelClient* client = nullptr;
};

/// Used on the reactor's thread only. `models` has every model of the plan; the clients, the
/// reactor and the recorder must outlive the object.
class ModelAgents {
 public:
  ModelAgents(IdVector<runtime::ModelId, Model> models, host::Reactor& reactor,
              runtime::Recorder& recorder, runtime::ReadAnswerFunction read_answer)
      : models_(std::move(models)),
        reactor_(reactor),
        recorder_(recorder),
        read_answer_(std::move(read_answer)) {}

  /// Starts the call; it completes exactly once, after this function has returned. It fails with
  /// `denied` if the model is not granted, with `schema` if the answer does not fit, and otherwise
  /// as the client does.
  void Start(runtime::ModelRequest request, runtime::Completion& completion);
  /// Asks an attempt to end. Returns false if the attempt is not running here.
  bool Cancel(runtime::AttemptId id);

 private:
  struct Running {
    runtime::ModelRequest request;
    runtime::Completion* completion = nullptr;
    bool is_called = false;
  };

  void Finish(runtime::AttemptId id, providers::ModelReply reply);
  [[nodiscard]] runtime::AttemptResult Read(const runtime::ModelRequest& request,
                                            providers::ModelReply reply) const;
  void RecordRequest(const runtime::ModelRequest& request);
  void RecordReply(const runtime::ModelRequest& request, const providers::ModelReply& reply);

  IdVector<runtime::ModelId, Model> models_;
  host::Reactor& reactor_;
  runtime::Recorder& recorder_;
  runtime::ReadAnswerFunction read_answer_;
  std::map<runtime::AttemptId, Running> running_;
};

}  // namespace wfc::agents
