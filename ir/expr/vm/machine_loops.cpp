// The instructions of the machine for comprehensions and for `optMap`.
#include <fmt/format.h>

#include "ir/expr/vm/machine.h"

namespace wfc::vm {
namespace {

bool MakesMap(LoopKind kind) {
  return kind == LoopKind::TransformMap || kind == LoopKind::TransformMapEntry;
}

bool IsPredicate(LoopKind kind) {
  return kind != LoopKind::Transform && !MakesMap(kind);
}

}  // namespace

uint32_t Machine::BeginLoop(LoopForm form, uint32_t after) {
  Value range = Pop();
  if (!range.is_error() && range.kind() != Kind::List && range.kind() != Kind::Map) {
    range = TypeError(fmt::format("{} has no items to go through", GetName(range.kind())));
  }
  if (range.is_error()) {
    Push(std::move(range));
    return Word(1);
  }
  slots_.resize(slots_.size() + SlotsOf(form));
  loops_.emplace_back();
  loops_.back().form = form;
  loops_.back().range = std::move(range);
  return after;
}

uint32_t Machine::FinishLoop(Value result, uint32_t exit) {
  slots_.resize(slots_.size() - SlotsOf(loops_.back().form));
  loops_.pop_back();
  Push(std::move(result));
  return exit;
}

Value Machine::ResultOf(Loop& loop) {
  switch (loop.form.kind) {
    case LoopKind::All:
    case LoopKind::Exists:
      return loop.error.is_error() ? loop.error : Value::Bool(loop.form.kind == LoopKind::All);
    case LoopKind::ExistsOne:
      return Value::Bool(loop.count == 1);
    case LoopKind::TransformMap:
    case LoopKind::TransformMapEntry:
      return MakeMap(meter_, loop.collected);
    case LoopKind::Filter:
    case LoopKind::Transform:
      break;
  }
  return MakeList(meter_, loop.collected);
}

uint32_t Machine::NextItem(uint32_t after) {
  Loop& loop = loops_.back();
  const bool is_list = loop.range.kind() == Kind::List;
  const size_t count = is_list ? loop.range.items().size() : loop.range.entries().size();
  if (loop.next == count) return FinishLoop(ResultOf(loop), Word(1));
  const size_t index = loop.next++;
  if (!loop.form.has_pairs) {
    slots_.back() = is_list ? loop.range.items()[index] : loop.range.entries()[index].key;
    return after;
  }
  Value& key = slots_[slots_.size() - 2];
  key = is_list ? Value::Int(static_cast<int64_t>(index)) : loop.range.entries()[index].key;
  slots_.back() = is_list ? loop.range.items()[index] : loop.range.entries()[index].value;
  return after;
}

uint32_t Machine::TestItem(uint32_t after) {
  Value condition = ToCondition(Pop());
  if (condition.is_true()) return after;
  if (condition.is_false()) return Word(1);
  return FinishLoop(std::move(condition), Word(2));
}

uint32_t Machine::StepLoop() {
  Loop& loop = loops_.back();
  const LoopKind kind = loop.form.kind;
  Value value = Pop();
  if (IsPredicate(kind)) value = ToCondition(std::move(value));
  if (kind == LoopKind::All || kind == LoopKind::Exists) {
    if (value.is_error()) {
      if (!loop.error.is_error() || value.error_code() == EvalError::Unknown) loop.error = value;
    } else if (value.AsBool() == (kind == LoopKind::Exists)) {
      return FinishLoop(std::move(value), Word(2));
    }
    return Word(1);
  }
  if (!value.is_error()) value = Collect(loop, std::move(value));
  return value.is_error() ? FinishLoop(std::move(value), Word(2)) : Word(1);
}

Value Machine::Collect(Loop& loop, Value value) {
  switch (loop.form.kind) {
    case LoopKind::ExistsOne:
      loop.count += value.is_true() ? 1 : 0;
      return {};
    case LoopKind::Filter:
      if (value.is_true()) loop.collected.push_back(slots_.back());
      return {};
    case LoopKind::TransformMap:
      loop.collected.push_back(slots_[slots_.size() - SlotsOf(loop.form)]);
      break;
    case LoopKind::TransformMapEntry:
      return CollectEntries(loop, value);
    default:
      break;
  }
  loop.collected.push_back(std::move(value));
  return {};
}

Value Machine::CollectEntries(Loop& loop, const Value& map) {
  if (map.kind() != Kind::Map) {
    return TypeError(
        fmt::format("`transformMapEntry` makes its map of maps, not {}", GetName(map.kind())));
  }
  if (!meter_.Allocate(map.entries().size() * sizeof(MapEntry), 0)) return Meter::BudgetError();
  for (const MapEntry& entry : map.entries()) {
    loop.collected.push_back(entry.key);
    loop.collected.push_back(entry.value);
  }
  return {};
}

uint32_t Machine::BeginOption(uint32_t after) {
  Value option = Pop();
  if (!option.is_error() && option.kind() != Kind::Optional) {
    option = TypeError(fmt::format("{} is not an optional", GetName(option.kind())));
  }
  if (option.is_error() || option.optional_value() == nullptr) {
    Push(std::move(option));
    return Word(1);
  }
  slots_.push_back(*option.optional_value());
  return after;
}

}  // namespace wfc::vm
