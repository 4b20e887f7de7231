// Executables: which program an argv[0] denotes. Each name is looked up once per run, and the
// program's path and digest are recorded. The command runner and the git tools use it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/reactor.h"
#include "ir/base/result.h"

namespace wfc::tools {

/// A program that was found.
struct Executable {
  std::string path;    ///< an absolute path
  std::string sha256;  ///< hexadecimal; empty if the file may be executed but not read
};

/// Finds a program; it blocks and is called on a worker. The error is for people.
using FindProgram = std::function<Result<Executable>(const std::string& name)>;

/// Finds a program and digests it. A name without a slash is looked up in `search_path`, an
/// absolute path denotes itself, and any other path is relative to the workspace and must stay in
/// it. Blocks.
[[nodiscard]] Result<Executable> FindOnMachine(const std::string& name,
                                               const std::string& search_path,
                                               host::Files& workspace);

/// The executable at an absolute path, with its digest. Blocks.
[[nodiscard]] Executable DigestExecutable(std::string path);

/// Like FindOnMachine, but returns only the absolute path. The error is for people.
[[nodiscard]] Result<std::string> FindProgramPath(const std::string& name,
                                                  const std::string& search_path,
                                                  host::Files& workspace);

/// Caches what was found, errors included, so that a name denotes the same program from the
/// beginning of a run to its end. Used on the reactor's thread only.
class Executables {
 public:
  using Found = std::function<void(const Result<Executable>& executable)>;

  Executables(host::Reactor& reactor, FindProgram find)
      : reactor_(reactor), find_(std::move(find)) {}

  /// Calls `found`: immediately if the name is known, otherwise once a worker has found it.
  void Find(const std::string& name, Found found);

 private:
  host::Reactor& reactor_;
  FindProgram find_;
  std::map<std::string, Result<Executable>> known_;
  std::map<std::string, std::vector<Found>> waiting_;
};

}  // namespace wfc::tools
