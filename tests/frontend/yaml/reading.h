// Shared by the reader's tests: reads a text, shows a tree in one line and findings as
// "CODE@line:column 'span'".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "frontend/yaml/read.h"
#include "ir/diag/sink.h"
#include "ir/support/source_map.h"

namespace wfc::yaml {

/// Keys whose values the reader's tests take for expressions.
inline constexpr std::string_view kExpressionKeys[] = {"if", "when", "decide"};

struct Reading {
  explicit Reading(std::string_view text, std::string_view path = "t.yaml",
                   const ReadOptions& options = {.expression_keys = kExpressionKeys})
      : file(sources.Add(std::string(path), std::string(text))),
        tree(Read(sources, file, sink, options)) {}

  /// "Y001@1:2 'text'" of each finding, in the order reported.
  [[nodiscard]] std::vector<std::string> Findings() const {
    std::vector<std::string> out;
    for (const diag::Diagnostic& found : sink.diagnostics()) {
      const Position at = sources.Locate(file, found.span.begin);
      out.push_back(fmt::format("{}@{}:{} '{}'", diag::GetInfo(found.code).name, at.line, at.column,
                                sources.text(found.span)));
    }
    return out;
  }

  /// The codes alone.
  [[nodiscard]] std::vector<std::string> Codes() const {
    std::vector<std::string> out;
    for (const diag::Diagnostic& found : sink.diagnostics()) {
      out.emplace_back(diag::GetInfo(found.code).name);
    }
    return out;
  }

  [[nodiscard]] std::string Message(size_t index = 0) const {
    return index < sink.diagnostics().size() ? sink.diagnostics()[index].message : "";
  }

  /// The tree on one line: `{a: 1, b: [x, ~]}`; text in quotes, poison as `?`.
  [[nodiscard]] std::string Show() const {
    return tree.root().has_value() ? Show(tree.root()) : "";
  }

  [[nodiscard]] std::string Show(NodeId node) const {
    switch (tree.kind(node)) {
      case Kind::Null:
        return "~";
      case Kind::Poison:
        return "?";
      case Kind::String:
        return fmt::format("\"{}\"", tree.text(node));
      case Kind::Map:
      case Kind::List:
        return ShowCollection(node);
      default:
        return std::string(tree.text(node));
    }
  }

  /// The value at a path of keys; fails the test's expectation by an empty id.
  [[nodiscard]] NodeId At(std::initializer_list<std::string_view> path) const {
    NodeId node = tree.root();
    for (const std::string_view key : path) {
      if (!node.has_value()) return {};
      node = tree.FindValue(node, key);
    }
    return node;
  }

  [[nodiscard]] std::string_view SpanText(NodeId node) const {
    return sources.text(tree.span(node));
  }

  /// The text with the fix of finding `index` applied.
  [[nodiscard]] std::string Fixed(size_t index = 0) const {
    std::string text(sources.text(file));
    const auto& fix = sink.diagnostics().at(index).fix;
    if (!fix) return {};
    for (auto edit = fix->edits.rbegin(); edit != fix->edits.rend(); ++edit) {
      text.replace(edit->span.begin, edit->span.end - edit->span.begin, edit->text);
    }
    return text;
  }

  SourceMap sources;
  diag::Sink sink;
  FileId file;
  Tree tree;

 private:
  [[nodiscard]] std::string ShowCollection(NodeId node) const {
    const bool is_map = tree.kind(node) == Kind::Map;
    std::string out;
    const auto children = tree.children(node);
    for (size_t i = 0; i < children.size(); ++i) {
      if (i > 0) out += is_map && i % 2 == 1 ? ": " : ", ";
      const bool is_key = is_map && i % 2 == 0;
      out += is_key ? std::string(tree.text(children[i])) : Show(children[i]);
    }
    return is_map ? "{" + out + "}" : "[" + out + "]";
  }
};

}  // namespace wfc::yaml
