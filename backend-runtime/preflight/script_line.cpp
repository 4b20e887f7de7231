#include "backend-runtime/preflight/script_line.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/processes.h"

namespace wfc::preflight {
namespace {

/// The bytes of a file that Linux looks at (BINPRM_BUF_SIZE).
constexpr size_t kLooked = 256;
constexpr std::string_view kBlanks = " \t";

std::string ReadBeginning(const std::string& path) {
  const host::OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, kLooked> bytes = {};
  const ssize_t count = file.is_open() ? read(file.get(), bytes.data(), bytes.size()) : -1;
  return count > 0 ? std::string(bytes.data(), static_cast<size_t>(count)) : std::string();
}

/// Takes the first word of `text`, which is then without it and the blanks around it.
std::string_view TakeWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return word;
}

/// The program that `env` starts when it is given `argument`; empty if that cannot be told.
std::string ProgramOfEnv(std::string_view argument) {
  const bool is_split = argument.starts_with("-S");
  if (!is_split) {
    const bool is_plain =
        !argument.starts_with('-') && argument.find('=') == std::string_view::npos;
    return std::string(is_plain ? argument : std::string_view());
  }
  argument.remove_prefix(2);
  std::string_view word = TakeWord(argument);
  while (word.find('=') != std::string_view::npos) word = TakeWord(argument);
  const bool is_plain =
      !word.starts_with('-') && word.find_first_of("'\"\\$") == std::string_view::npos;
  return std::string(is_plain ? word : std::string_view());
}

/// Whether `env` finds its program in the same folders as host::FindExecutable, which skips
/// relative ones.
bool IsAbsolute(std::string_view search_path) {
  for (std::string_view rest = search_path; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (!folder.starts_with('/')) return false;
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
  }
  return true;
}

std::optional<std::string> FindEnvProblem(std::string_view argument,
                                          const std::string& search_path) {
  const std::string program = ProgramOfEnv(argument);
  const bool is_looked_up = !program.empty() && program.find('/') == std::string::npos;
  if (!is_looked_up || !IsAbsolute(search_path)) return std::nullopt;
  if (host::FindExecutable(program, search_path)) return std::nullopt;
  const bool has_blank = program.find_first_of(kBlanks) != std::string::npos;
  return fmt::format("`env` finds no program `{}` in {}{}", program, search_path,
                     has_blank ? "; only `env -S` takes more than one word" : "");
}

}  // namespace

std::optional<ScriptLine> ParseScriptLine(std::string_view beginning) {
  if (!beginning.starts_with("#!")) return std::nullopt;
  std::string_view line = beginning.substr(2, beginning.substr(2).find('\n'));
  line = line.substr(0, line.find('\0'));
  while (!line.empty() && kBlanks.find(line.back()) != std::string_view::npos)
    line.remove_suffix(1);
  const std::string_view interpreter = TakeWord(line);
  if (interpreter.empty()) return std::nullopt;
  return ScriptLine{.interpreter = std::string(interpreter), .argument = std::string(line)};
}

std::optional<std::string> FindScriptProblem(const std::string& path,
                                             const std::string& search_path) {
  const std::optional<ScriptLine> line = ParseScriptLine(ReadBeginning(path));
  // A relative interpreter depends on the folder in which the command is started.
  if (!line || !line->interpreter.starts_with('/')) return std::nullopt;
  const auto with_line = [&](std::string_view why) {
    return fmt::format("the first line of {} names an interpreter that cannot be started: {}", path,
                       why);
  };
  if (!host::FindExecutable(line->interpreter, "")) {
    const bool ends_lines_twice =
        line->interpreter.ends_with('\r') || line->argument.ends_with('\r');
    return with_line(fmt::format("there is no program `{}`{}", line->interpreter,
                                 ends_lines_twice ? ", which ends with a carriage return" : ""));
  }
  const bool is_env = line->interpreter.ends_with("/env");
  if (!is_env) return std::nullopt;
  const std::optional<std::string> problem = FindEnvProblem(line->argument, search_path);
  return problem ? std::optional(with_line(*problem)) : std::nullopt;
}

}  // namespace wfc::preflight
