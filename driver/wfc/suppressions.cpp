#include "driver/wfc/suppressions.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "frontend/manifest/suppressions.h"
#include "ir/diag/findings.h"
#include "ir/diag/messages.h"

namespace wfc::driver {
namespace {

using manifest::Suppression;

/// One code in a suppressing comment.
struct Entry {
  Span written;
  std::optional<diag::Code> code;
  const Suppression* row;
  bool is_used = false;
};

bool HasReason(const Entry& entry) {
  return entry.row->reason.begin < entry.row->reason.end;
}

bool CanSuppress(const Entry& entry) {
  switch (diag::GetInfo(*entry.code).suppression) {
    case diag::Suppression::Fixed:
      return false;
    case diag::Suppression::Lesser:
    case diag::Suppression::Plain:
      return true;
    case diag::Suppression::Reasoned:
      return HasReason(entry);
  }
  return false;
}

/// Finds the entry that suppresses a finding in logarithmic time, because a file may have many
/// entries and many findings.
class Suppressor {
 public:
  explicit Suppressor(std::vector<Entry>& entries) {
    for (Entry& entry : entries) {
      if (entry.code && CanSuppress(entry)) by_code_[*entry.code].push_back({&entry, &entry});
    }
    for (auto& [code, list] : by_code_) {
      std::ranges::sort(list, {}, [](const Reach& each) {
        return std::pair(BeginOf(*each.entry),
                         each.entry);  // entries are in the order of the file
      });
      for (size_t i = 1; i < list.size(); ++i) list[i].farthest = Farther(list[i - 1], list[i]);
    }
  }

  [[nodiscard]] Entry* Find(const diag::Diagnostic& finding) const {
    const auto list = by_code_.find(finding.code);
    if (list == by_code_.end() || !finding.span.has_value()) return nullptr;
    const bool is_fixed = diag::GetInfo(finding.code).suppression == diag::Suppression::Lesser &&
                          finding.severity == diag::Severity::Error;
    if (is_fixed) return nullptr;
    const Place place = {finding.span.file, finding.span.begin};
    const auto after = std::ranges::upper_bound(
        list->second, place, {}, [](const Reach& each) { return BeginOf(*each.entry); });
    if (after == list->second.begin()) return nullptr;
    Entry* entry = std::prev(after)->farthest;
    const Span covered = entry->row->covered;
    return covered.file == place.first && place.second < covered.end ? entry : nullptr;
  }

 private:
  using Place = std::pair<FileId, uint32_t>;
  struct Reach {
    Entry* entry;
    Entry* farthest;  ///< of this and the preceding entries of the file, the one that ends last
  };

  static Place BeginOf(const Entry& entry) {
    return {entry.row->covered.file, entry.row->covered.begin};
  }

  static Entry* Farther(const Reach& before, const Reach& here) {
    const Span reached = before.farthest->row->covered;
    const Span own = here.entry->row->covered;
    return reached.file == own.file && reached.end >= own.end ? before.farthest : here.entry;
  }

  std::map<diag::Code, std::vector<Reach>> by_code_;
};

/// Whether the finding may have kept a later check silent: then a suppression that is not used may
/// still be needed.
bool MayHideOthers(const diag::Diagnostic& finding) {
  return diag::DoesHide(finding, diag::Hides::Checks);
}

std::vector<Entry> CollectEntries(const Analysis& analysis, std::span<const Suppression> rows,
                                  diag::Sink& sink) {
  std::vector<Entry> entries;
  for (const Suppression& row : rows) {
    if (row.codes.empty()) sink.Report(diag::SuppressionWithoutCode, row.comment);
    for (const Span code : row.codes) {
      entries.push_back(
          {.written = code, .code = diag::FindCode(analysis.sources.text(code)), .row = &row});
    }
  }
  return entries;
}

void ReportUseless(const Entry& entry, const Analysis& analysis, bool may_be_hidden,
                   diag::Sink& sink) {
  const std::string_view written = analysis.sources.text(entry.written);
  if (!entry.code) {
    sink.Report(diag::SuppressedUnknownCode, entry.written, written);
  } else if (diag::GetInfo(*entry.code).suppression == diag::Suppression::Fixed) {
    sink.Report(diag::SuppressedFixedCode, entry.written, written);
  } else if (!CanSuppress(entry)) {
    sink.Report(diag::SuppressionWithoutReason, entry.written, written);
  } else if (!may_be_hidden) {
    sink.Report(diag::UnusedSuppression, entry.written, written);
  }
}

/// The file of a span as the plan names it: relative to the project's folder, so that the plan does
/// not depend on where the project is.
std::string PlaceOf(const Analysis& analysis, Span span) {
  const std::filesystem::path path(analysis.sources.path(span.file));
  return path.lexically_relative(analysis.project.folder).generic_string();
}

}  // namespace

std::vector<codegen::SuppressedFinding> ApplySuppressions(Analysis& analysis,
                                                          std::span<const Suppression> rows) {
  std::vector<codegen::SuppressedFinding> suppressed;
  if (rows.empty()) return suppressed;
  diag::Sink sink;
  std::vector<Entry> entries = CollectEntries(analysis, rows, sink);
  const bool may_be_hidden = std::ranges::any_of(analysis.findings, MayHideOthers);
  const Suppressor suppressor(entries);
  std::erase_if(analysis.findings, [&](const diag::Diagnostic& finding) {
    Entry* entry = suppressor.Find(finding);
    if (entry == nullptr) return false;
    entry->is_used = true;
    suppressed.push_back({.code = std::string(diag::GetInfo(finding.code).name),
                          .place = PlaceOf(analysis, finding.span),
                          .reason = std::string(analysis.sources.text(entry->row->reason))});
    return true;
  });
  for (const Entry& entry : entries) {
    if (!entry.is_used) ReportUseless(entry, analysis, may_be_hidden, sink);
  }
  std::ranges::move(sink.mutable_diagnostics(), std::back_inserter(analysis.findings));
  std::ranges::sort(suppressed, {}, [](const codegen::SuppressedFinding& each) {
    return std::tie(each.place, each.code, each.reason);
  });
  return suppressed;
}

}  // namespace wfc::driver
