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
  /// Finds the smallest valid instance of a schema of the plan (without a schema, of a string);
  /// nothing if none is known.
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
