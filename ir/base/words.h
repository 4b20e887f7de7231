// The closed lists of words that the language, the plan and the records of runs consist of: an
// enumeration for each list of words.def, and how its words are spelled.
//   Spell(Mode::DryRun)            "dry_run"
//   ParseWord<Mode>("dry_run")     Mode::DryRun; nothing for what is no word of the list
//   WordsOf<Mode>()                all spellings, in the order of the enumeration
//   AllOf<Mode>()                  all enumerators
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

// What stands in a column `since`.
enum class Since : uint8_t { Now, Later };
// An entry of a list that has the words of now alone.
#define WFC_ENTRY_Now(entry) entry,
#define WFC_ENTRY_Later(entry)

/// Why an attempt failed.
enum class FailureCode : uint8_t {
#define WFC_FAILURE_CODE(id, word) id,
#include "ir/base/words.def"
};
enum class Capability : uint8_t {
#define WFC_CAPABILITY(id, word) id,
#include "ir/base/words.def"
};
enum class Risk : uint8_t {
#define WFC_RISK(id, word) id,
#include "ir/base/words.def"
};
enum class Effect : uint8_t {
#define WFC_EFFECT(id, word, risk) id,
#include "ir/base/words.def"
};
enum class Trust : uint8_t {
#define WFC_TRUST(id, word) id,
#include "ir/base/words.def"
};
enum class Mode : uint8_t {
#define WFC_MODE(id, word, forbidden, reading_exec, strongest, simulates) id,
#include "ir/base/words.def"
};
enum class ScopeKind : uint8_t {
#define WFC_SCOPE(id, word) id,
#include "ir/base/words.def"
};
/// What a stage does. Poison: its entry broke, its verb is missing, or it is not supported yet;
/// what comes after the parser is silent about it and counts it as using everything.
enum class Verb : uint8_t {
#define WFC_VERB(id, word, since) WFC_ENTRY_##since(id)
#include "ir/base/words.def"
  Poison,
};
enum class Join : uint8_t {
#define WFC_JOIN(id, word) id,
#include "ir/base/words.def"
};
enum class OnError : uint8_t {
#define WFC_ON_ERROR(id, word) id,
#include "ir/base/words.def"
};
enum class OutputParse : uint8_t {
#define WFC_OUTPUT_PARSE(id, word) id,
#include "ir/base/words.def"
};
enum class AgentKind : uint8_t {
#define WFC_AGENT_KIND(id, word, since) id,
#include "ir/base/words.def"
};
enum class Provider : uint8_t {
#define WFC_PROVIDER(id, word, since) id,
#include "ir/base/words.def"
};
enum class OnFailure : uint8_t {
#define WFC_ON_FAILURE(id, word) id,
#include "ir/base/words.def"
};
enum class Formats : uint8_t {
#define WFC_FORMATS(id, word) id,
#include "ir/base/words.def"
};
enum class Engine : uint8_t {
#define WFC_ENGINE(id, word) id,
#include "ir/base/words.def"
};
/// Where a stage is in a run, and how it settled.
enum class NodeStatus : uint8_t {
#define WFC_NODE_STATUS(id, word) id,
#define WFC_STAGE_STATUS(id, word) id,
#include "ir/base/words.def"
};
/// How a stage settled, as `.status` shows it; NodeStatus ends with the same.
enum class StageStatus : uint8_t {
#define WFC_STAGE_STATUS(id, word) id,
#include "ir/base/words.def"
};
enum class SkipReason : uint8_t {
#define WFC_SKIP_REASON(id, word) id,
#include "ir/base/words.def"
};
enum class RunStatus : uint8_t {
#define WFC_RUN_STATUS(id, word) id,
#include "ir/base/words.def"
};
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
#define WFC_VERB(id, word, since) WFC_ENTRY_##since(word)
#include "ir/base/words.def"
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

/// An enumeration of words.def.
template <class E>
concept Word = requires { internal::Spellings<E>::kAll; };

template <Word E>
inline constexpr size_t kCountOf = std::size(internal::Spellings<E>::kAll);

template <Word E>
[[nodiscard]] constexpr std::span<const std::string_view> WordsOf() {
  return internal::Spellings<E>::kAll;
}

template <Word E>
[[nodiscard]] constexpr std::string_view Spell(E word) {
  return internal::Spellings<E>::kAll[static_cast<size_t>(word)];
}

template <Word E>
[[nodiscard]] constexpr std::array<E, kCountOf<E>> AllOf() {
  std::array<E, kCountOf<E>> all{};
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<E>(i);
  return all;
}

template <Word E>
[[nodiscard]] constexpr std::optional<E> ParseWord(std::string_view text) {
  for (const E word : AllOf<E>()) {
    if (Spell(word) == text) return word;
  }
  return std::nullopt;
}

/// A set of words: a bit each.
template <Word E>
[[nodiscard]] constexpr uint32_t Bit(E word) {
  return 1u << static_cast<unsigned>(word);
}
template <Word E>
inline constexpr uint32_t kAllBits = (1u << kCountOf<E>)-1;

using CapabilitySet = uint16_t;
using ModeSet = uint8_t;
[[nodiscard]] constexpr CapabilitySet Bit(Capability capability) {
  return static_cast<CapabilitySet>(1u << static_cast<unsigned>(capability));
}
[[nodiscard]] constexpr ModeSet Bit(Mode mode) {
  return static_cast<ModeSet>(1u << static_cast<unsigned>(mode));
}

/// The risk of an effect, where none is declared.
[[nodiscard]] constexpr Risk GetDefaultRisk(Effect effect) {
  constexpr Risk kRisks[] = {
#define WFC_EFFECT(id, word, risk) Risk::risk,
#include "ir/base/words.def"
  };
  return kRisks[static_cast<size_t>(effect)];
}

/// Whether a word of the language is recognised and not supported yet (L001).
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

[[nodiscard]] constexpr bool IsSettled(NodeStatus status) {
  return status >= NodeStatus::Succeeded;
}
/// Of a status that IsSettled.
[[nodiscard]] constexpr StageStatus ToStageStatus(NodeStatus status) {
  return static_cast<StageStatus>(static_cast<unsigned>(status) -
                                  static_cast<unsigned>(NodeStatus::Succeeded));
}
static_assert(ToStageStatus(NodeStatus::Cancelled) == StageStatus::Cancelled);

/// "a, b or c", where `before_last` is " or ".
[[nodiscard]] std::string JoinWords(std::span<const std::string_view> words,
                                    std::string_view before_last);
/// "`a`, `b` or `c`".
[[nodiscard]] std::string QuoteWords(std::span<const std::string_view> words,
                                     std::string_view before_last);

}  // namespace wfc
