// The dispatch loop of the machine. VerifyProgram has proved that the code stays in bounds, so only
// the values and the budget are checked here.
#include <fmt/format.h>

#include "ir/expr/vm/machine.h"

namespace wfc {
namespace vm {
namespace {

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

}  // namespace

Value ToCondition(Value value) {
  if (value.kind() == Kind::Bool || value.is_error()) return value;
  return TypeError(fmt::format("a condition is bool, not {}", GetName(value.kind())));
}

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
  const size_t count = Word(1) * (opcode == Opcode::MakeMap ? 2 : 1);
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
