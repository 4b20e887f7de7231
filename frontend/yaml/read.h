// Reads a file of YAML or JSON into a tree whose nodes know their place in the file, and reports
// its errors under codes that begin with Y. Called for each manifest, schema, fixture and front
// matter.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "frontend/yaml/tree.h"
#include "ir/base/span.h"
#include "ir/diag/sink.h"
#include "ir/support/source_map.h"

namespace wfc::yaml {

// The limits of one file. Exceeding kMaxAliasNodes is reported as Y006 and exceeding the others as
// Y007, but syntax errors over their limit are dropped silently.
inline constexpr uint32_t kMaxFileBytes = 16u << 20;
inline constexpr uint32_t kMaxDepth = 128;  ///< levels of nested maps and lists
inline constexpr uint32_t kMaxTokens = 4'000'000;
inline constexpr uint32_t kMaxAliasNodes = 1'000'000;  ///< nodes that expanded aliases would add
inline constexpr int kMaxSyntaxErrors = 20;            ///< reports of Y001

/// Whether plain scalars that YAML 1.1 and 1.2 read differently are reported (Y003).
enum class Ambiguity : uint8_t { Report, Ignore };

/// How a file is read. The span must outlive the reading.
struct ReadOptions {
  Ambiguity ambiguity = Ambiguity::Report;
  /// Keys whose values are expressions: a `!` at the beginning of the value is then the operator,
  /// not a YAML tag, and the missing quotes are reported (Y008).
  std::span<const std::string_view> expression_keys = {};
};

/// Reads a file as JSON if its name ends in `.json`, otherwise as YAML. `sources` must outlive the
/// tree. A file with errors yields the parts that could be read; see Tree::has_errors.
[[nodiscard]] Tree Read(const SourceMap& sources, FileId file, diag::Sink& sink,
                        const ReadOptions& options = {});

/// Reads a file as YAML, whatever its name.
[[nodiscard]] Tree ReadYaml(const SourceMap& sources, FileId file, diag::Sink& sink,
                            const ReadOptions& options = {});

/// Reads a part of a file as YAML, such as front matter; `part` must consist of whole lines.
[[nodiscard]] Tree ReadYamlPart(const SourceMap& sources, Span part, diag::Sink& sink,
                                const ReadOptions& options = {});

/// Reads a file as JSON (RFC 8259), whatever its name. After a syntax error, the tree has no root.
[[nodiscard]] Tree ReadJson(const SourceMap& sources, FileId file, diag::Sink& sink);

}  // namespace wfc::yaml
