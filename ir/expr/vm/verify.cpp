// The bytecode verifier: proves that a program stays in bounds. A single pass tracks, for each
// instruction, the number of values on the stack and the open comprehensions and bindings. All
// paths to an instruction must agree on both, as in the stack maps of the JVM (JVM Specification,
// 4.10.1), and a loop can jump back only to its own head.
#include <array>

#include <fmt/core.h>

#include "ir/expr/vm/builtins.h"
#include "ir/expr/vm/bytecode.h"
#include "ir/expr/vm/vm.h"

namespace wfc {
namespace {

enum class ScopeKind : uint8_t { Program, Loop, Bind, Option };

/// A construct that opens slots, or the program itself. Scopes form a tree by `parent`.
struct Scope {
  ScopeKind kind = ScopeKind::Program;
  uint32_t parent = 0;
  uint32_t depth = 0;  ///< slots that are open inside
  uint32_t base = 0;   ///< Loop: number of values on the stack at its head
  uint32_t head = 0;   ///< Loop: offset of its LoopNext
};

/// What is known before an instruction.
struct State {
  uint32_t stack = 0;
  uint32_t scope = 0;
  bool known = false;
  bool operator==(const State&) const = default;
};

/// The numbers of values that an instruction without a jump pops and pushes.
struct Effect {
  uint8_t pops;
  uint8_t pushes;
};

Effect EffectOf(Opcode opcode) {
  switch (opcode) {
    case Opcode::Const:
    case Opcode::Load:
    case Opcode::Slot:
    case Opcode::AbsentCoalesce:
      return {.pops = 0, .pushes = 1};
    case Opcode::Select:
    case Opcode::SelectOptional:
    case Opcode::Has:
    case Opcode::Present:
    case Opcode::Not:
    case Opcode::Negate:
    case Opcode::OptionToList:
    case Opcode::BindEnd:
    case Opcode::OptionEnd:
    case Opcode::AsNumber:
      return {.pops = 1, .pushes = 1};
    case Opcode::BindBegin:
      return {.pops = 1, .pushes = 0};
    default:
      return {.pops = 2, .pushes = 1};
  }
}

class Verifier {
 public:
  Verifier(std::span<const uint32_t> code, const ProgramLimits& limits)
      : code_(code), limits_(limits), expected_(code.size()), scopes_(1) {}

  Result<void> Verify() {
    if (code_.empty()) Fail("has no end");
    state_ = {.known = true};
    while (error_.empty() && at_ < code_.size()) {
      Arrive();
      if (error_.empty()) Check();
    }
    if (!error_.empty()) return Error{fmt::format("instruction {}: {}", at_, error_)};
    return {};
  }

 private:
  void Fail(std::string_view what) {
    if (error_.empty()) error_ = what;
  }

  void Arrive() {
    const State& recorded = expected_[at_];
    if (recorded.known && state_.known && recorded != state_) Fail("is reached in two states");
    if (recorded.known) state_ = recorded;
    if (!state_.known) Fail("cannot be reached");
    const Opcode opcode = OpcodeOf(code_[at_]);
    if (static_cast<uint32_t>(opcode) >= kOpcodeCount) return Fail("is not an instruction");
    after_ = at_ + 1 + ExtraWords(opcode);
    if (after_ > code_.size()) return Fail("is cut off");
    if (after_ == code_.size() && opcode != Opcode::Return) return Fail("has no end");
    for (uint32_t inside = at_ + 1; inside < after_; ++inside) {
      if (expected_[inside].known) Fail("is jumped into");
    }
  }

  void Check() {
    const Opcode opcode = OpcodeOf(code_[at_]);
    const uint32_t operand = OperandOf(code_[at_]);
    if (!CheckJump(opcode, operand)) CheckSimple(opcode, operand);
    if (state_.stack > limits_.max_stack) Fail("needs too large a stack");
    if (scopes_[state_.scope].depth > limits_.max_iterations) Fail("nests too deep");
    if (error_.empty()) at_ = after_;
  }

  uint32_t Word(uint32_t offset) const { return code_[at_ + offset]; }

  bool Pop(uint32_t count) {
    if (state_.stack < count) Fail("takes more than the stack holds");
    if (!error_.empty()) return false;
    state_.stack -= count;
    return true;
  }

  /// Records a forward jump to `target` that arrives with `stack` values in `scope`.
  void Record(uint32_t target, uint32_t stack, uint32_t scope) {
    if (target < after_ || target >= code_.size()) return Fail("jumps out of the program");
    const State state = {.stack = stack, .scope = scope, .known = true};
    if (expected_[target].known && expected_[target] != state) return Fail("disagrees on a target");
    expected_[target] = state;
  }

  void Open(ScopeKind kind, uint32_t slots = 1) {
    const uint32_t depth = scopes_[state_.scope].depth + slots;
    scopes_.push_back({.kind = kind,
                       .parent = state_.scope,
                       .depth = depth,
                       .base = state_.stack,
                       .head = after_});
    state_.scope = static_cast<uint32_t>(scopes_.size() - 1);
  }

  void Close(ScopeKind kind) {
    if (scopes_[state_.scope].kind != kind) return Fail("closes what is not open");
    state_.scope = scopes_[state_.scope].parent;
  }

  /// Checks an instruction that jumps. False if `opcode` is not one.
  bool CheckJump(Opcode opcode, uint32_t operand) {
    switch (opcode) {
      case Opcode::JumpIfFalse:
      case Opcode::JumpIfTrue:
        if (state_.stack == 0) Fail("takes more than the stack holds");
        Record(Word(1), state_.stack, state_.scope);
        return true;
      case Opcode::Jump:
        Record(Word(1), state_.stack, state_.scope);
        state_.known = false;
        return true;
      case Opcode::Branch:
        if (!Pop(1)) return true;
        Record(Word(1), state_.stack, state_.scope);
        Record(Word(2), state_.stack + 1, state_.scope);
        return true;
      case Opcode::JumpIfPresent:
        if (!Pop(1)) return true;
        Record(Word(1), state_.stack + 1, state_.scope);
        return true;
      case Opcode::OptionBegin:
        if (!Pop(1)) return true;
        Record(Word(1), state_.stack + 1, state_.scope);
        Open(ScopeKind::Option);
        return true;
      case Opcode::LoopBegin:
        CheckLoopBegin(operand);
        return true;
      case Opcode::LoopNext:
      case Opcode::LoopTest:
      case Opcode::LoopStep:
        CheckLoop(opcode);
        return true;
      default:
        return false;
    }
  }

  void CheckLoopBegin(uint32_t operand) {
    if (operand > PackLoop({static_cast<LoopKind>(kLoopKindCount - 1), true})) {
      return Fail("is not a kind of loop");
    }
    if (!Pop(1)) return;
    Record(Word(1), state_.stack + 1, state_.scope);
    Open(ScopeKind::Loop, SlotsOf(UnpackLoop(operand)));
    if (after_ >= code_.size() || OpcodeOf(code_[after_]) != Opcode::LoopNext) {
      Fail("is not followed by the loop's head");
    }
  }

  void CheckLoop(Opcode opcode) {
    const Scope loop = scopes_[state_.scope];
    if (loop.kind != ScopeKind::Loop) return Fail("is outside a loop");
    if (opcode == Opcode::LoopNext && at_ != loop.head) return Fail("is a second head");
    if (opcode != Opcode::LoopNext) {
      if (!Pop(1)) return;
      if (Word(1) != loop.head) return Fail("does not go back to the loop's head");
    }
    if (state_.stack != loop.base) return Fail("leaves values behind");
    Record(Word(opcode == Opcode::LoopNext ? 1 : 2), state_.stack + 1, loop.parent);
    if (opcode == Opcode::LoopStep) state_.known = false;
  }

  void CheckSimple(Opcode opcode, uint32_t operand) {
    if (opcode == Opcode::Return) {
      if (state_.stack != 1 || state_.scope != 0) Fail("ends with other than one value");
      if (after_ != code_.size()) Fail("ends before the program does");
      return;
    }
    CheckOperands(opcode, operand);
    if (!error_.empty()) return;
    const auto [pops, pushes] = IsVariable(opcode) ? Effect{0, 0} : EffectOf(opcode);
    if (!Pop(pops)) return;
    if (opcode == Opcode::BindBegin) Open(ScopeKind::Bind);
    if (opcode == Opcode::BindEnd) Close(ScopeKind::Bind);
    if (opcode == Opcode::OptionEnd) Close(ScopeKind::Option);
    state_.stack += pushes;
  }

  static bool IsVariable(Opcode opcode) {
    return opcode == Opcode::MakeList || opcode == Opcode::MakeMap || opcode == Opcode::Concat ||
           opcode == Opcode::Call;
  }

  void CheckOperands(Opcode opcode, uint32_t operand) {
    switch (opcode) {
      case Opcode::Const:
        if (Word(1) >= limits_.constant_count) Fail("names no constant");
        return;
      case Opcode::Select:
      case Opcode::SelectOptional:
      case Opcode::Has:
        if (Word(1) >= limits_.constant_count ||
            (limits_.is_string_constant && !limits_.is_string_constant(Word(1)))) {
          Fail("names no field");
        }
        return;
      case Opcode::Load:
        return CheckRoot(operand);
      case Opcode::Slot:
        if (operand >= scopes_[state_.scope].depth) Fail("reads a slot that is not open");
        return;
      case Opcode::OptionEnd:
      case Opcode::AsNumber:
        if (operand > 1) Fail("has a bad operand");
        return;
      case Opcode::MakeList:
      case Opcode::MakeMap:
      case Opcode::Concat:
        return CheckMake(opcode);
      case Opcode::Call:
        return CheckCall(operand);
      default:
        if (operand != 0) Fail("has a bad operand");
    }
  }

  void CheckRoot(uint32_t kind) {
    if (kind >= kRootKindCount) return Fail("names no kind of root");
    const Root root = {.kind = static_cast<RootKind>(kind), .a = Word(1), .b = Word(2)};
    if (!limits_.admits_root || !limits_.admits_root(root)) Fail("reads what is not there");
  }

  void CheckMake(Opcode opcode) {
    const uint64_t count = uint64_t{Word(1)} * (opcode == Opcode::MakeMap ? 2 : 1);
    if (count > state_.stack) return Fail("takes more than the stack holds");
    state_.stack = state_.stack - static_cast<uint32_t>(count) + 1;
  }

  void CheckCall(uint32_t count) {
    if (Word(1) >= AllBuiltins().size()) return Fail("names no function");
    const BuiltinInfo& info = GetInfo(static_cast<Builtin>(Word(1)));
    if (count < info.min_arguments || count > info.max_arguments) {
      return Fail("has the wrong number of arguments");
    }
    if (Pop(count)) ++state_.stack;
  }

  std::span<const uint32_t> code_;
  const ProgramLimits& limits_;
  std::vector<State> expected_;  ///< by word: the state with which a jump arrives there
  std::vector<Scope> scopes_;
  State state_;
  uint32_t at_ = 0;
  uint32_t after_ = 0;
  std::string error_;
};

}  // namespace

Result<void> VerifyProgram(std::span<const uint32_t> code, const ProgramLimits& limits) {
  return Verifier(code, limits).Verify();
}

}  // namespace wfc
