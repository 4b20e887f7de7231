// K004 and T012: paths, patterns and words in calls, commands and grants that are known before a
// run and that every run would refuse.
#include "passes/grants/fixed_paths.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "ir/base/workspace_path.h"
#include "ir/diag/messages.h"
#include "ir/expr/compiler.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

/// The meaning of an argument of a built-in tool.
enum class ArgumentRole : uint8_t { Path, WrittenPath, Glob, Regex, Commit };

struct ArgumentRow {
  std::string_view tool;
  std::string_view argument;
  ArgumentRole role;
};

constexpr auto kArguments = std::to_array<ArgumentRow>({
    {"fs.list", "root", ArgumentRole::Path},
    {"fs.list", "glob", ArgumentRole::Glob},
    {"fs.read", "path", ArgumentRole::Path},
    {"fs.write", "path", ArgumentRole::WrittenPath},
    {"git.diff", "base", ArgumentRole::Commit},
    {"git.diff", "root", ArgumentRole::Path},
    {"git.diff", "path", ArgumentRole::Path},
    {"git.log", "root", ArgumentRole::Path},
    {"git.log", "path", ArgumentRole::Path},
    {"text.search", "root", ArgumentRole::Path},
    {"text.search", "glob", ArgumentRole::Glob},
    {"text.search", "pattern", ArgumentRole::Regex},
});

bool IsPathCapability(ir::Capability capability) {
  return capability == ir::Capability::FsRead || capability == ir::Capability::FsWrite;
}

class PathCheck {
 public:
  explicit PathCheck(PassContext& context) : context_(context), project_(context.project) {}

  void Run() {
    context_.ForEachStage([&](ir::StageId id) {
      const ir::Stage& stage = project_.stages[id];
      const ir::ToolCall* call = project_.FindToolCall(stage);
      if (call != nullptr && call->tool.has_value()) CheckCall(*call);
    });
    for (const ir::Command& command : project_.commands) {
      if (command.cwd.has_value()) CheckFolder(command.cwd);
      CheckWords(command);
    }
    for (const ir::PatternEntry& entry : project_.security.patterns) CheckEntry(entry);
  }

 private:
  void CheckCall(const ir::ToolCall& call);
  void CheckArgument(const ArgumentRow& row, ir::ExprId value);
  void CheckPath(ir::ExprId value, std::string_view what);
  /// Checks a `cwd`, where an empty path means the workspace.
  void CheckFolder(ir::ExprId value) {
    const KnownText known = FindKnownText(project_, value);
    if (!known.is_whole || !known.text.empty()) CheckPath(value, "the folder");
  }
  /// Checks the words of a command for what the kernel does not take.
  void CheckWords(const ir::Command& command);
  void CheckWritten(ir::ExprId value);
  void CheckGlob(ir::ExprId value);
  void CheckRegex(ir::ExprId value);
  void CheckCommit(ir::ExprId value);
  void CheckEntry(const ir::PatternEntry& entry);
  void Report(ir::ExprId value, std::string_view what, const KnownText& known,
              std::string_view why) {
    context_.sink.Report(diag::RefusedPath, project_.exprs[value].span, what,
                         known.text + (known.is_whole ? "" : "…"), why);
  }

  PassContext& context_;
  const ir::Project& project_;
  std::set<Span> entries_;  ///< patterns that were reported: `defaults` repeat them
};

void PathCheck::CheckCall(const ir::ToolCall& call) {
  const ir::Tool& tool = project_.tools[call.tool];
  if (tool.kind != ir::Tool::Kind::Builtin) return;
  const std::string_view name = project_.text(tool.builtin);
  for (const ir::Argument& argument : project_.arguments_of(call.with)) {
    const std::string_view argument_name = project_.text(argument.name);
    for (const ArgumentRow& row : kArguments) {
      if (row.tool == name && row.argument == argument_name) CheckArgument(row, argument.value);
    }
  }
}

void PathCheck::CheckArgument(const ArgumentRow& row, ir::ExprId value) {
  switch (row.role) {
    case ArgumentRole::Path:
      return CheckPath(value, "the path");
    case ArgumentRole::WrittenPath:
      return CheckWritten(value);
    case ArgumentRole::Glob:
      return CheckGlob(value);
    case ArgumentRole::Regex:
      return CheckRegex(value);
    case ArgumentRole::Commit:
      return CheckCommit(value);
  }
}

void PathCheck::CheckPath(ir::ExprId value, std::string_view what) {
  const KnownText known = FindKnownText(project_, value);
  if (const std::string_view problem = FindPathProblem(known); !problem.empty()) {
    Report(value, what, known, fmt::format("it {}", problem));
  }
}

void PathCheck::CheckWords(const ir::Command& command) {
  bool is_program = true;
  for (const ir::ExprId word : ir::Project::View(project_.expr_lists, command.argv)) {
    const KnownText known = FindKnownText(project_, word);
    if (known.text.find('\0') != std::string::npos) {
      Report(word, "the word", known, "it has a NUL in it");
    } else if (is_program && known.is_whole && known.text.empty()) {
      Report(word, "the program", known, "it is empty");
    }
    is_program = false;
  }
}

void PathCheck::CheckWritten(ir::ExprId value) {
  const KnownText known = FindKnownText(project_, value);
  if (!FindPathProblem(known).empty()) return CheckPath(value, "the path");
  // If the path continues with unknown text, its last segment is not complete.
  const size_t end = known.is_whole ? known.text.size() : known.text.rfind('/') + 1;
  if (IsReservedPath(std::string_view(known.text).substr(0, end))) {
    Report(value, "the path", known, "`.git` and `.wfc` are never written");
  }
}

/// Reports a pattern that no file's path can match.
void PathCheck::CheckGlob(ir::ExprId value) {
  const KnownText known = FindKnownText(project_, value);
  const std::string_view problem = FindPathProblem(known);
  if (problem.empty()) return;
  context_.sink.Report(
      diag::BadValue, project_.exprs[value].span, known.text + (known.is_whole ? "" : "…"),
      fmt::format("a pattern of paths in the workspace, such as `src/**`: it {}, so nothing would "
                  "match it",
                  problem.substr(0, problem.find(';'))));
}

void PathCheck::CheckCommit(ir::ExprId value) {
  const KnownText known = FindKnownText(project_, value);
  const bool is_blank =
      known.is_whole && known.text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (!is_blank && !known.text.starts_with('-')) return;
  context_.sink.Report(diag::BadValue, project_.exprs[value].span,
                       known.text + (known.is_whole ? "" : "…"),
                       "a commit, such as `HEAD` or `main`");
}

void PathCheck::CheckRegex(ir::ExprId value) {
  const std::optional<Value> pattern = expr::Fold(project_.exprs, value);
  if (!pattern || !pattern->is_string()) return;
  const std::string why = ExplainPattern(pattern->AsString());
  if (why.empty()) return;
  context_.sink.Report(diag::BadPattern, project_.exprs[value].span,
                       fmt::format("`{}` is not a pattern that `text.search` can use: {}",
                                   pattern->AsString(), why));
}

/// Checks an entry of `reads`, `writes`, a grant or a denial.
void PathCheck::CheckEntry(const ir::PatternEntry& entry) {
  if (!IsPathCapability(entry.capability) || !entry.span.has_value()) return;
  const std::string_view pattern = project_.text(entry.pattern);
  const std::string_view problem =
      FindPathProblem({.text = std::string(pattern), .is_whole = true});
  if (problem.empty() || !entries_.insert(entry.span).second) return;
  context_.sink.Report(
      diag::BadValue, entry.span, pattern,
      fmt::format("a pattern of paths in the workspace, such as `src/**`: it {}, so it stands for "
                  "no path",
                  problem.substr(0, problem.find(';'))));
}

}  // namespace

KnownText FindKnownText(const ir::Project& project, ir::ExprId id) {
  const expr::Expr& node = project.exprs[id];
  if (node.op == expr::Op::Concat) {
    const ir::ExprId first = project.exprs.child(id, 0);
    if (!expr::IsConstText(project.exprs, first)) return {};
    return {.text = std::string(project.exprs.constant(first).AsString()), .is_whole = false};
  }
  if (expr::IsConstText(project.exprs, id)) {
    return {.text = std::string(project.exprs.constant(node).AsString()), .is_whole = true};
  }
  const std::optional<Value> value = expr::Fold(project.exprs, id);
  if (value && value->is_string())
    return {.text = std::string(value->AsString()), .is_whole = true};
  return {};
}

std::string_view FindPathProblem(const KnownText& known) {
  if (known.is_whole) return wfc::FindPathProblem(known.text);
  if (known.text.empty()) return "";
  // An incomplete segment may still become `..` or `..x`, so only complete ones are considered.
  const size_t end = known.text.rfind('/');
  if (end == std::string::npos) return "";
  return wfc::FindPathProblem(std::string_view(known.text).substr(0, end + 1));
}

void CheckFixedPaths(PassContext& context) {
  PathCheck(context).Run();
}

}  // namespace wfc::passes
