// Which program an argv[0] means: looked up once, its path and digest recorded.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/reactor.h"
#include "ir/base/result.h"

namespace wfc::tools {

struct Executable {
  std::string path;    ///< absolute
  std::string sha256;  ///< hexadecimal; empty when the file cannot be read, only executed
};

/// Blocks; called on a worker.
using FindProgram = std::function<Result<Executable>(const std::string& name)>;

/// A name without a slash is looked up in `search_path`; an absolute one is itself, any other is
/// relative to the workspace and stays in it.
[[nodiscard]] Result<Executable> FindOnMachine(const std::string& name,
                                               const std::string& search_path,
                                               host::Files& workspace);

/// The absolute path alone. The error is for people.
[[nodiscard]] Result<std::string> FindProgramPath(const std::string& name,
                                                  const std::string& search_path,
                                                  host::Files& workspace);

/// Remembers what was found; a run uses one program under one name from beginning to end. On the
/// reactor's thread.
class Executables {
 public:
  using Found = std::function<void(const Result<Executable>& executable)>;

  Executables(host::Reactor& reactor, FindProgram find)
      : reactor_(reactor), find_(std::move(find)) {}

  /// Calls `found`, at once when the name is known.
  void Find(const std::string& name, Found found);

 private:
  host::Reactor& reactor_;
  FindProgram find_;
  std::map<std::string, Result<Executable>> known_;
  std::map<std::string, std::vector<Found>> waiting_;
};

}  // namespace wfc::tools
