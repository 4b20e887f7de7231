#include "backend-runtime/simulate/vocabulary.h"

#include <algorithm>

#include "ir/expr/vm/bytecode.h"

namespace wfc::simulate {
namespace {

using plan::ConstantId;
using plan::ProgramId;

/// The most texts, and the most numbers.
constexpr size_t kMostWords = 256;
constexpr size_t kLongestWord = 256;

class Collector {
 public:
  explicit Collector(const plan::PlanView& plan) : plan_(plan) {}

  void AddConstant(const Value& value) {
    if (value.is_number()) AddNumber(value);
    if (value.is_string() && vocabulary_.texts.size() < kMostWords) AddText(value.AsString());
    if (value.kind() != Kind::List) return;
    for (const Value& item : value.items()) {
      if (item.is_number()) AddNumber(item);
      if (item.is_string()) AddText(item.AsString());
    }
  }

  void AddProgram(ProgramId program) {
    if (!program.has_value()) return;
    const std::span<const uint32_t> code = plan_.program(program).code;
    for (size_t at = 0; at < code.size(); at += 1 + ExtraWords(OpcodeOf(code[at]))) {
      if (OpcodeOf(code[at]) == Opcode::Const)
        AddConstant(plan_.constant(ConstantId(code[at + 1])));
    }
  }

  types::Vocabulary Take() { return std::move(vocabulary_); }

 private:
  void AddNumber(const Value& number) {
    if (vocabulary_.numbers.size() >= kMostWords) return;
    const bool is_new = std::ranges::find(vocabulary_.numbers, number) == vocabulary_.numbers.end();
    if (is_new) vocabulary_.numbers.push_back(number);
  }

  void AddText(std::string_view text) {
    if (text.empty() || text.size() > kLongestWord || vocabulary_.texts.size() >= kMostWords)
      return;
    const bool is_new = std::ranges::find(vocabulary_.texts, text) == vocabulary_.texts.end();
    if (is_new) vocabulary_.texts.emplace_back(text);
  }

  const plan::PlanView& plan_;
  types::Vocabulary vocabulary_;
};

}  // namespace

types::Vocabulary CollectVocabulary(const plan::PlanView& plan) {
  Collector collector(plan);
  for (const plan::fb::Route& route : plan.routes) {
    const ConstantId key(route.key());
    if (key.has_value()) collector.AddConstant(plan.constant(key));
    collector.AddProgram(ProgramId(route.when()));
  }
  for (const plan::fb::Decide& decide : plan.decides) {
    collector.AddProgram(ProgramId(decide.subject()));
  }
  for (const plan::fb::Assert& each : plan.asserts) {
    collector.AddProgram(ProgramId(each.program()));
  }
  for (const plan::fb::Node& node : plan.nodes) {
    collector.AddProgram(ProgramId(node.condition()));
  }
  return collector.Take();
}

}  // namespace wfc::simulate
