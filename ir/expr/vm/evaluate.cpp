// Evaluate (vm.h): the stack machine that runs the bytecode of an expression. VerifyProgram has
// proved that the code stays in bounds, so only the values and the budget are checked here.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/expr/vm/operations.h"
#include "ir/expr/vm/vm.h"

namespace wfc {
namespace vm {
namespace {

/// Returns `value` if it is a Bool or an error, otherwise a type error.
Value ToCondition(Value value) {
  if (value.kind() == Kind::Bool || value.is_error()) return value;
  return TypeError(fmt::format("a condition is bool, not {}", GetName(value.kind())));
}

/// `a || b` if `absorbing` is true, otherwise `a && b`. An operand that equals `absorbing` decides
/// the result even if the other one is an error. Of two errors, one of code Unknown takes
/// precedence.
Value CombineLogic(Value left, Value right, bool absorbing) {
  const auto decides = [absorbing](const Value& value) {
    return value.kind() == Kind::Bool && value.AsBool() == absorbing;
  };
  if (decides(left) || decides(right)) return Value::Bool(absorbing);
  for (Value* operand : {&left, &right}) {
    if (operand->is_error() && operand->error_code() == EvalError::Unknown) return *operand;
  }
  for (Value* operand : {&left, &right}) {
    if (operand->is_error()) return *operand;
    if (operand->kind() != Kind::Bool) {
      return TypeError(fmt::format("no overload of `{}` for {}", absorbing ? "||" : "&&",
                                   GetName(operand->kind())));
    }
  }
  return Value::Bool(!absorbing);
}

bool MakesMap(LoopKind kind) {
  return kind == LoopKind::TransformMap || kind == LoopKind::TransformMapEntry;
}

bool IsPredicate(LoopKind kind) {
  return kind != LoopKind::Transform && !MakesMap(kind);
}

/// A comprehension that is being evaluated.
struct Loop {
  LoopForm form;
  Value range;
  /// Index of the next item.
  size_t next = 0;
  /// All, Exists: the error to yield unless a later item decides; the first one, or one of code
  /// Unknown.
  Value error;
  /// ExistsOne: number of items for which the predicate holds.
  uint64_t count = 0;
  std::vector<Value> collected;  ///< items of a list, or alternating keys and values of a map
};

/// A stack machine. Errors are values: an instruction whose operand is an error yields that error,
/// except those that absorb it (`&&`, `||`, `has`, `coalesce`).
class Machine {
 public:
  /// Values for which the stack has room before it grows.
  static constexpr size_t kStackReserve = 16;

  Machine(const ProgramView& program, LoadContext& context, const Budget& budget)
      : code_(program.code.data()),
        constants_(program.constants),
        context_(context),
        meter_(budget) {
    stack_.reserve(kStackReserve);
  }

  /// Runs the program to its end. To be called once.
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
  /// Runs an instruction and returns the offset of the next one.
  uint32_t RunJump(Opcode opcode, uint32_t operand, uint32_t after);
  /// Pushes `value`. If the instruction at `next` is a binary operator that takes it as its right
  /// operand, applies that operator at once, which saves a copy. Returns the offset of the next
  /// instruction.
  uint32_t PushOperand(const Value& value, uint32_t next);
  /// As PushOperand, for the value at the end of the path of fields that the instructions at `next`
  /// select from `root`. An absent field is left to RunField, which makes the error.
  uint32_t PushPath(const Value& root, uint32_t next);
  uint32_t RunLoad(RootKind kind, uint32_t next);
  uint32_t RunBranch();
  uint32_t RunCoalesce(uint32_t after);
  uint32_t BeginLoop(LoopForm form, uint32_t after);
  uint32_t NextItem(uint32_t after);
  uint32_t TestItem(uint32_t after);
  uint32_t StepLoop();
  uint32_t BeginOption(uint32_t after);
  uint32_t FinishLoop(Value result, uint32_t exit);
  /// The result of the loop after all items have been visited.
  Value ResultOf(Loop& loop);
  /// Adds the value of the body for an item to the result. Returns null, or the error that ends the
  /// loop.
  Value Collect(Loop& loop, Value value);
  Value CollectEntries(Loop& loop, const Value& map);

  const uint32_t* code_;
  std::span<const Value> constants_;
  LoadContext& context_;
  Meter meter_;
  uint32_t at_ = 0;
  // Backs the vectors below; large enough that most evaluations allocate nothing on the heap for
  // them.
  std::array<std::byte, 1024> buffer_;
  std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
  std::pmr::vector<Value> stack_{&memory_};
  std::pmr::vector<Value> slots_{&memory_};
  std::pmr::vector<Loop> loops_{&memory_};
};

}  // namespace

Value Machine::Run() {
  for (uint32_t word = code_[at_]; OpcodeOf(word) != Opcode::Return; word = code_[at_]) {
    // If the previous instruction exceeded the budget, this step fails.
    if (!meter_.Step()) return Meter::BudgetError();
    const uint32_t after = at_ + 1 + ExtraWords(OpcodeOf(word));
    at_ = RunJump(OpcodeOf(word), OperandOf(word), after);
  }
  return meter_.exhausted() ? Meter::BudgetError() : Pop();
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
    case Opcode::Const:
      return PushOperand(constants_[Word(1)], after);
    case Opcode::Load:
      return RunLoad(static_cast<RootKind>(operand), after);
    case Opcode::Slot:
      return PushPath(slots_[operand], after);
    default:
      RunSimple(opcode, operand);
      return after;
  }
}

void Machine::RunSimple(Opcode opcode, uint32_t operand) {
  switch (opcode) {
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
      if (!Top().is_error()) Top() = Negate(Top());
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
    case Opcode::AsNumber:
      Top() = AsNumber(Top(), operand == 1);
      return;
    case Opcode::OptionEnd:
      slots_.pop_back();
      if (Top().is_error()) return;
      if (operand == 1) {
        Top() = Value::Optional(Value(Top()));
        return;
      }
      if (Top().kind() != Kind::Optional) Top() = TypeError("`optFlatMap` yields an optional");
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

uint32_t Machine::PushOperand(const Value& value, uint32_t next) {
  const Opcode opcode = OpcodeOf(code_[next]);
  const bool is_right = opcode >= Opcode::Multiply && opcode <= Opcode::In;
  if (!is_right || Top().is_error() || value.is_error() || !meter_.Step()) {
    Push(value);
    return next;
  }
  Top() = Binary(meter_, opcode, Top(), value);
  return next + 1;
}

uint32_t Machine::PushPath(const Value& root, uint32_t next) {
  const Value* part = &root;
  while (OpcodeOf(code_[next]) == Opcode::Select) {
    const Value* field = FindField(*part, constants_[code_[next + 1]]);
    if (field == nullptr || !meter_.Step()) break;
    part = field;
    next += 2;
  }
  return PushOperand(*part, next);
}

uint32_t Machine::RunLoad(RootKind kind, uint32_t next) {
  Value made;
  return PushPath(context_.Load({.kind = kind, .a = Word(1), .b = Word(2)}, made), next);
}

void Machine::RunBinary(Opcode opcode) {
  const Value right = Pop();
  Value& left = Top();
  if (left.is_error()) return;
  if (right.is_error()) {
    left = right;
    return;
  }
  left = Binary(meter_, opcode, left, right);
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
  Value part = operand.is_error() ? operand : Select(operand, name);
  if (opcode == Opcode::Has) {
    if (part.is_absent()) return Push(Value::Bool(false));
    return Push(part.is_error() ? part : Value::Bool(true));
  }
  if (opcode == Opcode::SelectOptional || through_optional) part = ToOptional(std::move(part));
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
  Value part = operand.is_error() ? operand : key.is_error() ? key : Index(meter_, operand, key);
  if (opcode == Opcode::IndexOptional || through_optional) part = ToOptional(std::move(part));
  Push(std::move(part));
}

void Machine::RunMake(Opcode opcode) {
  const size_t count = size_t{Word(1)} * (opcode == Opcode::MakeMap ? 2 : 1);
  const std::span<Value> parts = TopValues(count);
  for (const Value& part : parts) {
    if (!part.is_error()) continue;
    return Replace(count, Value(part));
  }
  Value made = opcode == Opcode::MakeList  ? MakeList(meter_, parts)
               : opcode == Opcode::MakeMap ? MakeMap(meter_, parts)
                                           : ConcatText(meter_, parts);
  Replace(count, std::move(made));
}

void Machine::RunOption(Opcode opcode) {
  const Value right = Pop();
  Value left = opcode == Opcode::OptionToList ? Value() : Pop();
  if (left.is_error() || right.is_error()) return Push(left.is_error() ? left : right);
  if (opcode == Opcode::Merge) return Push(MergeMaps(meter_, left, right));
  if (right.kind() != Kind::Optional) {
    return Push(TypeError(fmt::format("`?` needs an optional, not {}", GetName(right.kind()))));
  }
  const Value* held = right.optional_value();
  std::vector<Value> parts;
  if (held != nullptr && opcode == Opcode::OptionToMap) parts.push_back(std::move(left));
  if (held != nullptr) parts.push_back(*held);
  Push(opcode == Opcode::OptionToList ? MakeList(meter_, parts) : MakeMap(meter_, parts));
}

void Machine::RunCall(uint32_t count) {
  const std::span<Value> arguments = TopValues(count);
  for (const Value& argument : arguments) {
    if (argument.is_error()) return Replace(count, Value(argument));
  }
  Value result = CallBuiltin(meter_, static_cast<Builtin>(Word(1)), arguments);
  Replace(count, std::move(result));
}

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

}  // namespace vm

Value Evaluate(const ProgramView& program, LoadContext& context, const Budget& budget) {
  return vm::Machine(program, context, budget).Run();
}

}  // namespace wfc
