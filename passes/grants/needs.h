// Finds the needs of a stage: the capabilities that it uses, as far as the manifest tells
// (docs/language/security.md). The checks of grants share them.
#pragma once

#include <string>
#include <vector>

#include "ir/project.h"

namespace wfc::passes {

/// One capability that a stage uses.
struct Need {
  /// How much is known before a run of what the capability is used on.
  enum class Form : uint8_t {
    Exact,    ///< `text` itself: a path, a host, a model group, a secret
    Pattern,  ///< all paths of a pattern: a subtree, what a command declares
    Words,    ///< a command that begins with the words of `text`
    Dynamic,  ///< only known when it is used
  };
  ir::Capability capability = ir::Capability::FsRead;
  Form form = Form::Exact;
  bool has_more_words = false;  ///< Words: dynamic words follow
  std::string text;
  /// For `exec`: the known words, each as the program receives it. `text` shows them.
  std::vector<std::string> words;
  /// The number of leading `words` that a grant can name: those before the first that contains a
  /// blank or that only a shell would interpret.
  size_t grantable_words = 0;
  /// Why nothing should be granted at all: the first word does not name a program. Empty if it may.
  std::string advice;
  std::string hint;   ///< how it can be made smaller; or empty
  Span span;          ///< what brings the need about
  ir::AgentId agent;  ///< through which it is needed, if any
  ir::ToolId tool;
};

/// The needs of `stage`, each once, at the first place that causes it.
[[nodiscard]] std::vector<Need> FindNeeds(const ir::Project& project, const ir::Stage& stage);

/// The effect of running the stage: that of its tool or its command, and Pure for model calls and
/// for verbs that do nothing outside the process.
[[nodiscard]] ir::Effect EffectOf(const ir::Project& project, const ir::Stage& stage);

/// The risk of running the stage: that of its tool, or the default for its effect.
[[nodiscard]] ir::Risk RiskOf(const ir::Project& project, const ir::Stage& stage);

/// The modes of its workflow in which the stage can run. A mode is left out if `if` is false with
/// that value of `run.mode`, whatever else it reads.
[[nodiscard]] ir::ModeSet ModesOf(const ir::Project& project, const ir::Stage& stage);

/// The modes for a message: "`analysis_only` and `review`".
[[nodiscard]] std::string Describe(ir::ModeSet modes);

}  // namespace wfc::passes
