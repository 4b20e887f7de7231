// Plans and applies fixes. The accepted edits of each file are kept sorted, so that an overlap is
// found by looking at the neighbours.
#include "ir/diag/fixes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/core.h>

namespace wfc::diag {
namespace {

constexpr uint32_t kContextLines = 3;

/// The accepted edits, sorted by position. They do not overlap, so a new edit can only overlap a
/// neighbour.
class FixPlanner {
 public:
  void Add(const Fix& fix) {
    if (std::ranges::all_of(fix.edits, [&](const Edit& edit) { return Contains(edit); })) {
      ++plan_.fixed_count;
      return;
    }
    if (std::ranges::any_of(fix.edits, [&](const Edit& edit) { return Overlaps(edit); })) {
      ++plan_.postponed_count;
      return;
    }
    for (const Edit& edit : fix.edits) taken_.emplace(KeyOf(edit), &edit);
    ++plan_.fixed_count;
  }

  FixPlan Finish() && {
    for (const auto& [key, edit] : taken_) {
      if (plan_.files.empty() || plan_.files.back().file != edit->span.file) {
        plan_.files.push_back({.file = edit->span.file, .edits = {}});
      }
      plan_.files.back().edits.push_back(*edit);
    }
    return std::move(plan_);
  }

 private:
  using Key = std::pair<FileId, uint32_t>;
  static Key KeyOf(const Edit& edit) { return {edit.span.file, edit.span.begin}; }

  [[nodiscard]] bool Contains(const Edit& edit) const {
    const auto same = taken_.find(KeyOf(edit));
    return same != taken_.end() && same->second->span == edit.span &&
           same->second->text == edit.text;
  }

  /// Two insertions at the same position count as overlapping, because their order would be a
  /// guess.
  [[nodiscard]] bool Overlaps(const Edit& edit) const {
    const auto next = taken_.lower_bound(KeyOf(edit));
    if (next != taken_.end() && next->first.first == edit.span.file) {
      if (next->first.second == edit.span.begin || next->first.second < edit.span.end) return true;
    }
    if (next == taken_.begin()) return false;
    const Edit& before = *std::prev(next)->second;
    return before.span.file == edit.span.file && before.span.end > edit.span.begin;
  }

  std::map<Key, const Edit*> taken_;
  FixPlan plan_;
};

/// The lines [first, last] of a file, counted from 1, and the edits in them.
struct Hunk {
  uint32_t first;
  uint32_t last;
  std::span<const Edit> edits;
};

uint32_t LastLineOf(const SourceMap& sources, Span span) {
  const uint32_t last_byte = span.end > span.begin ? span.end - 1 : span.begin;
  return sources.Locate(span.file, last_byte).line;
}

/// Edits whose context lines would touch share a hunk.
std::vector<Hunk> GroupIntoHunks(const SourceMap& sources, const FileEdits& file) {
  std::vector<Hunk> hunks;
  for (const Edit& edit : file.edits) {
    const uint32_t first = sources.Locate(edit.span.file, edit.span.begin).line;
    const uint32_t last = LastLineOf(sources, edit.span);
    if (!hunks.empty() && first <= hunks.back().last + 2 * kContextLines) {
      hunks.back().last = std::max(hunks.back().last, last);
      hunks.back().edits = {hunks.back().edits.data(), hunks.back().edits.size() + 1};
    } else {
      hunks.push_back({.first = first, .last = last, .edits = {&edit, 1}});
    }
  }
  return hunks;
}

uint32_t CountLines(std::string_view text) {
  const auto breaks = static_cast<uint32_t>(std::ranges::count(text, '\n'));
  return breaks + (!text.empty() && !text.ends_with('\n') ? 1 : 0);
}

void AppendPrefixed(std::string& out, std::string_view text, char prefix) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    out += prefix;
    out += text.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) {
      out += "\\ No newline at end of file\n";
      return;
    }
    text.remove_prefix(end + 1);
  }
}

/// The span of the lines [first, last], including their line breaks.
Span LinesSpan(const SourceMap& sources, FileId file, uint32_t first, uint32_t last) {
  const bool is_end = last >= sources.line_count(file);
  const auto end = is_end ? static_cast<uint32_t>(sources.text(file).size())
                          : sources.line_begin(file, last + 1);
  return {.file = file, .begin = sources.line_begin(file, first), .end = end};
}

std::string ApplyWithin(const SourceMap& sources, Span lines, std::span<const Edit> edits) {
  std::vector<Edit> moved(edits.begin(), edits.end());
  for (Edit& edit : moved) {
    edit.span.begin -= lines.begin;
    edit.span.end -= lines.begin;
  }
  return ApplyEdits(sources.text(lines), moved);
}

}  // namespace

FixPlan PlanFixes(const std::vector<Diagnostic>& findings, FixSafety least_safe) {
  FixPlanner planner;
  for (const Diagnostic& finding : findings) {
    if (!finding.fix || finding.fix->edits.empty()) continue;
    if (finding.fix->safety == FixSafety::Unsafe && least_safe == FixSafety::Safe) continue;
    planner.Add(*finding.fix);
  }
  return std::move(planner).Finish();
}

std::string ApplyEdits(std::string_view text, std::span<const Edit> edits) {
  std::string out;
  size_t at = 0;
  for (const Edit& edit : edits) {
    const size_t begin = std::clamp<size_t>(edit.span.begin, at, text.size());
    out += text.substr(at, begin - at);
    out += edit.text;
    at = std::clamp<size_t>(edit.span.end, begin, text.size());
  }
  out += text.substr(at);
  return out;
}

std::string FormatDiff(const SourceMap& sources, const FileEdits& file) {
  const std::string_view path = sources.path(file.file);
  std::string out = fmt::format("--- {0}\n+++ {0}\n", path);
  int64_t shift = 0;
  for (const Hunk& hunk : GroupIntoHunks(sources, file)) {
    const Span changed = LinesSpan(sources, file.file, hunk.first, hunk.last);
    const std::string new_text = ApplyWithin(sources, changed, hunk.edits);
    const uint32_t first = hunk.first > kContextLines ? hunk.first - kContextLines : 1;
    const uint32_t last = std::min(hunk.last + kContextLines, sources.line_count(file.file));
    const Span whole = LinesSpan(sources, file.file, first, last);
    const std::string_view before =
        sources.text({.file = file.file, .begin = whole.begin, .end = changed.begin});
    const std::string_view after =
        sources.text({.file = file.file, .begin = changed.end, .end = whole.end});
    const uint32_t context = CountLines(before) + CountLines(after);
    const uint32_t old_count = context + CountLines(sources.text(changed));
    const uint32_t new_count = context + CountLines(new_text);
    out += fmt::format("@@ -{},{} +{},{} @@\n", first, old_count, first + shift, new_count);
    AppendPrefixed(out, before, ' ');
    AppendPrefixed(out, sources.text(changed), '-');
    AppendPrefixed(out, new_text, '+');
    AppendPrefixed(out, after, ' ');
    shift += static_cast<int64_t>(new_count) - old_count;
  }
  return out;
}

}  // namespace wfc::diag
