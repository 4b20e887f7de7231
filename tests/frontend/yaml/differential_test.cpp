// The reader against libyaml, which is strict: over the corpus both read the same tree, and where
// libyaml refuses, so does the reader. libyaml is linked here only.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <yaml.h>

#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

namespace fs = std::filesystem;

/// libyaml's events in the notation of `Shape`; empty on an error.
class Oracle {
 public:
  static std::optional<std::string> Shape(std::string_view text) {
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    std::optional<std::string> shape = "";
    int documents = 0;
    for (bool done = false; !done && shape;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser, &event) == 0) {
        shape.reset();
        break;
      }
      if (event.type == YAML_DOCUMENT_START_EVENT && ++documents > 1) shape.reset();
      if (shape) Add(event, *shape);
      done = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return shape;
  }

 private:
  static void Add(const yaml_event_t& event, std::string& shape) {
    switch (event.type) {
      case YAML_MAPPING_START_EVENT:
        shape += "{";
        break;
      case YAML_MAPPING_END_EVENT:
        shape += "}";
        break;
      case YAML_SEQUENCE_START_EVENT:
        shape += "[";
        break;
      case YAML_SEQUENCE_END_EVENT:
        shape += "]";
        break;
      case YAML_SCALAR_EVENT:
        shape.append("<")
            .append(reinterpret_cast<const char*>(event.data.scalar.value),
                    event.data.scalar.length)
            .append(">");
        break;
      case YAML_ALIAS_EVENT:
        shape += "*";
        break;
      default:
        break;
    }
  }
};

void Shape(const Tree& tree, NodeId node, std::string& shape) {
  if (tree.has_flag(node, kAliased)) {
    shape += "*";
  } else if (tree.IsScalar(node)) {
    shape.append("<").append(tree.text(node)).append(">");
  } else {
    const bool is_map = tree.kind(node) == Kind::Map;
    shape += is_map ? "{" : "[";
    for (const NodeId child : tree.children(node)) Shape(tree, child, shape);
    shape += is_map ? "}" : "]";
  }
}

std::string Shape(const Reading& read) {
  std::string shape;
  if (read.tree.root().has_value()) Shape(read.tree, read.tree.root(), shape);
  return shape;
}

bool HasFinding(const Reading& read, std::string_view code) {
  return std::ranges::any_of(read.sink.diagnostics(), [&](const diag::Diagnostic& found) {
    return diag::GetInfo(found.code).name == code;
  });
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Findings by which the tree rightly differs from libyaml's events, or is stricter.
bool MayDiffer(const Reading& read) {
  return HasFinding(read, "Y002") || HasFinding(read, "Y008") || HasFinding(read, "Y005") ||
         HasFinding(read, "K001") || HasFinding(read, "Y007");
}

void Compare(const std::string& text, const std::string& name) {
  const Reading read(text);
  const std::optional<std::string> oracle = Oracle::Shape(text);
  if (MayDiffer(read)) return;
  if (!oracle) {
    EXPECT_TRUE(HasFinding(read, "Y001")) << name << ":\n" << text;
  } else if (!HasFinding(read, "Y001")) {
    EXPECT_EQ(Shape(read), *oracle) << name << ":\n" << ::testing::PrintToString(text);
  }
}

TEST(Differential, TheManifestsOfTheTestDataAreReadAlike) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(WFC_SOURCE_DIR) / "tests/data/yaml")) {
    const std::string text = ReadFile(entry.path());
    const Reading read(text);
    EXPECT_FALSE(HasFinding(read, "Y001")) << entry.path() << read.Message();
    Compare(text, entry.path().filename());
    ++files;
  }
  EXPECT_GE(files, 8);
}

/// A random manifest-like text: mostly well formed, in every style.
class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  std::string Make() {
    out_.clear();
    Block(0, 3);
    return out_;
  }

 private:
  uint32_t Pick(uint32_t count) { return random_() % count; }

  void Block(uint32_t indent, uint32_t depth) {
    const bool is_map = Pick(3) > 0;
    const uint32_t count = 1 + Pick(4);
    for (uint32_t i = 0; i < count; ++i) {
      out_.append(indent, ' ');
      if (is_map) {
        out_ += fmt::format("k{}:", i);
      } else {
        out_ += "-";
      }
      Value(indent, depth);
    }
  }

  void Value(uint32_t indent, uint32_t depth) {
    const std::string pad(indent + 2, ' ');
    switch (Pick(depth > 0 ? 12 : 9)) {
      case 0:
        out_ += Pick(2) == 0 ? "\n" : " # note\n";
        break;
      case 1:
        out_ += " plain text\n";
        break;
      case 2:
        out_ += fmt::format(" many\n{}  lines\n\n{}here # note\n", pad, pad);
        break;
      case 3:
        out_ += fmt::format(" 'it''s\n\n {}q'\n", pad);
        break;
      case 4:
        out_ += fmt::format(" \"t\\t\\u00e9 \\\n{} x\"\n", pad);
        break;
      case 5:
        out_ += fmt::format(" |{}\n{}one\n{}  two\n\n{}three\n", Pick(2) == 0 ? "" : "-", pad, pad,
                            pad);
        break;
      case 6:
        out_ += fmt::format(" >{}\n{}one\n{}two\n\n{}three\n{}  more\n{}four\n",
                            Pick(2) == 0 ? "" : "+", pad, pad, pad, pad, pad);
        break;
      case 7:
        out_ += " [a, {b: c, \"d\":e}, [], 'x']\n";
        break;
      case 8:
        out_ += fmt::format(" {{a: 1,\n{}b: [x,\n{}y], c: }}\n", pad, pad);
        break;
      default:
        out_ += "\n";
        Block(indent + 2, depth - 1);
    }
  }

  std::mt19937 random_;
  std::string out_;
};

TEST(Differential, GeneratedTextsAreReadAlike) {
  for (uint32_t seed = 0; seed < 400; ++seed) {
    const std::string text = Generator(seed).Make();
    const Reading read(text);
    EXPECT_FALSE(HasFinding(read, "Y001")) << text << read.Message();
    Compare(text, fmt::format("seed {}", seed));
  }
}

TEST(Differential, WhatLibyamlRefusesAfterAMutationIsRefused) {
  std::mt19937 random(7);
  // Not `?`, `:`, `,`, `&`, `!`, `%` and tabs, where libyaml follows YAML 1.1 and the reader 1.2.
  static constexpr std::string_view kBytes = "{}[]-#*|>'\"@` \nax1";
  for (uint32_t seed = 0; seed < 4000; ++seed) {
    std::string text = Generator(seed % 100).Make();
    const size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    if (random() % 2 == 0) {
      text[at] = byte;
    } else {
      text.insert(at, 1, byte);
    }
    Compare(text, fmt::format("seed {}", seed));
  }
}

}  // namespace
}  // namespace wfc::yaml
