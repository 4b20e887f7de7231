// The provider `scripted`: answers calls from the plan's fixture, for tests, demonstrations and
// offline work. A stage that the fixture does not list gets the smallest valid instance of its
// schema. wfc-run makes one client for each model.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/providers/model_client.h"
#include "backend-runtime/providers/scripted_answers.h"

namespace wfc::providers {

/// A call fails with `fixture` if the fixture's list has no further entry or a malformed one, or if
/// the stage's schema has no known instance.
class ScriptedClient : public ModelClient {
 public:
  ScriptedClient(host::Reactor& reactor, ScriptedAnswers answers)
      : reactor_(reactor), answers_(std::move(answers)) {}

  void Start(const runtime::Call& call, ModelDone done) override;
  void Cancel(runtime::CallId id) override;

 private:
  struct Waiting {
    host::TimerId timer;
    ModelDone done;
  };

  [[nodiscard]] ModelReply Answer(const runtime::Call& call, std::chrono::nanoseconds& delay) const;
  void Deliver(runtime::CallId id, ModelReply reply);

  host::Reactor& reactor_;
  ScriptedAnswers answers_;
  std::map<runtime::CallId, Waiting> waiting_;
};

}  // namespace wfc::providers
