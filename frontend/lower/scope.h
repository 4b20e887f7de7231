// Which names an expression sees depends on where it stands (place.h): a ScopeResolver answers the
// parser.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "frontend/lower/context.h"
#include "frontend/lower/place.h"
#include "ir/expr/resolver.h"

namespace wfc::lower {

/// Whether a stage of `target` can be named from `body`: it is the body, or one around it.
[[nodiscard]] bool IsVisible(const ir::Project& project, ir::BodyId target, ir::BodyId body);

class ScopeResolver : public expr::NameResolver {
 public:
  /// `quote`: what a text inside the expression can be quoted with where it stands, or 0;
  /// `scalar_begin`: where the scalar of the expression begins.
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

  // unknown_names.cpp
  expr::Resolution ReportUnknownRoot(Chain chain);
  expr::Resolution ReportForeignStage(Chain chain);
  bool ReportBareStage(Chain chain);
  expr::Resolution ReportUnquoted(const expr::Segment& segment);
  /// N010 for `name`, with `written` as its fix unless that is empty.
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
  void ReportUnknownField(const expr::Segment& segment, std::string_view owner,
                          std::string_view suggestion);
  void ReportNoStage(const expr::Segment& segment);

  [[nodiscard]] bool IsInWorkflow() const;
  [[nodiscard]] bool SeesError() const;

  Context& context_;
  const Scope& scope_;
  char quote_;
  uint32_t scalar_begin_;
  Span reported_;  ///< a word with hyphens, of which each part would be reported
};

/// N010 or N011 for a stage id that cannot be used from `body`; `found` is what the workflow knows
/// under it, if anything.
void ReportStageNotVisible(Context& context, Span span, ir::WorkflowId workflow,
                           std::string_view name, ir::StageId found);

}  // namespace wfc::lower
