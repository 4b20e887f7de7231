#include "frontend/specs/freshness.h"

#include <algorithm>

#include <fmt/core.h>

#include "frontend/specs/find_files.h"
#include "frontend/specs/front_matter.h"
#include "frontend/yaml/read.h"
#include "ir/base/utf8.h"
#include "ir/diag/messages.h"

namespace wfc::specs {

namespace {

class FreshnessCheck {
 public:
  FreshnessCheck(const FreshnessRules& rules, files::ProjectFiles& files, SourceMap& sources,
                 diag::Sink& sink)
      : rules_(rules), files_(files), sources_(sources), sink_(sink) {}

  FreshnessCounts Run();

 private:
  void CheckFile(const std::string& path, Span glob);
  void CheckReview(const std::string& path, const yaml::Tree& tree);
  void CheckDay(const std::string& path, Span span, std::string_view text, Day day);
  [[nodiscard]] bool IsInactive(const yaml::Tree& tree) const;

  /// Adds the file to the sources; an empty id if it cannot be read, which is reported.
  [[nodiscard]] FileId Read(const std::string& path, Span glob);

  const FreshnessRules& rules_;
  files::ProjectFiles& files_;
  SourceMap& sources_;
  diag::Sink& sink_;
  FreshnessCounts counts_;
};

FreshnessCounts FreshnessCheck::Run() {
  if (rules_.files.empty()) return counts_;
  std::vector<std::string_view> globs;
  globs.reserve(rules_.files.size());
  for (const FileGlob& glob : rules_.files) globs.push_back(glob.pattern);
  FoundFiles found = FindFiles(files_, globs);
  for (size_t i = 0; i < globs.size(); ++i) {
    if (!found.glob_matched[i]) sink_.Report(diag::NoSpecs, rules_.files[i].span, globs[i]);
  }
  for (const std::string& path : found.paths) CheckFile(path, rules_.files.front().span);
  return counts_;
}

FileId FreshnessCheck::Read(const std::string& path, Span glob) {
  Result<files::FileContent> content = files_.Read(path, yaml::kMaxFileBytes);
  std::string problem;
  if (!content) {
    problem = content.error().message;
  } else if (content->is_truncated) {
    problem = fmt::format("it is larger than {} MiB", yaml::kMaxFileBytes >> 20);
  } else if (FindInvalidUtf8(content->bytes) != std::string_view::npos) {
    problem = "it is not UTF-8";
  } else {
    return sources_.Add(files_.Show(path), std::move(content->bytes));
  }
  sink_.Report(diag::UnreadableSpec, glob, path, problem);
  return {};
}

void FreshnessCheck::CheckFile(const std::string& path, Span glob) {
  FileId file = Read(path, glob);
  if (!file.has_value()) return;
  FrontMatter front = FindFrontMatter(sources_.text(file));
  Span start{.file = file, .begin = 0, .end = 0};
  ++counts_.checked;
  switch (front.status) {
    case FrontMatter::Status::None:
      sink_.Report(diag::MissingReview, start, path, "front matter");
      return;
    case FrontMatter::Status::Unclosed:
      sink_.Report(diag::UnclosedFrontMatter, start, path);
      return;
    case FrontMatter::Status::Found:
      break;
  }
  Span part{.file = file, .begin = front.begin, .end = front.end};
  // A date is a string in YAML 1.2; what YAML 1.1 reads it as is irrelevant here.
  yaml::ReadOptions options{.ambiguity = yaml::Ambiguity::Ignore};
  CheckReview(path, yaml::ReadYamlPart(sources_, part, sink_, options));
}

bool FreshnessCheck::IsInactive(const yaml::Tree& tree) const {
  yaml::NodeId status = tree.FindValue(tree.root(), "status");
  return status.has_value() && tree.IsScalar(status) &&
         std::ranges::find(rules_.inactive, tree.text(status)) != rules_.inactive.end();
}

void FreshnessCheck::CheckReview(const std::string& path, const yaml::Tree& tree) {
  Span start{.file = tree.file(), .begin = 0, .end = 0};
  bool is_map = tree.root().has_value() && tree.kind(tree.root()) == yaml::Kind::Map;
  if (is_map && IsInactive(tree)) {
    ++counts_.inactive;
    return;
  }
  yaml::NodeId review = is_map ? tree.FindValue(tree.root(), "last_review") : yaml::NodeId();
  if (!review.has_value()) {
    // The part that could not be read, which was reported, may contain the review.
    if (!tree.has_errors()) sink_.Report(diag::MissingReview, start, path, "`last_review`");
    return;
  }
  Span span = tree.span(review);
  if (tree.kind(review) == yaml::Kind::Poison) return;
  if (tree.kind(review) == yaml::Kind::Null) {
    sink_.Report(diag::MissingReview, span, path, "`last_review`");
    return;
  }
  std::string_view text = tree.IsScalar(review) ? tree.text(review) : sources_.text(span);
  ParsedDay parsed = ParseDay(text);
  if (parsed.status == ParsedDay::Status::Malformed) {
    sink_.Report(diag::MalformedReview, span, text);
  } else if (parsed.status == ParsedDay::Status::Impossible) {
    sink_.Report(diag::ImpossibleReview, span, text);
  } else {
    CheckDay(path, span, text, *parsed.day);
  }
}

void FreshnessCheck::CheckDay(const std::string& path, Span span, std::string_view text, Day day) {
  if (day > rules_.today) {
    sink_.Report(diag::FutureReview, span, path, text, FormatDay(rules_.today));
    return;
  }
  int64_t age_days = int64_t{rules_.today} - day;
  // Only whole days are compared: a limit of 36 hours counts as one day.
  int64_t max_days = rules_.max_age_ns / kNsPerDay;
  if (age_days > max_days) sink_.Report(diag::StaleSpec, span, path, text, age_days, max_days);
}

}  // namespace

std::vector<std::string_view> DefaultInactive() {
  return {"archived", "cancelled", "done", "deprecated"};
}

FreshnessCounts CheckFreshness(const FreshnessRules& rules, files::ProjectFiles& files,
                               SourceMap& sources, diag::Sink& sink) {
  return FreshnessCheck(rules, files, sources, sink).Run();
}

}  // namespace wfc::specs
