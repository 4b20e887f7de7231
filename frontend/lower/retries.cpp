#include "frontend/lower/retries.h"

#include <algorithm>

namespace wfc::lower {

namespace {

constexpr uint32_t kDefaultCodes = Bit(FailureCode::Timeout) | Bit(FailureCode::RateLimit) |
                                   Bit(FailureCode::Overloaded) | Bit(FailureCode::Network);

/// The failure codes of a list as a set of bits; the parser has checked them.
uint32_t LowerCodes(Located list) {
  uint32_t codes = 0;
  for (Located text : ListTexts(list)) {
    if (const auto code = ParseWord<FailureCode>(text.text())) codes |= Bit(*code);
  }
  return codes;
}

void LowerBackoff(const ms::BackoffSyntax& syntax, ir::Retry& retry) {
  if (syntax.initial.present()) retry.initial_ns = syntax.initial.decoded;
  if (syntax.factor.present()) retry.factor = syntax.factor.decoded;
  if (syntax.max.present()) retry.max_ns = syntax.max.decoded;
  if (syntax.jitter.present()) retry.has_jitter = syntax.jitter.decoded;
}

}  // namespace

ir::RetryId LowerRetry(Context& context, Id<ms::RetrySyntax> id) {
  const ms::RetrySyntax& syntax = context.syntax.retries.all[id];
  if (syntax.is_never || syntax.is_broken) return {};
  if (context.retries.size() <= id.index()) context.retries.resize(id.index() + 1);
  ir::RetryId& lowered = context.retries[id.index()];
  if (lowered.has_value()) return lowered;
  ir::Retry retry;
  retry.span = syntax.tree->span(syntax.node);
  if (syntax.max.present()) {
    retry.further_attempts = static_cast<uint32_t>(std::clamp<int64_t>(syntax.max.decoded, 0, 100));
  }
  retry.codes = syntax.on.present() ? LowerCodes(At(syntax, syntax.on)) : kDefaultCodes;
  if (syntax.backoff.id.has_value()) {
    LowerBackoff(context.syntax.backoffs.all[syntax.backoff.id], retry);
  }
  lowered = context.project.retries.Add(retry);
  return lowered;
}

}  // namespace wfc::lower
