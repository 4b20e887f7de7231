// ScopeResolver resolves names for the parser of expressions. Which names are in scope depends on
// the place of the expression (place.h). Called by lowering.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "frontend/lower/context.h"
#include "frontend/lower/place.h"
#include "ir/expr/resolver.h"

namespace wfc::lower {

/// Whether the stages of body `target` are in scope in `body`, that is, whether it is the same body
/// or contains it.
[[nodiscard]] bool IsVisible(const ir::Project& project, ir::BodyId target, ir::BodyId body);

/// Resolves names in one scope. A name that does not resolve is reported, with what was probably
/// meant, and becomes poison.
class ScopeResolver : public expr::NameResolver {
 public:
  /// `quote` is the quotation mark that a fix may put around text inside the expression, or 0 if
  /// it may not; `scalar_begin` is the byte offset of the scalar that holds the expression. Both
  /// references must outlive the resolver.
  ScopeResolver(Context& context, const Scope& scope, char quote = 0, uint32_t scalar_begin = 0)
      : context_(context), scope_(scope), quote_(quote), scalar_begin_(scalar_begin) {}
  expr::Resolution Resolve(std::span<const expr::Segment> chain) override;
  [[nodiscard]] bool NeedsField(std::span<const expr::Segment> chain) const override {
    return chain.size() == 2 && chain[0].name == "stages";
  }

 private:
  using Chain = std::span<const expr::Segment>;

  expr::Resolution ResolveStage(Chain chain);
  expr::Resolution ResolveStageField(Chain chain, ir::StageId stage);
  expr::Resolution ResolveVar(Chain chain);
  expr::Resolution ResolveRun(Chain chain);
  expr::Resolution ResolveSecret(Chain chain);
  expr::Resolution ResolveMemory(Chain chain);
  std::string_view SuggestRoot(std::string_view name);

  // unknown_names.cpp: reports of names that do not resolve, and what helps to explain them.
  expr::Resolution ReportUnknownRoot(Chain chain);
  expr::Resolution ReportForeignStage(Chain chain);
  bool ReportBareStage(Chain chain);
  std::optional<expr::Resolution> ReportHyphenatedSecret(Chain chain);
  expr::Resolution ReportUnquoted(const expr::Segment& segment);
  /// Reports N010 for `name`, with a fix that writes `written` instead, unless that is empty.
  expr::Resolution ReportMeant(Span span, std::string_view name, std::string_view advice,
                               std::string_view written);
  expr::Resolution ReportNotInCallee(Chain chain);
  [[nodiscard]] std::string_view NamesInSight() const;
  [[nodiscard]] bool IsComparedWord(Span span) const;
  [[nodiscard]] std::optional<diag::Edit> FindComparedStatus(Span span) const;
  [[nodiscard]] std::optional<std::string> FindReadOf(std::string_view name) const;
  [[nodiscard]] std::string_view WordAround(Span span) const;
  [[nodiscard]] std::string HyphenatedField(Span span) const;
  [[nodiscard]] bool IsRestOfBadId(Span span) const;
  [[nodiscard]] bool NamesStage(std::string_view name) const;

  expr::Resolution ReportIllegal(const expr::Segment& segment, std::string_view why);
  expr::Resolution ReportIncomplete(Chain chain, std::string_view what);
  /// `otherwise` is the hint where there is no suggestion.
  void ReportUnknownField(const expr::Segment& segment, std::string_view owner,
                          std::string_view suggestion, std::string_view otherwise = {});
  void ReportNoStage(const expr::Segment& segment);

  [[nodiscard]] bool IsInWorkflow() const;
  [[nodiscard]] bool SeesError() const;

  Context& context_;
  const Scope& scope_;
  char quote_;
  uint32_t scalar_begin_;
  /// A word with hyphens that was reported. To the parser its parts are names of their own, which
  /// must not be reported again.
  Span reported_;
};

/// Reports a stage id that is not in scope: N011 if the stage is elsewhere in the project,
/// otherwise N010. `found` is the stage of that name in `workflow`; empty if there is none.
void ReportStageNotVisible(Context& context, Span span, ir::WorkflowId workflow,
                           std::string_view name, ir::StageId found);

}  // namespace wfc::lower
