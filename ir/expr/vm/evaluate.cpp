// The machine's loop. VerifyProgram has proved that the code stays in bounds, so nothing is checked
// here but the values and the budget.
#include <fmt/format.h>

#include "ir/expr/vm/operations.h"
#include "ir/expr/vm/vm.h"

namespace wfc {
namespace {

using vm::Meter;

/// An open comprehension.
struct Loop {
  LoopForm form;
  Value range;
  size_t next = 0;
  Value error;  ///< All, Exists: the first, absorbed if a later item decides
  uint64_t count = 0;
  std::vector<Value> collected;  ///< items, or keys and values
};

bool MakesMap(LoopKind kind) {
  return kind == LoopKind::TransformMap || kind == LoopKind::TransformMapEntry;
}

bool IsPredicate(LoopKind kind) {
  return kind != LoopKind::Transform && !MakesMap(kind);
}

/// `a && b` and `a || b` when neither is `absorbing`.
Value CombineLogic(Value left, Value right, bool absorbing) {
  const auto decides = [absorbing](const Value& value) {
    return value.kind() == Kind::Bool && value.AsBool() == absorbing;
  };
  if (decides(left) || decides(right)) return Value::Bool(absorbing);
  for (Value* operand : {&left, &right}) {
    if (operand->is_error() && operand->error_code() == ErrorCode::Unknown) return *operand;
  }
  for (Value* operand : {&left, &right}) {
    if (operand->is_error()) return *operand;
    if (operand->kind() != Kind::Bool) {
      return vm::TypeError(fmt::format("no overload of `{}` for {}", absorbing ? "||" : "&&",
                                       GetName(operand->kind())));
    }
  }
  return Value::Bool(!absorbing);
}

Value ToCondition(Value value) {
  if (value.kind() == Kind::Bool || value.is_error()) return value;
  return vm::TypeError(fmt::format("a condition is bool, not {}", GetName(value.kind())));
}

class Machine {
 public:
  Machine(const ProgramView& program, LoadContext& context, const Budget& budget)
      : code_(program.code.data()),
        constants_(program.constants),
        context_(context),
        meter_(budget) {
    stack_.reserve(8);
  }

  Value Run();

 private:
  void Push(Value value) { stack_.push_back(std::move(value)); }
  Value Pop() {
    Value value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }
  Value& Top() { return stack_.back(); }
  std::span<Value> TopValues(size_t count) { return std::span(stack_).last(count); }
  void Replace(size_t count, Value value) {
    stack_.resize(stack_.size() - count);
    Push(std::move(value));
  }
  uint32_t Word(uint32_t offset) const { return code_[at_ + offset]; }

  void RunSimple(Opcode opcode, uint32_t operand);
  void RunField(Opcode opcode);
  void RunIndex(Opcode opcode);
  void RunBinary(Opcode opcode);
  void RunMake(Opcode opcode);
  void RunOption(Opcode opcode);
  void RunCall(uint32_t count);
  /// Where to go on, for opcodes that jump.
  uint32_t RunJump(Opcode opcode, uint32_t operand, uint32_t after);
  uint32_t RunBranch();
  uint32_t RunCoalesce(uint32_t after);
  uint32_t BeginLoop(LoopForm form, uint32_t after);
  uint32_t NextItem(uint32_t after);
  uint32_t TestItem(uint32_t after);
  uint32_t StepLoop();
  uint32_t BeginOption(uint32_t after);
  uint32_t FinishLoop(Value result, uint32_t exit);
  /// What the loop makes once all items have been seen.
  Value ResultOf(Loop& loop);
  /// Takes in what the body yielded for an item; empty, or the error that ends the loop.
  Value Collect(Loop& loop, Value value);
  Value CollectEntries(Loop& loop, const Value& map);

  const uint32_t* code_;
  std::span<const Value> constants_;
  LoadContext& context_;
  Meter meter_;
  uint32_t at_ = 0;
  std::vector<Value> stack_;
  std::vector<Value> slots_;
  std::vector<Loop> loops_;
};

Value Machine::Run() {
  while (true) {
    const uint32_t word = code_[at_];
    const Opcode opcode = OpcodeOf(word);
    if (opcode == Opcode::Return) break;
    if (!meter_.Step()) return Meter::BudgetError();
    const uint32_t after = at_ + 1 + ExtraWords(opcode);
    at_ = RunJump(opcode, OperandOf(word), after);
    if (meter_.exhausted()) return Meter::BudgetError();
  }
  return Pop();
}

uint32_t Machine::RunJump(Opcode opcode, uint32_t operand, uint32_t after) {
  switch (opcode) {
    case Opcode::JumpIfFalse:
      return Top().is_false() ? Word(1) : after;
    case Opcode::JumpIfTrue:
      return Top().is_true() ? Word(1) : after;
    case Opcode::Jump:
      return Word(1);
    case Opcode::Branch:
      return RunBranch();
    case Opcode::JumpIfPresent:
      return RunCoalesce(after);
    case Opcode::LoopBegin:
      return BeginLoop(UnpackLoop(operand), after);
    case Opcode::LoopNext:
      return NextItem(after);
    case Opcode::LoopTest:
      return TestItem(after);
    case Opcode::LoopStep:
      return StepLoop();
    case Opcode::OptionBegin:
      return BeginOption(after);
    default:
      RunSimple(opcode, operand);
      return after;
  }
}

void Machine::RunSimple(Opcode opcode, uint32_t operand) {
  switch (opcode) {
    case Opcode::Const:
      return Push(constants_[Word(1)]);
    case Opcode::Load:
      return Push(
          context_.Load({.kind = static_cast<RootKind>(operand), .a = Word(1), .b = Word(2)}));
    case Opcode::Slot:
      return Push(slots_[operand]);
    case Opcode::Select:
    case Opcode::SelectOptional:
    case Opcode::Has:
      return RunField(opcode);
    case Opcode::Present:
      if (!Top().is_error() || Top().is_absent()) Top() = Value::Bool(!Top().is_error());
      return;
    case Opcode::Index:
    case Opcode::IndexOptional:
      return RunIndex(opcode);
    case Opcode::Not: {
      Value condition = ToCondition(Pop());
      return Push(condition.is_error() ? condition : Value::Bool(condition.is_false()));
    }
    case Opcode::Negate:
      if (!Top().is_error()) Top() = vm::Negate(Top());
      return;
    case Opcode::And:
    case Opcode::Or: {
      Value right = Pop();
      Top() = CombineLogic(std::move(Top()), std::move(right), opcode == Opcode::Or);
      return;
    }
    case Opcode::AbsentCoalesce:
      return Push(Value::Absent("no argument of `coalesce` is present"));
    case Opcode::Call:
      return RunCall(operand);
    case Opcode::BindBegin:
      slots_.push_back(Pop());
      return;
    case Opcode::BindEnd:
      slots_.pop_back();
      return;
    case Opcode::OptionEnd:
      slots_.pop_back();
      if (Top().is_error()) return;
      if (operand == 1) {
        Top() = Value::Optional(Value(Top()));
        return;
      }
      if (Top().kind() != Kind::Optional) Top() = vm::TypeError("`optFlatMap` yields an optional");
      return;
    case Opcode::MakeList:
    case Opcode::MakeMap:
    case Opcode::Concat:
      return RunMake(opcode);
    case Opcode::OptionToList:
    case Opcode::OptionToMap:
    case Opcode::Merge:
      return RunOption(opcode);
    default:
      return RunBinary(opcode);
  }
}

void Machine::RunBinary(Opcode opcode) {
  const Value right = Pop();
  Value& left = Top();
  if (left.is_error()) return;
  if (right.is_error()) {
    left = right;
    return;
  }
  left = vm::Binary(meter_, opcode, left, right);
}

void Machine::RunField(Opcode opcode) {
  const Value& name = constants_[Word(1)];
  Value operand = Pop();
  const bool through_optional = operand.kind() == Kind::Optional;
  if (through_optional) {
    const Value* held = operand.optional_value();
    if (held == nullptr) return Push(opcode == Opcode::Has ? Value::Bool(false) : operand);
    operand = Value(*held);
  }
  Value part = operand.is_error() ? operand : vm::Select(operand, name);
  if (opcode == Opcode::Has) {
    if (part.is_absent()) return Push(Value::Bool(false));
    return Push(part.is_error() ? part : Value::Bool(true));
  }
  if (opcode == Opcode::SelectOptional || through_optional) part = vm::ToOptional(std::move(part));
  Push(std::move(part));
}

void Machine::RunIndex(Opcode opcode) {
  const Value key = Pop();
  Value operand = Pop();
  const bool through_optional = operand.kind() == Kind::Optional;
  if (through_optional) {
    const Value* held = operand.optional_value();
    if (held == nullptr) return Push(operand);
    operand = Value(*held);
  }
  Value part = operand.is_error() ? operand
               : key.is_error()   ? key
                                  : vm::Index(meter_, operand, key);
  if (opcode == Opcode::IndexOptional || through_optional) part = vm::ToOptional(std::move(part));
  Push(std::move(part));
}

void Machine::RunMake(Opcode opcode) {
  const size_t count = Word(1) * (opcode == Opcode::MakeMap ? 2 : 1);
  const std::span<Value> parts = TopValues(count);
  for (const Value& part : parts) {
    if (!part.is_error()) continue;
    return Replace(count, Value(part));
  }
  Value made = opcode == Opcode::MakeList  ? vm::MakeList(meter_, parts)
               : opcode == Opcode::MakeMap ? vm::MakeMap(meter_, parts)
                                           : vm::ConcatText(meter_, parts);
  Replace(count, std::move(made));
}

void Machine::RunOption(Opcode opcode) {
  const Value right = Pop();
  Value left = opcode == Opcode::OptionToList ? Value() : Pop();
  if (left.is_error() || right.is_error()) return Push(left.is_error() ? left : right);
  if (opcode == Opcode::Merge) return Push(vm::MergeMaps(meter_, left, right));
  if (right.kind() != Kind::Optional) {
    return Push(vm::TypeError(fmt::format("`?` needs an optional, not {}", GetName(right.kind()))));
  }
  const Value* held = right.optional_value();
  std::vector<Value> parts;
  if (held != nullptr && opcode == Opcode::OptionToMap) parts.push_back(std::move(left));
  if (held != nullptr) parts.push_back(*held);
  Push(opcode == Opcode::OptionToList ? vm::MakeList(meter_, parts) : vm::MakeMap(meter_, parts));
}

void Machine::RunCall(uint32_t count) {
  const std::span<Value> arguments = TopValues(count);
  for (const Value& argument : arguments) {
    if (argument.is_error()) return Replace(count, Value(argument));
  }
  Value result = vm::CallBuiltin(meter_, static_cast<Builtin>(Word(1)), arguments);
  Replace(count, std::move(result));
}

uint32_t Machine::RunBranch() {
  Value condition = ToCondition(Pop());
  if (condition.is_true()) return at_ + 3;
  if (condition.is_false()) return Word(1);
  Push(std::move(condition));
  return Word(2);
}

uint32_t Machine::RunCoalesce(uint32_t after) {
  const bool is_absent =
      Top().is_absent() || (Top().kind() == Kind::Optional && Top().optional_value() == nullptr);
  if (is_absent) {
    stack_.pop_back();
    return after;
  }
  if (Top().kind() == Kind::Optional) Top() = Value(*Top().optional_value());
  return Word(1);
}

uint32_t Machine::BeginLoop(LoopForm form, uint32_t after) {
  Value range = Pop();
  if (!range.is_error() && range.kind() != Kind::List && range.kind() != Kind::Map) {
    range = vm::TypeError(fmt::format("{} has no items to go through", GetName(range.kind())));
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
      return vm::MakeMap(meter_, loop.collected);
    case LoopKind::Filter:
    case LoopKind::Transform:
      break;
  }
  return vm::MakeList(meter_, loop.collected);
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
      if (!loop.error.is_error() || value.error_code() == ErrorCode::Unknown) loop.error = value;
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
    return vm::TypeError(
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
    option = vm::TypeError(fmt::format("{} is no optional", GetName(option.kind())));
  }
  if (option.is_error() || option.optional_value() == nullptr) {
    Push(std::move(option));
    return Word(1);
  }
  slots_.push_back(*option.optional_value());
  return after;
}

}  // namespace

Value Evaluate(const ProgramView& program, LoadContext& context, const Budget& budget) {
  return Machine(program, context, budget).Run();
}

}  // namespace wfc
