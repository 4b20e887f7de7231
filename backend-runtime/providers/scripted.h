// The `scripted` provider: answers from the plan's fixture, for tests, demonstrations and offline
// work. A stage that the fixture does not list gets the smallest valid instance of what it returns.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/providers/model_client.h"
#include "backend-runtime/providers/scripted_answers.h"

namespace wfc::providers {

class ScriptedClient : public ModelClient {
 public:
  /// The smallest valid instance of a schema of the plan (none: of a string); none when there is
  /// none.
  using FindSmallest = std::function<std::optional<Value>(runtime::SchemaId schema)>;

  ScriptedClient(host::Reactor& reactor, ScriptedAnswers answers, FindSmallest find_smallest)
      : reactor_(reactor), answers_(std::move(answers)), find_smallest_(std::move(find_smallest)) {}

  void Start(const runtime::ModelRequest& request, ModelDone done) override;
  void Cancel(runtime::AttemptId id) override;

 private:
  struct Waiting {
    host::TimerId timer;
    ModelDone done;
  };

  [[nodiscard]] ModelReply Answer(const runtime::ModelRequest& request,
                                  std::chrono::nanoseconds& delay) const;
  void Deliver(runtime::AttemptId id, ModelReply reply);

  host::Reactor& reactor_;
  ScriptedAnswers answers_;
  FindSmallest find_smallest_;
  std::map<runtime::AttemptId, Waiting> waiting_;
};

}  // namespace wfc::providers
