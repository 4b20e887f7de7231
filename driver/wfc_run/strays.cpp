#include "driver/wfc_run/strays.h"

#include <optional>

#include <fmt/format.h>

#include "backend-runtime/host/marked_processes.h"
#include "backend-runtime/host/process_identity.h"
#include "backend-runtime/tools/call_mark.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/base/words.h"

namespace wfc::driver {
namespace {

/// A process that is being killed can start another before it ends.
constexpr int kRounds = 10;
constexpr int kPatienceMs = 5000;

std::string Show(const host::MarkedProcess& process) {
  return fmt::format("process {} (`{}`)", process.pid, VisibleText(process.program));
}

bool IsEnded(const tools::CallMark& mark, WhichStrays which, std::string_view stage) {
  switch (which) {
    case WhichStrays::OfRepeatable:
      return mark.call_class != CallClass::Unkeyed;
    case WhichStrays::OfStage:
      return mark.call_class != CallClass::Unkeyed || mark.stage == stage;
    case WhichStrays::All:
      return true;
  }
  return false;
}

/// Whether the process is gone afterwards.
bool End(const host::MarkedProcess& process, const tools::CallMark& mark) {
  const bool is_gone = host::KillAndWait(process.process, kPatienceMs);
  PrintMessage(stderr, fmt::format("{} {}, which an interrupted call of stage `{}` had left\n",
                                   is_gone ? "ended" : "could not end", Show(process),
                                   VisibleText(mark.stage)));
  return is_gone;
}

}  // namespace

std::vector<Stray> EndStrays(std::string_view run_id, WhichStrays which, std::string_view stage) {
  std::vector<Stray> left;
  bool has_ended_one = true;
  for (int round = 0; round < kRounds && has_ended_one; ++round) {
    has_ended_one = false;
    left.clear();
    for (const auto& process : host::FindMarked(tools::kCallVariable, fmt::format("{}/", run_id))) {
      const std::optional<tools::CallMark> mark = tools::ReadCallMark(process.mark);
      if (!mark) continue;
      const bool is_gone = IsEnded(*mark, which, stage) && End(process, *mark);
      has_ended_one = has_ended_one || is_gone;
      if (!is_gone) left.push_back({.stage = mark->stage, .shown = Show(process)});
    }
  }
  return left;
}

}  // namespace wfc::driver
