// Findings are ordered by path and not by FileId, so that the order does not depend on the order of
// reading.
#include "ir/diag/findings.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <fmt/core.h>

namespace wfc::diag {
namespace {

auto SortKey(const Diagnostic& finding, const SourceMap& sources) {
  const bool is_placed = finding.span.has_value();
  const std::string_view path = is_placed ? sources.path(finding.span.file) : std::string_view();
  return std::tuple(is_placed, path, finding.span.begin, finding.code, finding.span.end,
                    std::string_view(finding.message));
}

void AppendCount(std::string& out, uint32_t count, std::string_view word) {
  if (count == 0) return;
  if (!out.empty()) out += ", ";
  out += fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

void SortFindings(std::vector<Diagnostic>& findings, const SourceMap& sources) {
  std::ranges::sort(findings, {}, [&](const Diagnostic& d) { return SortKey(d, sources); });
  const auto repeated = std::ranges::unique(findings, [](const Diagnostic& a, const Diagnostic& b) {
    return a.code == b.code && a.span == b.span && a.message == b.message;
  });
  findings.erase(repeated.begin(), repeated.end());
}

bool DoesHide(const Diagnostic& finding, Hides what) {
  const Hides hides = GetInfo(finding.code).hides;
  if (hides == Hides::Construct) return true;
  return finding.severity == Severity::Error && hides >= what;
}

void RaiseWarnings(std::vector<Diagnostic>& findings) {
  for (Diagnostic& finding : findings) {
    if (finding.severity == Severity::Warning) finding.severity = Severity::Error;
  }
}

FindingCounts CountFindings(const std::vector<Diagnostic>& findings) {
  FindingCounts counts;
  for (const Diagnostic& finding : findings) {
    switch (finding.severity) {
      case Severity::Error:
        ++counts.errors;
        break;
      case Severity::Warning:
        ++counts.warnings;
        break;
      case Severity::Note:
        ++counts.notes;
        break;
    }
  }
  return counts;
}

std::string FormatCounts(const FindingCounts& counts) {
  std::string out;
  AppendCount(out, counts.errors, "error");
  AppendCount(out, counts.warnings, "warning");
  AppendCount(out, counts.notes, "note");
  return out.empty() ? "no findings" : out;
}

bool AnyAtLeast(const FindingCounts& counts, Severity threshold) {
  switch (threshold) {
    case Severity::Error:
      return counts.errors > 0;
    case Severity::Warning:
      return counts.errors + counts.warnings > 0;
    case Severity::Note:
      return counts.errors + counts.warnings + counts.notes > 0;
  }
  return false;
}

}  // namespace wfc::diag
