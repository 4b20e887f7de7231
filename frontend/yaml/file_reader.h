// FileReader: reads one file of YAML, whole if it can, entry by entry around errors if it must.
// Internal to read_yaml.cpp (one slice through yaml-cpp) and recover.cpp (which slices).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/builder.h"
#include "frontend/yaml/read.h"
#include "frontend/yaml/scan.h"

namespace wfc::yaml {

/// Lines [begin, end) of the file.
struct Slice {
  uint32_t begin = 0;
  uint32_t end = 0;
};

class FileReader {
 public:
  FileReader(Tree& tree, diag::Sink& sink, const ReadOptions& options)
      : tree_(tree), context_{.tree = tree, .sink = sink, .options = options} {}

  void Run(Slice file);

 private:
  /// Where the entries of a slice stand, and so how far a broken one is taken apart: `Section` are
  /// ids, `Workflows` ids of entities whose own keys are taken apart too.
  enum class Level : uint8_t { File, Section, Workflows, Workflow, Stages };
  /// The entries of a slice, each from its first line to the next one's.
  struct Entries {
    std::vector<Slice> slices;
    bool is_list = false;
  };

  struct Part {
    NodeId root;  ///< empty: nothing but comments
    std::optional<SyntaxError> error;
  };

  // read_yaml.cpp
  /// Reads a slice as a document of its own; on an error nothing of it stays, in the tree or in the
  /// sink.
  [[nodiscard]] Part ReadSlice(Slice slice);
  [[nodiscard]] std::optional<SyntaxError> ParseEvents(Slice slice, const Scan& scan,
                                                       std::string_view text, Builder& builder);
  void ReportRepairs(const Scan& scan, uint32_t limit);

  // recover.cpp
  /// Reads the entries of `slice`, which `error` broke as a whole.
  [[nodiscard]] NodeId Recover(Slice slice, Level level, const SyntaxError& error);
  /// Adds what could be read to `children`; false if it left no key.
  [[nodiscard]] bool RecoverEntry(Slice entry, bool is_item, Level level,
                                  std::vector<NodeId>& children);
  [[nodiscard]] bool AddBrokenEntry(Slice entry, bool is_item, std::vector<NodeId>& children);
  [[nodiscard]] bool Splice(NodeId root, bool is_item, std::vector<NodeId>& children) const;
  [[nodiscard]] Entries SplitEntries(Slice slice) const;
  [[nodiscard]] std::optional<Token> FindKey(Slice entry, std::string_view name = {}) const;
  [[nodiscard]] std::optional<Token> FindWord(uint32_t from, uint32_t end) const;
  [[nodiscard]] std::optional<Slice> FindBlock(Slice entry, const Token& key) const;
  [[nodiscard]] NodeId AddScalar(const Token& token);
  void CollectComments(Slice slice);
  void ReportSyntax(const SyntaxError& error, Slice slice);

  Tree& tree_;
  ReadContext context_;
  int syntax_error_count_ = 0;
};

}  // namespace wfc::yaml
