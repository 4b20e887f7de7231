#include "passes/presence/outcomes.h"

#include <algorithm>
#include <bit>

namespace wfc::presence {

namespace {

uint32_t BitCountOf(const Subject& subject) {
  return static_cast<uint32_t>(std::bit_width(subject.class_count - 1));
}

bool FitsCode(uint32_t code, std::span<const Literal> bits) {
  return std::ranges::all_of(
      bits, [&](const Literal& bit) { return (code >> bit.variable & 1) == (bit.value ? 1 : 0); });
}

}  // namespace

Outcomes::Outcomes(const Graph& graph)
    : graph_(graph), bits_(graph.subjects.size()), events_(graph.stages.size()) {}

Formula Outcomes::MakeVariable(const Variable& variable, bool usual) {
  variables_.push_back(variable);
  return formulas_.MakeVariable(usual);
}

const Outcomes::Bits& Outcomes::BitsOf(SubjectId subject) {
  Bits& bits = bits_[subject];
  while (bits.size() < BitCountOf(graph_.subjects[subject])) {
    const auto bit = static_cast<uint32_t>(bits.size());
    bits.push_back(MakeVariable({.subject = subject, .bit = bit}, false));
  }
  return bits;
}

/// The number of a class is encoded in bits, so that classes exclude each other without a
/// constraint. Codes beyond the last class count as the last class.
Formula Outcomes::Among(SubjectId subject, uint32_t first, uint32_t count) {
  if (count == 0) return kNever;
  const uint32_t class_count = graph_.subjects[subject].class_count;
  const auto bit_count = static_cast<uint32_t>(BitsOf(subject).size());
  uint32_t last = first + count - 1;
  if (last == class_count - 1) last = (1U << bit_count) - 1;
  return AmongCodes(subject, bit_count, 0, first, last);
}

/// The subject's code, of which the high bits are those of `base` and the lowest `bit_count` bits
/// are open, is between `first` and `last`, both included.
Formula Outcomes::AmongCodes(SubjectId subject, uint32_t bit_count, uint32_t base, uint32_t first,
                             uint32_t last) {
  const uint32_t end = base + (1U << bit_count) - 1;
  if (end < first || last < base) return kNever;
  if (first <= base && end <= last) return kAlways;
  const uint32_t bit = bit_count - 1;
  const Formula low = AmongCodes(subject, bit, base, first, last);
  const Formula high = AmongCodes(subject, bit, base + (1U << bit), first, last);
  const Formula is_set = bits_[subject][bit];
  return formulas_.Or(formulas_.And(is_set, high), formulas_.And(Formulas::Not(is_set), low));
}

Formula Outcomes::Happens(ir::StageId stage, Event event) {
  Formula& formula = events_[stage][static_cast<size_t>(event)];
  if (formula == kNever) formula = MakeVariable({.stage = stage, .event = event}, false);
  return formula;
}

/// An event that does not happen costs next to nothing; among events that happen, ordinary ones are
/// cheaper.
uint32_t Outcomes::CostOf(Literal literal) const {
  const Variable& variable = variables_[literal.variable];
  if (variable.subject.has_value()) return literal.value ? 11 : 10;
  if (!literal.value) return 1;
  return variable.event == Event::Cancelled ? 60 : 30;
}

std::vector<uint32_t> Outcomes::ClassesThatFit(SubjectId subject,
                                               std::span<const Literal> literals) const {
  std::vector<Literal> bits;
  for (const Literal& literal : literals) {
    const Variable& variable = variables_[literal.variable];
    if (variable.subject == subject) bits.push_back({variable.bit, literal.value});
  }
  const Subject& whose = graph_.subjects[subject];
  std::vector<uint32_t> classes;
  for (uint32_t code = 0; code < 1U << BitCountOf(whose); ++code) {
    if (!FitsCode(code, bits)) continue;
    classes.push_back(std::min(code, whose.class_count - 1));
  }
  const auto repeated = std::ranges::unique(classes);
  classes.erase(repeated.begin(), repeated.end());
  return classes;
}

std::optional<Assignment> Outcomes::Explain(Formula formula) {
  const auto literals =
      formulas_.FindAssignment(formula, [&](Literal literal) { return CostOf(literal); });
  if (!literals) return std::nullopt;
  Assignment assignment;
  std::vector<SubjectId> subjects;
  for (const Literal& literal : *literals) {
    const Variable& variable = variables_[literal.variable];
    if (variable.subject.has_value()) {
      subjects.push_back(variable.subject);
    } else {
      assignment.events.push_back(
          {.stage = variable.stage, .event = variable.event, .happens = literal.value});
    }
  }
  // The bits of a subject were made together, so that their literals are adjacent.
  const auto repeated = std::ranges::unique(subjects);
  subjects.erase(repeated.begin(), repeated.end());
  for (const SubjectId subject : subjects) {
    assignment.values.push_back({subject, ClassesThatFit(subject, *literals)});
  }
  return assignment;
}

}  // namespace wfc::presence
