#include "frontend/lower/retries.h"

#include <algorithm>

namespace wfc::lower {

namespace {

using ir::ErrorCode;
constexpr uint32_t kDefaultCodes = ir::Bit(ErrorCode::Timeout) | ir::Bit(ErrorCode::RateLimit) |
                                   ir::Bit(ErrorCode::Overloaded) | ir::Bit(ErrorCode::Network);

/// The codes were checked by the parser.
uint32_t LowerCodes(Located list) {
  uint32_t codes = 0;
  for (Located text : ListTexts(list)) {
    for (size_t i = 0; i < ir::kErrorCodeCount; ++i) {
      auto code = static_cast<ErrorCode>(i);
      if (ir::GetName(code) == text.text()) codes |= ir::Bit(code);
    }
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
