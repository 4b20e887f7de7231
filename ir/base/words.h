// The closed lists of words of the language, the plan and the records of runs. Each list of
// words.def, and that of the verbs in verbs.def, becomes an enumeration together with the
// spellings of its words.
//   Spell(Mode::DryRun)            "dry_run"
//   ParseWord<Mode>("dry_run")     Mode::DryRun; no value when the text is not a word of the list
//   WordsOf<Mode>()                all spellings, in the order of the enumeration
//   AllOf<Mode>()                  all enumerators, in the same order
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

// A value of a `since` column. Later words are recognised and reported as unsupported (L001).
enum class Since : uint8_t { Now, Later };

/// Why an attempt failed. `retry.on` and the plan hold sets of these codes.
enum class FailureCode : uint8_t {
#define WFC_FAILURE_CODE(id, word) id,
#include "ir/base/words.def"
};
/// What a stage may be allowed to use.
enum class Capability : uint8_t {
#define WFC_CAPABILITY(id, word) id,
#include "ir/base/words.def"
};
/// How much harm a call can do, from the lowest to the highest.
enum class Risk : uint8_t {
#define WFC_RISK(id, word) id,
#include "ir/base/words.def"
};
/// What a call does to the world, from the weakest to the strongest.
enum class Effect : uint8_t {
#define WFC_EFFECT(id, word, risk) id,
#include "ir/base/words.def"
};
/// What becomes of a call that a crash interrupts. Repeatable: it only reads. Paid: it is of a
/// model. Keyed: repeating it has no further effect. Unkeyed: whether it is made again is for a
/// person to decide.
enum class CallClass : uint8_t {
#define WFC_CALL_CLASS(id, word) id,
#include "ir/base/words.def"
};
/// Whether a source's content is trusted.
enum class Trust : uint8_t {
#define WFC_TRUST(id, word) id,
#include "ir/base/words.def"
};
/// What a run may do; modes.h says what each mode forbids.
enum class Mode : uint8_t {
#define WFC_MODE(id, word, forbidden, reading_exec, strongest, simulates) id,
#include "ir/base/words.def"
};
/// The kind of entity that a scope of grants belongs to.
enum class ScopeKind : uint8_t {
#define WFC_SCOPE(id, word) id,
#include "ir/base/words.def"
};
/// What a stage does. Poison stands for a stage whose entry did not parse, whose verb is missing,
/// or whose verb is not supported yet. Phases after the parser report nothing about such a stage
/// and assume that it uses everything.
enum class Verb : uint8_t {
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) id,
#include "ir/base/verbs.def"
  Poison,
};
/// Which of its dependencies a stage needs in order to run.
enum class Join : uint8_t {
#define WFC_JOIN(id, word) id,
#include "ir/base/words.def"
};
/// What a stage's failure leads to.
enum class OnError : uint8_t {
#define WFC_ON_ERROR(id, word) id,
#include "ir/base/words.def"
};
/// How the standard output of a command is parsed.
enum class OutputParse : uint8_t {
#define WFC_OUTPUT_PARSE(id, word) id,
#include "ir/base/words.def"
};
/// The kinds of agents.
enum class AgentKind : uint8_t {
#define WFC_AGENT_KIND(id, word, since) id,
#include "ir/base/words.def"
};
/// The service that answers the requests to a model.
enum class Provider : uint8_t {
#define WFC_PROVIDER(id, word, since) id,
#include "ir/base/words.def"
};
/// What a failure does to the stages that are still running.
enum class OnFailure : uint8_t {
#define WFC_ON_FAILURE(id, word) id,
#include "ir/base/words.def"
};
/// Whether `format` in a schema is an annotation or an assertion (JSON Schema 2020-12, Validation,
/// section 7.2).
enum class Formats : uint8_t {
#define WFC_FORMATS(id, word) id,
#include "ir/base/words.def"
};
/// The engines that can run a workflow.
enum class Engine : uint8_t {
#define WFC_ENGINE(id, word) id,
#include "ir/base/words.def"
};
/// The state of a stage in a run: a state before it settles, or how it settled.
enum class NodeStatus : uint8_t {
#define WFC_NODE_STATUS(id, word) id,
#define WFC_STAGE_STATUS(id, word) id,
#include "ir/base/words.def"
};
/// How a stage settled, as `.status` shows it. NodeStatus ends with the same words in the same
/// order.
enum class StageStatus : uint8_t {
#define WFC_STAGE_STATUS(id, word) id,
#include "ir/base/words.def"
};
/// Why a stage was skipped; None for a stage that was not.
enum class SkipReason : uint8_t {
#define WFC_SKIP_REASON(id, word) id,
#include "ir/base/words.def"
};
/// The state of a run, or how it ended.
enum class RunStatus : uint8_t {
#define WFC_RUN_STATUS(id, word) id,
#include "ir/base/words.def"
};
/// What happens in a run; runtime/recorder.h says what each event carries.
enum class EventType : uint8_t {
#define WFC_EVENT_TYPE(id, word) id,
#include "ir/base/words.def"
};

namespace internal {

/// The spellings of a list, by enumerator.
template <class E>
struct Spellings;
template <>
struct Spellings<FailureCode> {
  static constexpr std::string_view kAll[] = {
#define WFC_FAILURE_CODE(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Capability> {
  static constexpr std::string_view kAll[] = {
#define WFC_CAPABILITY(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Risk> {
  static constexpr std::string_view kAll[] = {
#define WFC_RISK(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Effect> {
  static constexpr std::string_view kAll[] = {
#define WFC_EFFECT(id, word, risk) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<CallClass> {
  static constexpr std::string_view kAll[] = {
#define WFC_CALL_CLASS(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Trust> {
  static constexpr std::string_view kAll[] = {
#define WFC_TRUST(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Mode> {
  static constexpr std::string_view kAll[] = {
#define WFC_MODE(id, word, forbidden, reading_exec, strongest, simulates) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<ScopeKind> {
  static constexpr std::string_view kAll[] = {
#define WFC_SCOPE(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Verb> {
  static constexpr std::string_view kAll[] = {
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) word,
#include "ir/base/verbs.def"
      "poison",
  };
};
template <>
struct Spellings<Join> {
  static constexpr std::string_view kAll[] = {
#define WFC_JOIN(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<OnError> {
  static constexpr std::string_view kAll[] = {
#define WFC_ON_ERROR(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<OutputParse> {
  static constexpr std::string_view kAll[] = {
#define WFC_OUTPUT_PARSE(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<AgentKind> {
  static constexpr std::string_view kAll[] = {
#define WFC_AGENT_KIND(id, word, since) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Provider> {
  static constexpr std::string_view kAll[] = {
#define WFC_PROVIDER(id, word, since) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<OnFailure> {
  static constexpr std::string_view kAll[] = {
#define WFC_ON_FAILURE(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Formats> {
  static constexpr std::string_view kAll[] = {
#define WFC_FORMATS(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<Engine> {
  static constexpr std::string_view kAll[] = {
#define WFC_ENGINE(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<NodeStatus> {
  static constexpr std::string_view kAll[] = {
#define WFC_NODE_STATUS(id, word) word,
#define WFC_STAGE_STATUS(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<StageStatus> {
  static constexpr std::string_view kAll[] = {
#define WFC_STAGE_STATUS(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<SkipReason> {
  static constexpr std::string_view kAll[] = {
#define WFC_SKIP_REASON(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<RunStatus> {
  static constexpr std::string_view kAll[] = {
#define WFC_RUN_STATUS(id, word) word,
#include "ir/base/words.def"
  };
};
template <>
struct Spellings<EventType> {
  static constexpr std::string_view kAll[] = {
#define WFC_EVENT_TYPE(id, word) word,
#include "ir/base/words.def"
  };
};

}  // namespace internal

/// An enumeration that words.def or verbs.def defines.
template <class E>
concept Word = requires { internal::Spellings<E>::kAll; };

/// The number of words of a list.
template <Word E>
inline constexpr size_t kCountOf = std::size(internal::Spellings<E>::kAll);

/// All spellings of a list, in the order of its enumerators.
template <Word E>
[[nodiscard]] constexpr std::span<const std::string_view> WordsOf() {
  return internal::Spellings<E>::kAll;
}

/// The spelling of an enumerator.
template <Word E>
[[nodiscard]] constexpr std::string_view Spell(E word) {
  return internal::Spellings<E>::kAll[static_cast<size_t>(word)];
}

/// All enumerators of a list.
template <Word E>
[[nodiscard]] constexpr std::array<E, kCountOf<E>> AllOf() {
  std::array<E, kCountOf<E>> all{};
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<E>(i);
  return all;
}

/// The enumerator that is spelled exactly like `text`; no value when there is none.
template <Word E>
[[nodiscard]] constexpr std::optional<E> ParseWord(std::string_view text) {
  for (const E word : AllOf<E>()) {
    if (Spell(word) == text) return word;
  }
  return std::nullopt;
}

/// The bit of a word in a set that holds one bit per word.
template <Word E>
[[nodiscard]] constexpr uint32_t Bit(E word) {
  return 1u << static_cast<unsigned>(word);
}
/// The set of all words of a list.
template <Word E>
inline constexpr uint32_t kAllBits = (1u << kCountOf<E>)-1;

/// A set of capabilities: one bit per enumerator.
using CapabilitySet = uint16_t;
/// A set of modes: one bit per enumerator.
using ModeSet = uint8_t;
[[nodiscard]] constexpr CapabilitySet Bit(Capability capability) {
  return static_cast<CapabilitySet>(1u << static_cast<unsigned>(capability));
}
[[nodiscard]] constexpr ModeSet Bit(Mode mode) {
  return static_cast<ModeSet>(1u << static_cast<unsigned>(mode));
}

/// The risk of an effect for which the manifest declares no risk.
[[nodiscard]] constexpr Risk GetDefaultRisk(Effect effect) {
  constexpr Risk kRisks[] = {
#define WFC_EFFECT(id, word, risk) Risk::risk,
#include "ir/base/words.def"
  };
  return kRisks[static_cast<size_t>(effect)];
}

/// Whether the word is recognised but not supported yet (L001).
[[nodiscard]] constexpr bool IsLater(AgentKind kind) {
  constexpr Since kSince[] = {
#define WFC_AGENT_KIND(id, word, since) Since::since,
#include "ir/base/words.def"
  };
  return kSince[static_cast<size_t>(kind)] == Since::Later;
}
[[nodiscard]] constexpr bool IsLater(Provider provider) {
  constexpr Since kSince[] = {
#define WFC_PROVIDER(id, word, since) Since::since,
#include "ir/base/words.def"
  };
  return kSince[static_cast<size_t>(provider)] == Since::Later;
}

/// Whether the stage has reached its final status.
[[nodiscard]] constexpr bool IsSettled(NodeStatus status) {
  return status >= NodeStatus::Succeeded;
}
/// The status as a StageStatus. Precondition: IsSettled(status).
[[nodiscard]] constexpr StageStatus ToStageStatus(NodeStatus status) {
  return static_cast<StageStatus>(static_cast<unsigned>(status) -
                                  static_cast<unsigned>(NodeStatus::Succeeded));
}
static_assert(ToStageStatus(NodeStatus::Cancelled) == StageStatus::Cancelled);

/// The words with ", " between them and `before_last` before the last one: "a, b or c" when
/// `before_last` is " or ".
[[nodiscard]] std::string JoinWords(std::span<const std::string_view> words,
                                    std::string_view before_last);
/// As JoinWords, with each word in backticks: "`a`, `b` or `c`".
[[nodiscard]] std::string QuoteWords(std::span<const std::string_view> words,
                                     std::string_view before_last);

}  // namespace wfc
