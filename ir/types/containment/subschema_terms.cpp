#include "ir/types/containment/subschema_terms.h"

#include <utility>

#include "ir/base/check.h"
#include "ir/types/vm/patterns.h"

namespace wfc::types {

Term TermTable::IsNot(const Value& value) {
  const uint64_t hash = HashIdentical(value);
  for (auto [at, end] = indices_of_values_.equal_range(hash); at != end; ++at) {
    if (Identical(values_[at->second], value)) return {at->second, Demand::IsNot};
  }
  const auto index = static_cast<uint32_t>(values_.size());
  values_.push_back(value);
  indices_of_values_.emplace(hash, index);
  return {index, Demand::IsNot};
}

Term TermTable::OfPattern(const SchemaPattern& pattern, Demand demand) {
  const auto index = static_cast<uint32_t>(patterns_.size());
  const auto [entry, is_new] = indices_of_patterns_.try_emplace(pattern.source, index);
  if (is_new) {
    Result<std::unique_ptr<RE2>> compiled = CompilePattern(pattern.re2);
    WFC_CHECK(compiled.ok());  // the schema parser has compiled it before
    patterns_.push_back({pattern.source, std::move(*compiled), nullptr});
  }
  return {entry->second, demand};
}

bool TermTable::Matches(Term term, std::string_view text) const {
  return MatchesPattern(*patterns_[term.index].re2, text);
}

const RegexAutomaton& TermTable::automaton(Term term) {
  Pattern& pattern = patterns_[term.index];
  if (pattern.automaton == nullptr) {
    const Result<Regex> regex = ParseRegex(pattern.source);
    WFC_CHECK(regex.ok());  // the schema parser has parsed it before
    pattern.automaton = std::make_unique<RegexAutomaton>(*regex);
  }
  return *pattern.automaton;
}

}  // namespace wfc::types
