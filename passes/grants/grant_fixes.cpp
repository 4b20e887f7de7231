// The places of edits are found in the text around the spans of entries. Flow style (`[a, b]`, `{k:
// v}`) and block style are distinguished by what precedes an entry on its line.
#include "passes/grants/grant_fixes.h"

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include <fmt/ranges.h>

#include "ir/base/exec_pattern.h"

namespace wfc::passes {

std::string Quoted(const std::string& pattern) {
  const bool is_plain = !pattern.empty() && std::ranges::all_of(pattern, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./- ").find(c) != std::string_view::npos;
  });
  const bool begins_well = is_plain && pattern.front() != '-' && pattern.front() != ' ' &&
                           pattern.back() != ' ' &&
                           !(pattern.front() >= '0' && pattern.front() <= '9');
  static constexpr std::string_view kWords[] = {"true", "false", "null", "yes", "no",
                                                "on",   "off",   "y",    "n"};
  if (begins_well && std::ranges::find(kWords, pattern) == std::end(kWords)) return pattern;
  std::string quoted = "\"";
  for (char c : pattern) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

namespace {

using ir::Capability;
/// The patterns to add for each capability, sorted and without duplicates.
using Grants = std::map<Capability, std::vector<std::string>>;

/// The narrowest pattern that grants the need; empty if no pattern can.
std::string PatternFor(const Need& need) {
  if (need.capability == Capability::Exec && need.form != Need::Form::Dynamic) {
    return fmt::format("{}", fmt::join(std::span(need.words).first(need.grantable_words), " "));
  }
  if (need.form != Need::Form::Dynamic) return need.text;
  return need.capability == Capability::FsRead || need.capability == Capability::FsWrite ? "**"
                                                                                         : "*";
}

/// Whether `other` already grants everything that `one` grants.
bool IsCovered(const std::string& one, const std::string& other) {
  const std::vector<std::string_view> views = SplitExecPattern(one);
  const std::vector<std::string> words(views.begin(), views.end());
  return one != other && one != "*" && MatchesExecPattern(other, words);
}

/// Removes the commands that other ones cover.
void DropCovered(std::vector<std::string>& commands) {
  const std::vector<std::string> all = commands;
  std::erase_if(commands, [&](const std::string& one) {
    return std::ranges::any_of(all,
                               [&](const std::string& other) { return IsCovered(one, other); });
  });
}

Grants Collect(std::span<const Need> needs) {
  Grants grants;
  for (const Need& need : needs) {
    std::string pattern = PatternFor(need);
    if (pattern.empty()) continue;
    std::vector<std::string>& patterns = grants[need.capability];
    if (std::ranges::find(patterns, pattern) == patterns.end())
      patterns.push_back(std::move(pattern));
  }
  for (auto& [capability, patterns] : grants) {
    std::ranges::sort(patterns);
    // A pattern that another one covers adds nothing.
    if (std::ranges::find(patterns, "**") != patterns.end()) patterns = {"**"};
    if (capability == Capability::Exec) DropCovered(patterns);
  }
  return grants;
}

std::string FlowList(const std::vector<std::string>& patterns) {
  std::string list = "[";
  for (const std::string& pattern : patterns)
    list += (list.size() > 1 ? ", " : "") + Quoted(pattern);
  return list + "]";
}

std::string Entry(Capability capability, const std::vector<std::string>& patterns) {
  return std::string(Spell(capability)) + ": " + FlowList(patterns);
}

/// The text before `offset` on its line.
std::string_view LineBefore(std::string_view text, uint32_t offset) {
  const std::string_view before = text.substr(0, offset);
  return before.substr(before.rfind('\n') + 1);
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

/// Whether the text is "- " after indentation, which begins an entry of a block list.
bool IsBlockEntry(std::string_view before) {
  const size_t dash = before.find_first_not_of(' ');
  return dash != std::string_view::npos && before[dash] == '-' && IsBlank(before.substr(dash + 1));
}

bool IsEverything(const std::string& pattern) {
  return pattern == "**" || pattern == "*";
}

class GrantFixer {
 public:
  GrantFixer(const ir::Project& project, const SourceMap& sources)
      : project_(project), sources_(sources) {}

  std::optional<diag::Fix> Add(const Grants& grants) {
    const ir::Security& security = project_.security;
    if (!security.is_written) return AddSection(grants);
    const ir::Scope& scope = security.scopes[ir::kProjectScope];
    const auto allow = ir::Project::View(security.patterns, scope.allow);
    std::string new_entries;
    for (const auto& [capability, patterns] : grants) {
      const ir::PatternEntry* last = FindLast(allow, capability);
      if (last != nullptr) {
        // Next to entries that were chosen with care, a fix must not add "everything" unasked.
        widens_to_all_ |= std::ranges::any_of(patterns, IsEverything);
        if (!AppendTo(*last, patterns)) return std::nullopt;
      } else {
        new_entries += (new_entries.empty() ? "" : "\n") + Entry(capability, patterns);
      }
    }
    if (!new_entries.empty() && !AddEntries(scope, allow, new_entries)) return std::nullopt;
    diag::Fix fix = {.title = "grant what the project needs", .edits = std::move(edits_)};
    if (widens_to_all_) {
      fix.title = "grant everything of its kind, which the project needs as it stands";
      fix.safety = diag::FixSafety::Unsafe;
    }
    return fix;
  }

 private:
  /// The entry of the capability that is written last; null when there is none.
  static const ir::PatternEntry* FindLast(std::span<const ir::PatternEntry> allow,
                                          Capability capability) {
    const ir::PatternEntry* last = nullptr;
    for (const ir::PatternEntry& entry : allow) {
      if (entry.capability != capability) continue;
      if (last == nullptr || last->span < entry.span) last = &entry;
    }
    return last;
  }

  std::optional<diag::Fix> AddSection(const Grants& grants) {
    const FileId file = project_.root_file;
    const std::string_view text = sources_.text(file);
    std::string section = text.ends_with('\n') || text.empty() ? "" : "\n";
    section += "security:\n  allow:\n";
    // The defaults that hold without a section are kept, as long as something may need them.
    Grants all = grants;
    AddDefaults(all);
    for (const auto& [capability, patterns] : all)
      section += "    " + Entry(capability, patterns) + "\n";
    const auto end = static_cast<uint32_t>(text.size());
    return diag::Fix{
        .title = "write the minimal `security` section",
        .edits = {{.span = {.file = file, .begin = end, .end = end}, .text = section}}};
  }

  /// Adds the defaults that a new section would revoke: without a section, reading and models are
  /// allowed, while a written section has to name what it allows of them.
  void AddDefaults(Grants& grants) const {
    std::vector<Need> needs;
    for (const ir::Stage& stage : project_.stages) {
      for (Need& need : FindNeeds(project_, stage)) {
        if (need.capability == Capability::FsRead || need.capability == Capability::Llm)
          needs.push_back(std::move(need));
      }
    }
    grants.merge(Collect(needs));
  }

  bool AppendTo(const ir::PatternEntry& last, const std::vector<std::string>& patterns) {
    const std::string_view before = LineBefore(sources_.text(last.span.file), last.span.begin);
    const bool is_block = IsBlockEntry(before);
    const size_t bracket = before.find_last_not_of(' ');
    if (!is_block &&
        (bracket == std::string_view::npos || (before[bracket] != '[' && before[bracket] != ',')))
      return false;
    std::string text;
    for (const std::string& pattern : patterns) {
      text += is_block ? "\n" + std::string(before) + Quoted(pattern) : ", " + Quoted(pattern);
    }
    Insert(last.span.file, last.span.end, std::move(text));
    return true;
  }

  /// Inserts new keys before the first key of `allow`, or a new `allow` before the section's first
  /// key.
  bool AddEntries(const ir::Scope& scope, std::span<const ir::PatternEntry> allow,
                  const std::string& entries) {
    if (!allow.empty()) {
      const auto first = std::ranges::min_element(allow, {}, &ir::PatternEntry::key_span);
      return InsertKeys(first->key_span, entries);
    }
    if (scope.allow_span.has_value()) return false;  // an empty or unusual `allow`
    const Span section = project_.security.span;
    const std::string_view text = sources_.text(section);
    if (text.find("allow:") != std::string_view::npos) return false;  // one that could not be read
    if (text.starts_with('{')) {
      Insert(section.file, section.begin + 1, "allow: {" + Joined(entries, ", ") + "}, ");
      return true;
    }
    return InsertKeys({.file = section.file, .begin = section.begin, .end = section.begin},
                      "allow:\n  " + Joined(entries, "\n  "));
  }

  bool InsertKeys(Span before_key, const std::string& entries) {
    const std::string_view before = LineBefore(sources_.text(before_key.file), before_key.begin);
    if (IsBlank(before)) {
      Insert(before_key.file, before_key.begin, Joined(entries + "\n", "\n" + std::string(before)));
      return true;
    }
    if (before.find('{') == std::string_view::npos && before.find(',') == std::string_view::npos)
      return false;
    Insert(before_key.file, before_key.begin, Joined(entries, ", ") + ", ");
    return true;
  }

  static std::string Joined(const std::string& lines, const std::string& separator) {
    std::string joined;
    for (char c : lines) {
      if (c == '\n') {
        joined += separator;
      } else {
        joined += c;
      }
    }
    return joined;
  }

  void Insert(FileId file, uint32_t offset, std::string text) {
    edits_.push_back(
        {.span = {.file = file, .begin = offset, .end = offset}, .text = std::move(text)});
  }

  const ir::Project& project_;
  const SourceMap& sources_;
  std::vector<diag::Edit> edits_;
  bool widens_to_all_ = false;
};

/// Extends `span` to the whole line of a block entry, or over the comma that goes with a flow
/// entry. None if something else, such as a comment, follows on the line.
std::optional<Span> WithSeparator(const SourceMap& sources, Span span, bool is_block) {
  const std::string_view text = sources.text(span.file);
  size_t begin = span.begin;
  size_t end = span.end;
  if (is_block) {
    begin -= LineBefore(text, span.begin).size();
    const size_t line_end = std::min(text.find('\n', end), text.size());
    if (!IsBlank(text.substr(end, line_end - end)))
      return std::nullopt;  // a comment: a person decides
    end = std::min(line_end + 1, text.size());
  } else {
    const size_t next = text.find_first_not_of(" \n", end);
    const size_t before = text.substr(0, begin).find_last_not_of(" \n");
    if (next != std::string_view::npos && text[next] == ',') {
      end = std::min(text.find_first_not_of(' ', next + 1), text.size());
    } else if (before != std::string_view::npos && text[before] == ',') {
      begin = before;
    }
  }
  return Span{
      .file = span.file, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(end)};
}

}  // namespace

std::string DescribeMinimalGrants(std::span<const Need> needs) {
  std::string text;
  for (const auto& [capability, patterns] : Collect(needs)) {
    text += (text.empty() ? "" : ", ") + Entry(capability, patterns);
  }
  return "grant it with `security: {allow: {" + text + "}}`";
}

std::optional<diag::Fix> MakeGrantFix(const ir::Project& project, const SourceMap& sources,
                                      std::span<const Need> needs) {
  return GrantFixer(project, sources).Add(Collect(needs));
}

std::optional<diag::Fix> MakeRemovalFix(const ir::Project& project, const SourceMap& sources,
                                        const ir::Scope& scope, uint32_t index) {
  const auto& patterns = project.security.patterns;
  const ir::PatternEntry& entry = patterns[index];
  const auto siblings = ir::Project::View(patterns, scope.allow);
  const auto count = std::ranges::count_if(
      siblings, [&](const ir::PatternEntry& other) { return other.key_span == entry.key_span; });
  const std::string_view text = sources.text(entry.span.file);
  std::optional<Span> range;
  if (count > 1) {
    range = WithSeparator(sources, entry.span, IsBlockEntry(LineBefore(text, entry.span.begin)));
  } else {
    // The whole key extends to the end of its value: the entry and what closes its list.
    Span all = entry.key_span;
    all.end = entry.span.end;
    const size_t next = text.find_first_not_of(" \n", all.end);
    if (next != std::string_view::npos && text[next] == ']')
      all.end = static_cast<uint32_t>(next + 1);
    const bool is_block_key = IsBlank(LineBefore(text, all.begin));
    const auto keys = std::ranges::count_if(
        siblings, [&](const ir::PatternEntry& other) { return other.key_span != entry.key_span; });
    if (keys == 0) return std::nullopt;  // an empty `allow` would be left
    range = WithSeparator(sources, all, is_block_key);
  }
  if (!range) return std::nullopt;
  return diag::Fix{.title = "remove the grant", .edits = {{.span = *range, .text = ""}}};
}

}  // namespace wfc::passes
