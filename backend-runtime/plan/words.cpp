#include "backend-runtime/plan/words.h"

namespace wfc::plan {
namespace {

template <class E>
constexpr size_t kCountInPlan = static_cast<size_t>(E::MAX) + 1;

// Each row of words.def has an enumerator of the same name and number in plan.fbs, and plan.fbs has
// no others.
#define WFC_SAME(ours, theirs, id)                                              \
  static_assert(static_cast<int>(ours::id) == static_cast<int>(fb::theirs::id), \
                "schemas/plan.fbs numbers " #theirs "." #id " otherwise than words.def");
#define WFC_FAILURE_CODE(id, word) WFC_SAME(FailureCode, ErrorCode, id)
#define WFC_CAPABILITY(id, word) WFC_SAME(Capability, Capability, id)
#define WFC_EFFECT(id, word, risk) WFC_SAME(Effect, Effect, id)
#define WFC_RISK(id, word) WFC_SAME(Risk, Risk, id)
#define WFC_TRUST(id, word) WFC_SAME(Trust, Trust, id)
#define WFC_MODE(id, word, forbidden, reading_exec, strongest, simulates) WFC_SAME(Mode, Mode, id)
#define WFC_JOIN(id, word) WFC_SAME(Join, Join, id)
#define WFC_ON_ERROR(id, word) WFC_SAME(OnError, OnError, id)
#define WFC_OUTPUT_PARSE(id, word) WFC_SAME(OutputParse, Parse, id)
#include "ir/base/words.def"

#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) WFC_SAME(Verb, Verb, id)
#include "ir/base/verbs.def"

#define WFC_BODY_KIND(id, word, is_attempt, recovers, sees_error) WFC_SAME(BodyKind, RegionKind, id)
#include "ir/base/body_kinds.def"
static_assert(kCountInPlan<fb::RegionKind> == std::size(kBodyRules));

static_assert(kCountInPlan<fb::ErrorCode> == kCountOf<FailureCode>);
static_assert(kCountInPlan<fb::Capability> == kCountOf<Capability>);
static_assert(kCountInPlan<fb::Effect> == kCountOf<Effect>);
static_assert(kCountInPlan<fb::Risk> == kCountOf<Risk>);
static_assert(kCountInPlan<fb::Trust> == kCountOf<Trust>);
static_assert(kCountInPlan<fb::Mode> == kCountOf<Mode>);
static_assert(kCountInPlan<fb::Verb> == static_cast<size_t>(Verb::Poison));
static_assert(kCountInPlan<fb::Join> == kCountOf<Join>);
static_assert(kCountInPlan<fb::OnError> == kCountOf<OnError>);
static_assert(kCountInPlan<fb::Parse> == kCountOf<OutputParse>);

}  // namespace

AgentKind FromPlan(fb::AgentKind kind) {
  switch (kind) {
#define WFC_KIND_Now(id)  \
  case fb::AgentKind::id: \
    return AgentKind::id;
#define WFC_KIND_Later(id)
#define WFC_AGENT_KIND(id, word, since) WFC_KIND_##since(id)
#include "ir/base/words.def"
  }
  return AgentKind::Echo;
}

Provider FromPlan(fb::Provider provider) {
  switch (provider) {
#define WFC_MEMBER_Now(id) \
  case fb::Provider::id:   \
    return Provider::id;
#define WFC_MEMBER_Later(id)
#define WFC_PROVIDER(id, word, since) WFC_MEMBER_##since(id)
#include "ir/base/words.def"
  }
  return Provider::Scripted;
}

}  // namespace wfc::plan
