// Merges the instructions of each schema into its record. What a record cannot represent stays in
// the code.
#include "ir/types/vm/records.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "ir/types/vm/large_enums.h"
#include "ir/value/numbers.h"

namespace wfc::types {
namespace {

// The most references in a row that are resolved when the records are made.
constexpr int kMaxHops = 16;
// FitsTexts compares with all texts of a record; for more texts, stopping at the match is faster.
constexpr uint32_t kMaxTexts = 16;

struct Bound {
  Op op;
  bool is_lower;
  bool is_exclusive;
};
constexpr Bound kBounds[] = {{Op::Minimum, true, false},
                             {Op::Maximum, false, false},
                             {Op::ExclusiveMinimum, true, true},
                             {Op::ExclusiveMaximum, false, true}};

struct Limit {
  Op op;
  uint32_t SchemaRecord::* member;
  bool is_lower;
};
constexpr Limit kLimits[] = {{Op::MinLength, &SchemaRecord::min_length, true},
                             {Op::MaxLength, &SchemaRecord::max_length, false},
                             {Op::MinItems, &SchemaRecord::min_items, true},
                             {Op::MaxItems, &SchemaRecord::max_items, false}};

struct KindCheck {
  Kind kind;
  TypeMask types;  ///< a value of the kind may have any of these types
  Check check;     ///< the check to use when the record has only limits for the kind
};
constexpr KindCheck kKindChecks[] = {{Kind::Null, Bit(TypeBit::Null), Check::Pass},
                                     {Kind::Bool, Bit(TypeBit::Boolean), Check::Pass},
                                     {Kind::Int, Bit(TypeBit::Integer), Check::Int},
                                     {Kind::Double, kNumberTypes, Check::Double},
                                     {Kind::String, Bit(TypeBit::String), Check::String},
                                     {Kind::List, Bit(TypeBit::Array), Check::List},
                                     {Kind::Map, Bit(TypeBit::Object), Check::Object}};

template <class Row, size_t count, class Key>
const Row* FindRow(const Row (&rows)[count], Key Row::* key, Key wanted) {
  const Row* found = std::ranges::find(rows, wanted, key);
  return found == std::end(rows) ? nullptr : found;
}

/// Narrows a range to the doubles that the bound admits, exactly.
void NarrowDoubles(NumberRange& range, Bound bound, const Value& limit) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double nearest = ToDouble(limit);
  const std::strong_ordering order = *CompareNumbers(Value::Double(nearest), limit);
  const bool is_outside = bound.is_lower ? order < 0 : order > 0;
  if (is_outside || (bound.is_exclusive && order == 0)) {
    nearest = std::nextafter(nearest, bound.is_lower ? kInfinity : -kInfinity);
  }
  double& end = bound.is_lower ? range.least : range.most;
  end = bound.is_lower ? std::max(end, nearest) : std::min(end, nearest);
}

/// The integer at or next to `limit` on the admitted side; no value when `limit` is beyond all
/// int64.
std::optional<int64_t> FindInt(const Value& limit, bool is_lower) {
  using Limits = std::numeric_limits<int64_t>;
  const bool is_beyond = *CompareNumbers(limit, Value::Int(Limits::max())) > 0 ||
                         *CompareNumbers(limit, Value::Int(Limits::min())) < 0;
  if (is_beyond) return std::nullopt;
  if (limit.kind() == Kind::Int) return limit.AsInt();
  if (limit.kind() == Kind::Uint) return static_cast<int64_t>(limit.AsUint());
  const double number = limit.AsDouble();
  return static_cast<int64_t>(is_lower ? std::ceil(number) : std::floor(number));
}

void AdmitNoInts(NumberRange& range) {
  range.least_int = std::numeric_limits<int64_t>::max();
  range.most_int = std::numeric_limits<int64_t>::min();
}

void NarrowInts(NumberRange& range, Bound bound, const Value& limit) {
  using Limits = std::numeric_limits<int64_t>;
  const std::optional<int64_t> found = FindInt(limit, bound.is_lower);
  if (!found) {
    const bool is_above = *CompareNumbers(limit, Value::Int(0)) > 0;
    return is_above == bound.is_lower ? AdmitNoInts(range) : void();
  }
  const bool is_open = bound.is_exclusive && *CompareNumbers(Value::Int(*found), limit) == 0;
  if (is_open && *found == (bound.is_lower ? Limits::max() : Limits::min())) {
    return AdmitNoInts(range);
  }
  if (bound.is_lower) {
    range.least_int = std::max(range.least_int, *found + (is_open ? 1 : 0));
  } else {
    range.most_int = std::min(range.most_int, *found - (is_open ? 1 : 0));
  }
}

PropertySlot::Rest RestOf(const Value& name) {
  if (name.byte_count() <= kMaxHeadBytes) return PropertySlot::Rest::None;
  return name.byte_count() <= kMaxKeyedBytes ? PropertySlot::Rest::Tail : PropertySlot::Rest::Text;
}

PropertySlot MakeSlot(const Value& name, const SchemaRecord* record, bool is_required) {
  return {.key = name.text_key(),
          .record = record,
          .is_required = is_required,
          .rest = RestOf(name),
          .name = name};
}

class Maker {
 public:
  explicit Maker(const SchemaCode& code) : code_(code) {}

  SchemaRecords Make() {
    NumberSchemas();
    for (SchemaRecord& record : std::span(made_.records).subspan(1)) {
      record_ = &record;
      Fill();
    }
    return std::move(made_);
  }

 private:
  // Makes all records first, because records point to each other.
  void NumberSchemas() {
    made_.records.emplace_back();  // accepts any value
    made_.slots.push_back({.is_end = true});
    bool begins = true;
    for (uint32_t at = 0; at < code_.code.size();) {
      const Instruction instruction = ReadInstruction(code_.code, at);
      if (begins) made_.records.push_back({.entry = at});
      begins = instruction.op == Op::End;
      at = NextInstruction(instruction, at);
    }
    made_.by_entry.resize(code_.code.size());
    for (const SchemaRecord& record : std::span(made_.records).subspan(1)) {
      made_.by_entry[record.entry] = &record;
    }
  }

  void Fill() {
    SchemaRecord& record = *record_;
    record.other_properties = anything();
    required_ = properties_ = {};
    has_properties_ = is_code_ = false;
    std::vector<const SchemaRecord*> all;
    std::vector<uint32_t> code;
    for (uint32_t at = record.entry;;) {
      const Instruction instruction = ReadInstruction(code_.code, at);
      if (instruction.op == Op::End) break;
      if (instruction.op == Op::Ref || instruction.op == Op::AllOf) {
        for (const uint32_t target : instruction.operands) all.push_back(RecordOf(target));
      } else if (!Merge(instruction)) {
        code.push_back(at);
      }
      at = NextInstruction(instruction, at);
    }
    AddSlots();
    AddTexts();
    record.all = Append(made_.targets, all);
    record.code = Append(made_.instructions, code);
    for (size_t i = 0; i < kKindCount; ++i) record.checks[i] = CheckOf(static_cast<Kind>(i));
  }

  /// Merges an instruction into the record. Returns false if the record cannot represent it.
  bool Merge(const Instruction& instruction) {
    SchemaRecord& record = *record_;
    const std::span<const uint32_t> operands = instruction.operands;
    const Op op = instruction.op;
    if (op == Op::Default) return true;
    if (op == Op::Scope || op == Op::UnevaluatedItems || op == Op::UnevaluatedProperties) {
      is_code_ = true;
      return true;
    }
    if (op == Op::False) {
      record.types = 0;
      return true;
    }
    if (op == Op::Type) {
      record.types &= static_cast<TypeMask>(operands[0]);
      return true;
    }
    if (const Bound* bound = FindRow(kBounds, &Bound::op, op)) {
      return MergeBound(*bound, code_.constants[operands[0]]);
    }
    if (const Limit* limit = FindRow(kLimits, &Limit::op, op)) {
      uint32_t& kept = record.*(limit->member);
      kept = limit->is_lower ? std::max(kept, operands[0]) : std::min(kept, operands[0]);
      return true;
    }
    if (op == Op::Pattern && record.pattern == kNoTarget) {
      record.pattern = operands[0];
      return true;
    }
    return MergeParts(instruction);
  }

  bool MergeBound(Bound bound, const Value& limit) {
    if (limit.kind() == Kind::Double && !std::isfinite(limit.AsDouble())) return false;
    NarrowInts(record_->numbers, bound, limit);
    NarrowDoubles(record_->numbers, bound, limit);
    return true;
  }

  /// Merges instructions that a record can hold at most once.
  bool MergeParts(const Instruction& instruction) {
    SchemaRecord& record = *record_;
    const std::span<const uint32_t> operands = instruction.operands;
    if (instruction.op == Op::Required && required_.empty()) {
      required_ = operands;
      return true;
    }
    if (instruction.op == Op::Properties && !has_properties_) {
      has_properties_ = true;
      if (operands[0] != kNoTarget) record.other_properties = RecordOf(operands[0]);
      properties_ = operands.subspan(1);
      return true;
    }
    if (instruction.op == Op::Items && record.items == nullptr) {
      record.first_item = operands[0];
      record.items = RecordOf(operands[1]);
      return true;
    }
    const bool is_listed = instruction.op == Op::Enum || instruction.op == Op::Const;
    const bool are_few = !operands.empty() && operands.size() <= kLargeEnum;
    if (is_listed && are_few && record.constants.count == 0) {
      std::vector<Value> constants;
      for (const uint32_t index : operands) constants.push_back(code_.constants[index]);
      record.constants = Append(made_.constants, constants);
      return true;
    }
    if (instruction.op == Op::AnyOf && !operands.empty() && record.any.count == 0) {
      std::vector<const SchemaRecord*> any;
      for (const uint32_t target : operands) any.push_back(RecordOf(target));
      record.any = Append(made_.targets, any);
      return true;
    }
    return false;
  }

  /// Makes the slots from the names of `required` and `properties`, which are both sorted.
  void AddSlots() {
    std::vector<PropertySlot> slots;
    size_t at = 0;
    const auto add_required_before = [&](const Value* name) {
      for (; at < required_.size(); ++at) {
        const Value& next = code_.constants[required_[at]];
        if (name != nullptr && next.AsString() >= name->AsString()) return;
        slots.push_back(MakeSlot(next, record_->other_properties, true));
      }
    };
    for (size_t i = 0; i < properties_.size(); i += 2) {
      const Value& name = code_.constants[properties_[i]];
      add_required_before(&name);
      const bool is_required = at < required_.size() && code_.constants[required_[at]] == name;
      if (is_required) ++at;
      slots.push_back(MakeSlot(name, RecordOf(properties_[i + 1]), is_required));
    }
    add_required_before(nullptr);
    slots.push_back({.is_end = true});
    record_->slots = Append(made_.slots, slots);
  }

  /// Collects the constants that are Strings, if a TextKey describes each completely.
  void AddTexts() {
    SchemaRecord& record = *record_;
    if (record.constants.count > kMaxTexts) return;
    std::vector<TextKey> texts;
    for (const Value& constant : PartOf(made_.constants, record.constants)) {
      if (!constant.is_string()) continue;
      if (constant.byte_count() > kMaxKeyedBytes) return;
      record.has_long_texts |= constant.byte_count() > kMaxHeadBytes;
      texts.push_back(constant.text_key());
    }
    record.texts = Append(made_.texts, texts);
  }

  /// Whether the record constrains Strings only by its texts.
  [[nodiscard]] bool IsOneText() const {
    const SchemaRecord& record = *record_;
    return record.texts.count > 0 && record.any.count + record.all.count + record.code.count == 0 &&
           record.min_length == 0 && record.max_length == kNoCount && record.pattern == kNoTarget;
  }

  /// How the record checks values of `kind`.
  [[nodiscard]] Check CheckOf(Kind kind) const {
    const SchemaRecord& record = *record_;
    const bool has_more =
        record.constants.count + record.any.count + record.all.count + record.code.count > 0;
    const KindCheck* found = FindRow(kKindChecks, &KindCheck::kind, kind);
    if (is_code_) return Check::Code;
    if (record.types == 0) return Check::Fail;
    if (found == nullptr) return Check::Code;
    if ((record.types & found->types) == 0) return Check::Fail;
    if (kind == Kind::String && IsOneText()) return Check::OneText;
    if (has_more) return Check::More;
    if (kind == Kind::String && record.pattern == kNoTarget) return Check::Text;
    return found->check;
  }

  template <class Part>
  static RecordRange Append(std::vector<Part>& to, const std::vector<Part>& parts) {
    const RecordRange range = {static_cast<uint32_t>(to.size()),
                               static_cast<uint32_t>(parts.size())};
    to.insert(to.end(), parts.begin(), parts.end());
    return range;
  }

  [[nodiscard]] const SchemaRecord* anything() const { return &made_.records.front(); }

  /// The record of a target. A schema that only refers to another is replaced by that one.
  [[nodiscard]] const SchemaRecord* RecordOf(uint32_t target) const {
    for (int hops = 0; hops < kMaxHops; ++hops) {
      const Instruction first = ReadInstruction(code_.code, target);
      if (first.op == Op::End) return anything();
      const Instruction second = ReadInstruction(code_.code, NextInstruction(first, target));
      if (first.op != Op::Ref || second.op != Op::End) break;
      target = first.operands[0];
    }
    return made_.by_entry[target];
  }

  const SchemaCode& code_;
  SchemaRecords made_;
  SchemaRecord* record_ = nullptr;  // the record being filled; the members below are its sources
  std::span<const uint32_t> required_;
  std::span<const uint32_t> properties_;
  bool has_properties_ = false;
  bool is_code_ = false;  // whether only the code can decide
};

}  // namespace

SchemaRecords MakeRecords(const SchemaCode& code) {
  return Maker(code).Make();
}

}  // namespace wfc::types
