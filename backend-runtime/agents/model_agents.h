// Agents of kind `llm`: one call of their model, its answer read by their schema, both written into
// the stage's transcript.
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

/// A model of the plan.
struct Model {
  std::string name;  ///< its group: what `llm` is granted by
  providers::ModelClient* client = nullptr;
};

class ModelAgents {
 public:
  ModelAgents(IdVector<runtime::ModelId, Model> models, host::Reactor& reactor,
              runtime::Recorder& recorder, runtime::ReadAnswerFunction read_answer)
      : models_(std::move(models)),
        reactor_(reactor),
        recorder_(recorder),
        read_answer_(std::move(read_answer)) {}

  void Start(runtime::ModelRequest request, runtime::Completion& completion);
  /// Whether the attempt was one of ours and still running.
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
