// FileReader reads one file of YAML, as a whole if possible, otherwise entry by entry around the
// errors. Internal to read_yaml.cpp, which reads one slice with yaml-cpp, and recover.cpp, which
// chooses the slices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/builder.h"
#include "frontend/yaml/gate.h"
#include "frontend/yaml/read.h"
#include "frontend/yaml/read_context.h"
#include "frontend/yaml/scan.h"
#include "frontend/yaml/syntax_error.h"

namespace wfc::yaml {

/// Whole lines of the file, as byte offsets [begin, end).
struct Slice {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// Reads one file into `tree`. All arguments must outlive the reader; use it for one Run only.
class FileReader {
 public:
  /// `bytes` is what CheckBytes says of the file.
  FileReader(Tree& tree, diag::Sink& sink, const ReadOptions& options, Bytes bytes)
      : tree_(tree), context_{.tree = tree, .sink = sink, .options = options}, bytes_(bytes) {}

  /// Reads the lines of `file`, which may be a part of the actual file, and reports the errors.
  void Run(Slice file);

 private:
  /// What the entries of a slice are, which decides whether a broken one is split further. The
  /// entries of `File` are sections and those of `Section` are entities, which are not split. The
  /// entries of `Workflows` are workflows, which are split into their keys (`Workflow`) and their
  /// stages (`Stages`).
  enum class Level : uint8_t { File, Section, Workflows, Workflow, Stages };
  /// The entries of a slice; each extends from its first line to that of the next one.
  struct Entries {
    std::vector<Slice> slices;
    bool is_list = false;
  };

  /// The result of reading one slice.
  struct Part {
    NodeId root;  ///< empty if the slice has no content or could not be read
    std::optional<SyntaxError> error;
  };

  // read_yaml.cpp
  /// Reads a slice as if it were a document. On an error, whatever it added to the tree and the
  /// sink is removed again.
  [[nodiscard]] Part ReadSlice(Slice slice);
  [[nodiscard]] std::optional<SyntaxError> FindControl(Slice slice) const;
  [[nodiscard]] std::optional<SyntaxError> ParseEvents(Slice slice, const Scan& scan,
                                                       std::string_view text, Builder& builder);
  void ReportRepairs(const Scan& scan, uint32_t limit);

  // recover.cpp
  /// Reads `slice` entry by entry, because reading it as a whole failed with `error`.
  [[nodiscard]] NodeId Recover(Slice slice, Level level, const SyntaxError& error);
  /// Adds the readable parts of an entry to `children`. False if not even its key could be read, so
  /// that the enclosing collection is incomplete.
  [[nodiscard]] bool RecoverEntry(Slice entry, bool is_item, Level level,
                                  std::vector<NodeId>& children);
  [[nodiscard]] bool AddBrokenEntry(Slice entry, bool is_item, std::vector<NodeId>& children);
  [[nodiscard]] bool Splice(NodeId root, bool is_item, std::vector<NodeId>& children) const;
  [[nodiscard]] Entries SplitEntries(Slice slice) const;
  [[nodiscard]] std::optional<Token> FindKey(Slice entry, std::string_view name = {}) const;
  [[nodiscard]] std::optional<Token> FindKeyOfLine(uint32_t line, uint32_t end) const;
  [[nodiscard]] std::optional<Token> FindWord(uint32_t from, uint32_t end) const;
  [[nodiscard]] std::optional<Slice> FindBlock(Slice entry, const Token& key) const;
  [[nodiscard]] NodeId AddScalar(const Token& token);
  void CollectComments(Slice slice);
  void ReportSyntax(const SyntaxError& error, Slice slice);

  Tree& tree_;
  ReadContext context_;
  const Bytes bytes_;
  int syntax_error_count_ = 0;
};

}  // namespace wfc::yaml
