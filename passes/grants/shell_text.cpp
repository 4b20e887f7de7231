// K006: text in a command that people write for a shell. A word counts only where it would be shell
// syntax, so that `tr "|" ","` and `find . -exec grep x {} ;` are left alone.
#include "passes/grants/shell_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/compiler.h"
#include "ir/expressions.h"
#include "passes/context/pass.h"

namespace wfc::passes {
namespace {

using Words = std::span<const std::string>;

constexpr std::string_view kPipeAdvice =
    "make each command a stage that hands its output on as `stdin`, or write `[sh, -c, TEXT]`";
constexpr std::string_view kSequenceAdvice =
    "make each command a stage of its own, or write `[sh, -c, TEXT]`";
constexpr std::string_view kRedirectAdvice =
    "what a command prints is its stage's output; write it with `fs.write`, or write `[sh, -c, "
    "TEXT]`";
constexpr std::string_view kInputAdvice = "give it as `stdin`, or write `[sh, -c, TEXT]`";

struct Operator {
  std::string_view word;
  std::string_view advice;
};
constexpr Operator kOperators[] = {
    {"|", kPipeAdvice},
    {"|&", kPipeAdvice},
    {"&&", kSequenceAdvice},
    {"||", kSequenceAdvice},
    {";", kSequenceAdvice},
    {">", kRedirectAdvice},
    {">>", kRedirectAdvice},
    {"1>", kRedirectAdvice},
    {"2>", kRedirectAdvice},
    {"2>>", kRedirectAdvice},
    {"&>", kRedirectAdvice},
    {"2>&1", kRedirectAdvice},
    {">/dev/null", kRedirectAdvice},
    {"2>/dev/null", kRedirectAdvice},
    {"&>/dev/null", kRedirectAdvice},
    {"<", kInputAdvice},
    {"<<", kInputAdvice},
    {"<<<", kInputAdvice},
};

/// Shell builtins that are not programs; `cd` has a message of its own.
constexpr std::string_view kShellWords[] = {"cd",    "export", "source", ".",     "set",  "unset",
                                            "alias", "eval",   "exec",   "if",    "for",  "while",
                                            "case",  "umask",  "ulimit", "pushd", "popd", "trap"};

/// Programs that interpret such words themselves, or pass them to a shell.
constexpr std::string_view kReadsAnything[] = {
    "sh",    "bash",    "dash",    "zsh",     "ksh",      "fish",   "pwsh",   "ssh",
    "find",  "xargs",   "expr",    "test",    "[",        "awk",    "gawk",   "mawk",
    "sed",   "perl",    "python",  "python3", "node",     "ruby",   "php",    "jq",
    "yq",    "make",    "docker",  "podman",  "envsubst", "watch",  "printf", "busybox",
    "flock", "nsenter", "kubectl", "tmux",    "parallel", "timeout"};

/// Programs whose operands are files, so that `*.txt` among them was meant as a pattern.
constexpr std::string_view kTakesFiles[] = {
    "cat",     "cp",        "mv",        "rm",       "ls",     "echo",  "wc",      "head",
    "tail",    "touch",     "chmod",     "gzip",     "gunzip", "stat",  "diff",    "file",
    "sort",    "sha256sum", "md5sum",    "sha1sum",  "cksum",  "mkdir", "rmdir",   "ln",
    "tar",     "du",        "tee",       "cut",      "paste",  "uniq",  "nl",      "tac",
    "cmp",     "base64",    "xxd",       "od",       "xz",     "zstd",  "bzip2",   "chown",
    "gcc",     "clang",     "cc",        "less",     "more",   "shred", "strings", "g++",
    "clang++", "install",   "sha512sum", "realpath", "grep",   "egrep", "fgrep",   "rg",
    "comm",    "column",    "hexdump",   "truncate", "dirname"};

/// Options of these programs whose value is a pattern that the program interprets itself.
constexpr std::string_view kTakesPattern[] = {"-x",          "-X",        "-I",
                                              "-F",          "-e",        "-g",
                                              "-T",          "--exclude", "--exclude-dir",
                                              "--ignore",    "--hide",    "--include",
                                              "--wildcards", "--glob",    "--iglob"};

/// Programs whose first argument is a subcommand.
constexpr std::string_view kTakesSubcommand[] = {
    "git", "npm", "yarn", "pnpm", "cargo", "go",   "pip",     "pip3",      "uv",        "poetry",
    "gh",  "hg",  "svn",  "brew", "apt",   "helm", "apt-get", "systemctl", "terraform", "dotnet"};

template <size_t count>
bool IsAmong(const std::string_view (&words)[count], std::string_view word) {
  return std::ranges::find(words, word) != std::end(words);
}

std::string_view BaseName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNameChar(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9');
}

/// The length of the variable name at the beginning of `text`; 0 if there is none.
size_t NameLength(std::string_view text) {
  if (text.empty() || !IsNameStart(text[0])) return 0;
  return static_cast<size_t>(std::ranges::find_if_not(text, IsNameChar) - text.begin());
}

bool IsOption(std::string_view word) {
  return word.size() > 1 && word[0] == '-';
}

bool LooksLikeWord(std::string_view word) {
  return !word.empty() && (IsNameChar(word[0]) || word[0] == '.' || word[0] == '/' ||
                           word[0] == '$' || word[0] == '~');
}

/// The variable in a word such as `$HOME`, `--to=$HOME/x` or `/opt/bin:$PATH`. Only names in
/// capitals count, as environment variables are written.
std::string_view FindVariable(std::string_view word) {
  for (size_t at = word.find('$'); at != std::string_view::npos; at = word.find('$', at + 1)) {
    const std::string_view name = word.substr(at + 1, NameLength(word.substr(at + 1)));
    const std::string_view rest = word.substr(at + 1 + name.size());
    const bool is_upper = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    const bool begins =
        at == 0 || word[at - 1] == ':' || word[at - 1] == '=' || word[at - 1] == '/';
    const bool ends = rest.empty() || rest[0] == '/' || rest[0] == ':';
    if (begins && ends && is_upper && !name.empty()) return name;
  }
  return {};
}

/// Whether the word contains a command substitution, such as `$(date)` or `v$(date)`. Backticks
/// count only without blanks around them, since they also occur in prose.
bool HasSubstitution(std::string_view word) {
  const size_t dollar = word.find("$(");
  if (dollar != std::string_view::npos && NameLength(word.substr(dollar + 2)) > 0 &&
      word.find(')', dollar) != std::string_view::npos) {
    return true;
  }
  const size_t open = word.find('`');
  const size_t close = word.rfind('`');
  if (open == std::string_view::npos || close < open + 2) return false;
  return (word.substr(0, open).find(' ') == std::string_view::npos &&
          word.substr(close).find(' ') == std::string_view::npos);
}

/// Whether the word consists of characters of names and paths, and of those in `more`.
bool IsPlain(std::string_view word, std::string_view more) {
  return std::ranges::all_of(word, [&](char c) {
    return IsNameChar(c) || std::string_view("./-").find(c) != std::string_view::npos ||
           more.find(c) != std::string_view::npos;
  });
}

std::string AdviceForVariable(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return fmt::format("declare `vars: {{{0}: {{env: {1}}}}}` and write `${{vars.{0}}}`", lower,
                     name);
}

std::string ListOfWords(std::string_view text) {
  std::string list;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) list += (list.empty() ? "" : ", ") + std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return "[" + list + "]";
}

/// Checks the first word, which must name a program.
std::optional<ShellText> CheckFirst(Words words) {
  const std::string& first = words.front();
  const auto found = [&](std::string advice) {
    return ShellText{.word = 0, .text = first, .advice = std::move(advice)};
  };
  const size_t name = NameLength(first);
  if (name > 0 && name < first.size() && first[name] == '=') {
    return found(
        fmt::format("write `env: {{{}: \"{}\"}}`", first.substr(0, name), first.substr(name + 1)));
  }
  if (first.find(' ') != std::string::npos && first.find('/') == std::string::npos) {
    return found(fmt::format("write one word per list item: `{}`", ListOfWords(first)));
  }
  if (first == "cd") {
    const std::string_view folder = words.size() > 1 ? std::string_view(words[1]) : "FOLDER";
    return found(fmt::format("write `cwd: {}`, and the command that runs there", folder));
  }
  const bool is_home = first.starts_with("~/");
  if (is_home || !FindVariable(first).empty() || HasSubstitution(first)) {
    return found(
        "write the program's absolute path, or its name and its folder in "
        "`execution.path`");
  }
  if (IsAmong(kShellWords, first)) return found("write `[sh, -c, TEXT]`, or what the program is");
  return std::nullopt;
}

/// Advice if the word is a shell operator, which stands between two commands or between a command
/// and a file. A word that follows an option is the option's value.
std::optional<std::string> AdviceForOperator(Words words, size_t at) {
  const auto* found = std::ranges::find(kOperators, words[at], &Operator::word);
  if (found == std::end(kOperators) || IsOption(words[at - 1])) return std::nullopt;
  const bool ends = at + 1 == words.size();
  const bool is_whole = words[at].size() > 3;  // `2>&1`: nothing has to follow
  if (!is_whole && (ends || !LooksLikeWord(words[at + 1]))) return std::nullopt;
  return std::string(found->advice);
}

/// Whether the word is an operand that the program reads as text, such as the pattern of `grep`, so
/// that an operator in its place is just that text.
bool IsTextArgument(Words words, size_t at) {
  struct Texts {
    std::string_view program;
    int count;
  };
  static constexpr Texts kTexts[] = {{"tr", 2}, {"grep", 1}, {"egrep", 1}, {"fgrep", 1}, {"rg", 1}};
  const auto* found = std::ranges::find(kTexts, BaseName(words.front()), &Texts::program);
  const auto is_argument = [](const std::string& word) { return !IsOption(word); };
  return found != std::end(kTexts) &&
         std::ranges::count_if(words.subspan(1, at - 1), is_argument) < found->count;
}

/// Advice for a redirection in one word: `>out.txt`, `2>>log` or `<in.txt`. Unless its target is
/// certainly a path, it counts as text in a place where text is possible, as in `--above ">limit"`.
std::optional<std::string> AdviceForRedirection(Words words, size_t at) {
  std::string_view word = words[at];
  if (!word.empty() && std::string_view("12&").find(word[0]) != std::string_view::npos) {
    word.remove_prefix(1);
  }
  const bool reads = word.starts_with('<');
  if (!reads && !word.starts_with('>')) return std::nullopt;
  word.remove_prefix(word.starts_with(">>") ? 2 : 1);
  const bool is_name =
      IsPlain(word, "") && LooksLikeWord(word) && !(word[0] >= '0' && word[0] <= '9');
  const bool is_path = word.find_first_of("./", 1) != std::string_view::npos;
  if (!is_name || (!is_path && (reads || IsOption(words[at - 1])))) return std::nullopt;
  return std::string(reads ? kInputAdvice : kRedirectAdvice);
}

/// Advice for operators that are glued to other words, as in `echo one; ls` and `make clean&&make`,
/// and for a final `&`.
std::optional<std::string> AdviceForGlued(Words words, size_t at) {
  const std::string_view word = words[at];
  const bool is_last = at + 1 == words.size();
  if (word == "&" && is_last) {
    return std::string(
        "a stage ends when its command does: run what belongs together in one "
        "`[sh, -c, TEXT]`");
  }
  if (IsOption(words[at - 1])) return std::nullopt;
  const bool is_ended = word.size() > 1 && word.ends_with(';') && !is_last &&
                        IsPlain(word.substr(0, word.size() - 1), "$~") &&
                        IsNameStart(words[at + 1][0]);
  const size_t both = word.find("&&");
  const bool is_joined = both != std::string_view::npos && word.size() > 2 && IsPlain(word, "&");
  if (!is_ended && !is_joined) return std::nullopt;
  return std::string(kSequenceAdvice);
}

/// Advice for several words in one, as in `git "diff HEAD"` and `ls "-l -a"`.
std::optional<std::string> AdviceForSeveralWords(Words words, size_t at) {
  const std::string_view word = words[at];
  const size_t blank = word.find(' ');
  if (blank == std::string_view::npos || word.find_last_not_of(' ') < blank) return std::nullopt;
  const std::string_view first = word.substr(0, blank);
  const std::string_view program = BaseName(words.front());
  const bool is_subcommand =
      at == 1 && IsAmong(kTakesSubcommand, program) && NameLength(first) > 0 && IsPlain(first, "");
  const bool is_option = first.size() > 1 && first[0] == '-' &&
                         IsNameStart(first[first[1] == '-' && first.size() > 2 ? 2 : 1]) &&
                         IsPlain(first, "") && program != "echo" && !IsOption(words[at - 1]);
  if (!is_subcommand && !is_option) return std::nullopt;
  return fmt::format("write one word per list item: `{}`", ListOfWords(word));
}

/// Whether the word contains a brace expansion: `{a,b}`, `{1..3}`.
bool HasAlternatives(std::string_view word) {
  const size_t open = word.find('{');
  const size_t close = word.find('}', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return false;
  const std::string_view inner = word.substr(open + 1, close - open - 1);
  return inner.find(',') != std::string_view::npos || inner.find("..") != std::string_view::npos;
}

bool IsFilePattern(Words words, size_t at) {
  const std::string& word = words[at];
  if (!IsAmong(kTakesFiles, BaseName(words.front())) || IsOption(word)) return false;
  if (IsAmong(kTakesPattern, words[at - 1]) || !IsPlain(word, "*?{},")) return false;
  if (HasAlternatives(word)) return true;
  // `.*` is typical of regular expressions.
  const bool is_path = word.find('.') != std::string::npos || word.find('/') != std::string::npos;
  return is_path && word.find('*') != std::string::npos && word.find(".*") == std::string::npos;
}

/// Advice for shell syntax in the word at `at`. A word in a place where the program takes text may
/// be meant as text.
std::optional<std::string> AdviceForSyntax(Words words, size_t at) {
  if (IsTextArgument(words, at)) return std::nullopt;
  for (const auto advise :
       {AdviceForOperator, AdviceForRedirection, AdviceForGlued, AdviceForSeveralWords}) {
    if (std::optional<std::string> advice = advise(words, at)) return advice;
  }
  if (!IsFilePattern(words, at)) return std::nullopt;
  return std::string("list the files with `fs.list`, or write `[sh, -c, TEXT]`");
}

/// Whether the word has a character that means something to a shell; most words have none.
bool HasSyntax(std::string_view word) {
  return std::ranges::any_of(word, [](char c) {
    switch (c) {
      case ' ':
      case '$':
      case '&':
      case '*':
      case ';':
      case '<':
      case '>':
      case '`':
      case '{':
      case '|':
      case '~':
        return true;
      default:
        return false;
    }
  });
}

std::optional<std::string> CheckWord(Words words, size_t at) {
  const std::string& word = words[at];
  if (!HasSyntax(word)) return std::nullopt;
  if (std::optional<std::string> advice = AdviceForSyntax(words, at)) return advice;
  if (const std::string_view name = FindVariable(word); !name.empty())
    return AdviceForVariable(name);
  if (HasSubstitution(word))
    return std::string("make the inner command a stage, and read its output");
  if (word == "~" || word.starts_with("~/")) return AdviceForVariable("HOME");
  return std::nullopt;
}

/// The constant words at the beginning of a command.
std::vector<std::string> KnownWords(const ir::Project& project, const ir::Command& command) {
  std::vector<std::string> words;
  words.reserve(command.argv.count);
  for (const ir::ExprId word : ir::Project::View(project.expr_lists, command.argv)) {
    const std::optional<Value> value = expr::Fold(project.exprs, word);
    if (!value || !value->is_string()) break;
    words.emplace_back(value->AsString());
  }
  return words;
}

/// Whether S013 has already reported that the first word is not a program.
bool IsReported(const PassContext& context, Span span) {
  return std::ranges::any_of(context.sink.diagnostics(), [&](const diag::Diagnostic& found) {
    return found.code == diag::Code::S013 && found.span == span;
  });
}

void CheckCommand(PassContext& context, const ir::Command& command) {
  const ir::Project& project = context.project;
  const std::vector<std::string> words = KnownWords(project, command);
  const std::optional<ShellText> found = FindShellText(words);
  if (found && !(found->word == 0 && IsReported(context, command.span))) {
    const ir::ExprId at = ir::Project::View(project.expr_lists, command.argv)[found->word];
    context.sink.Report(diag::ShellText, project.exprs[at].span, found->text, found->advice);
  }
  ir::ForEachExpression(project, command, [&](const ir::ExprPlace& place) {
    if (place.role != ExprRole::Variable) return;
    const std::optional<Value> value = expr::Fold(project.exprs, place.id);
    if (!value || !value->is_string()) return;
    if (const std::optional<ShellText> variable = FindShellVariable(value->AsString())) {
      context.sink.Report(diag::ShellText, project.exprs[place.id].span, variable->text,
                          variable->advice);
    }
  });
}

}  // namespace

std::optional<ShellText> FindShellText(std::span<const std::string> words) {
  if (words.empty()) return std::nullopt;
  if (std::optional<ShellText> found = CheckFirst(words)) return found;
  if (IsAmong(kReadsAnything, BaseName(words.front()))) return std::nullopt;
  for (size_t i = 1; i < words.size(); ++i) {
    if (std::optional<std::string> advice = CheckWord(words, i)) {
      return ShellText{.word = i, .text = words[i], .advice = *std::move(advice)};
    }
  }
  return std::nullopt;
}

std::optional<ShellText> FindShellVariable(std::string_view value) {
  const std::string_view name = value.starts_with("~/") ? "HOME" : FindVariable(value);
  if (name.empty()) return std::nullopt;
  return ShellText{.word = 0, .text = std::string(value), .advice = AdviceForVariable(name)};
}

std::string Describe(const ShellText& found) {
  return fmt::format("`{}` is one word here, since there is no shell; {}", found.text,
                     found.advice);
}

void CheckShellText(PassContext& context) {
  for (const ir::Command& command : context.project.commands) CheckCommand(context, command);
}

}  // namespace wfc::passes
