// Which names an expression sees depends on where it stands (place.h): a ScopeResolver answers the
// parser.
#pragma once

#include <cstdint>
#include <span>

#include "frontend/lower/context.h"
#include "frontend/lower/place.h"
#include "ir/expr/resolver.h"

namespace wfc::lower {

/// Whether a stage of `target` can be named from `body`: it is the body, or one around it.
[[nodiscard]] bool IsVisible(const ir::Project& project, ir::BodyId target, ir::BodyId body);

class ScopeResolver : public expr::NameResolver {
 public:
  ScopeResolver(Context& context, const Scope& scope) : context_(context), scope_(scope) {}
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
  expr::Resolution ReportUnknownRoot(Chain chain);
  expr::Resolution ReportForeignStage(Chain chain);
  [[nodiscard]] std::string_view WordAround(Span span) const;
  [[nodiscard]] bool IsRestOfBadId(Span span) const;
  [[nodiscard]] bool NamesStage(std::string_view name) const;
  expr::Resolution ReportIllegal(const expr::Segment& segment, std::string_view why);
  expr::Resolution ReportIncomplete(Chain chain, std::string_view what);
  void ReportUnknownField(const expr::Segment& segment, std::string_view owner,
                          std::string_view suggestion);
  void ReportNoStage(const expr::Segment& segment);

  [[nodiscard]] bool IsInWorkflow() const;
  [[nodiscard]] bool IsInFallback() const;

  Context& context_;
  const Scope& scope_;
};

/// N010 or N011 for a stage id that cannot be used from `body`; `found` is what the workflow knows
/// under it, if anything.
void ReportStageNotVisible(Context& context, Span span, ir::WorkflowId workflow,
                           std::string_view name, ir::StageId found);

}  // namespace wfc::lower
