#include "ir/diag/sink.h"

#include <gtest/gtest.h>

#include "ir/diag/messages.h"

namespace wfc::diag {
namespace {

using StageId = Id<ir::StageTag>;

StageId ReportIn(Sink& sink) {
  sink.Report(Cycle, Span{}, "a", "a → a");
  return sink.diagnostics().back().stage;
}

TEST(Sink, AFindingCarriesTheStageOfItsScope) {
  Sink sink;
  EXPECT_FALSE(ReportIn(sink).has_value());
  const StageScope scope(sink, StageId(3));
  EXPECT_EQ(ReportIn(sink), StageId(3));
}

TEST(Sink, TheScopeAroundHoldsAgainAfterAnInnerOne) {
  Sink sink;
  {
    const StageScope outer(sink, StageId(1));
    {
      const StageScope inner(sink, StageId(2));
      EXPECT_EQ(ReportIn(sink), StageId(2));
    }
    EXPECT_EQ(ReportIn(sink), StageId(1));
  }
  EXPECT_FALSE(ReportIn(sink).has_value());
}

}  // namespace
}  // namespace wfc::diag
