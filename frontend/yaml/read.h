// Reads a file of YAML or JSON into a located tree, reporting all that is wrong with it as Y codes.
// Called for each manifest, schema, fixture and front matter.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "frontend/yaml/tree.h"
#include "ir/base/span.h"
#include "ir/diag/sink.h"
#include "ir/support/source_map.h"

namespace wfc::yaml {

// The budgets of one file; past them it is Y006 or Y007.
inline constexpr uint32_t kMaxFileBytes = 16u << 20;
inline constexpr uint32_t kMaxDepth = 128;  ///< maps and lists inside each other
inline constexpr uint32_t kMaxTokens = 4'000'000;
inline constexpr uint32_t kMaxAliasNodes = 1'000'000;  ///< nodes that aliases add when written out
inline constexpr int kMaxSyntaxErrors = 20;            ///< Y001 of one file

/// Whether plain scalars that YAML 1.1 reads differently are reported (Y003).
enum class Ambiguity : uint8_t { Report, Ignore };

/// Keys whose values are expressions, where a leading `!` is a forgotten quote (Y008).
inline constexpr std::string_view kExpressionKeys[] = {"if",     "until", "when",  "by",
                                                       "decide", "map",   "assert"};

struct ReadOptions {
  Ambiguity ambiguity = Ambiguity::Report;
  std::span<const std::string_view> expression_keys = kExpressionKeys;
};

/// By the file's name: `.json` as JSON, all else as YAML.
[[nodiscard]] Tree Read(const SourceMap& sources, FileId file, diag::Sink& sink,
                        const ReadOptions& options = {});

[[nodiscard]] Tree ReadYaml(const SourceMap& sources, FileId file, diag::Sink& sink,
                            const ReadOptions& options = {});

/// Reads the YAML in `part` of a file: front matter.
[[nodiscard]] Tree ReadYamlPart(const SourceMap& sources, Span part, diag::Sink& sink,
                                const ReadOptions& options = {});

[[nodiscard]] Tree ReadJson(const SourceMap& sources, FileId file, diag::Sink& sink);

}  // namespace wfc::yaml
