// Needs: which capabilities a stage uses, as far as the manifest says (language.md, "Security").
// Shared by the checks of grants.
#pragma once

#include <string>
#include <vector>

#include "ir/project.h"

namespace wfc::passes {

/// One capability that a stage uses.
struct Need {
  /// How much of the subject is known.
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
  /// Of `exec`: the words that are known, each as the program gets it. `text` shows them.
  std::vector<std::string> words;
  /// How many of `words` a grant can name: up to the first that holds a blank or that only a shell
  /// would read.
  size_t grantable_words = 0;
  /// Why nothing should be granted at all: the first word is no program. Empty: it may be one.
  std::string advice;
  std::string hint;   ///< how it can be made smaller; or empty
  Span span;          ///< what brings the need about
  ir::AgentId agent;  ///< through which it is needed, if any
  ir::ToolId tool;
};

/// The needs of `stage`, each where it is brought about first.
[[nodiscard]] std::vector<Need> FindNeeds(const ir::Project& project, const ir::Stage& stage);

/// The effect of running the stage: its tool's, its command's; Pure for a model call and for pure
/// verbs.
[[nodiscard]] ir::Effect EffectOf(const ir::Project& project, const ir::Stage& stage);

/// The risk of running the stage: its tool's, or by its effect.
[[nodiscard]] ir::Risk RiskOf(const ir::Project& project, const ir::Stage& stage);

/// The modes of its workflow in which the stage can run: `if` is decided with `run.mode` folded in.
[[nodiscard]] ir::ModeSet ModesOf(const ir::Project& project, const ir::Stage& stage);

/// "`analysis_only` and `review`".
[[nodiscard]] std::string Describe(ir::ModeSet modes);

}  // namespace wfc::passes
