// Expressions from any text: parse, print, walk, compile, verify and evaluate never crash, hang or
// leave their budgets; what compiles passes the verifier. An input that begins with 0xFF is
// bytecode instead: what the verifier accepts must run.
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/check.h"
#include "ir/base/utf8.h"
#include "ir/expr/compiler.h"
#include "ir/expr/parser.h"
#include "ir/expr/printer.h"
#include "ir/expr/reads.h"
#include "ir/value/json.h"

namespace {

using namespace wfc;

constexpr Budget kBudget = {.steps = 20'000, .allocated_bytes = 1 << 20, .value_bytes = 1 << 18};

const Value& Input() {
  static const Value kInput = *ReadJson(
      R"({"a": [1, 2.5, "x", null, true, {"b": "é"}], "s": "text", "n": -3, "m": {"k": [[], {}]}})");
  return kInput;
}

class Names : public expr::NameResolver, public LoadContext {
 public:
  expr::Resolution Resolve(std::span<const expr::Segment> chain) override {
    if (chain[0].name == "input") return expr::Resolution::Found(1, {.kind = RootKind::Input});
    if (chain[0].name != "stages" || chain.size() < 2) return expr::Resolution::Poison();
    return expr::Resolution::Found(2, {.kind = RootKind::StageField});
  }
  const Value& Load(const Root& root, Value& made) override {
    return root.kind == RootKind::Input ? Input() : made = Value::Absent("no output");
  }
};

ProgramLimits LimitsOf(size_t constants) {
  return {.constant_count = static_cast<uint32_t>(constants),
          .admits_root = [](const Root&) { return true; }};
}

void RunText(std::string_view text, bool is_template) {
  expr::ExprStore store;
  diag::Sink sink;
  Names names;
  const expr::ParseContext context = {store, sink, names};
  const expr::SpanMapper mapper(FileId(0), 0);
  const expr::ExprId id = is_template ? expr::ParseTemplate(context, text, mapper)
                                      : expr::ParseExpr(context, text, mapper);
  for (const diag::Diagnostic& finding : sink.diagnostics()) {
    WFC_CHECK(finding.span.begin <= finding.span.end && finding.span.end <= text.size());
  }
  WFC_CHECK(!expr::PrintExpr(store, id).empty());
  expr::ForEachRead(store, id, [](const expr::Read&) {});
  if (expr::HasPoison(store, id)) return;
  expr::Module module;
  const Range program = expr::Compile(store, id, module);
  WFC_CHECK(VerifyProgram(module.code(program), LimitsOf(module.constants().size())).ok());
  const Value value = Evaluate(module.view(program), names, kBudget);
  WFC_CHECK(value.weight() < uint64_t{1} << 24);
  WFC_CHECK(!WriteJson(value).empty());
  (void)expr::Fold(store, id);
}

void RunCode(std::string_view bytes) {
  std::vector<uint32_t> code(bytes.size() / sizeof(uint32_t));
  if (!code.empty()) std::memcpy(code.data(), bytes.data(), code.size() * sizeof(uint32_t));
  static const std::vector<Value> kConstants = {Value::Int(1), Value::String("a"),
                                                Value::Bool(true), Input(), Value::None()};
  if (!VerifyProgram(code, LimitsOf(kConstants.size())).ok()) return;
  Names names;
  const Value value = Evaluate({.code = code, .constants = kConstants}, names, kBudget);
  WFC_CHECK(!WriteJson(value).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!bytes.empty() && data[0] == 0xFF) {
    RunCode(bytes.substr(1));
    return 0;
  }
  if (FindInvalidUtf8(bytes) != std::string_view::npos) return 0;
  RunText(bytes, false);
  RunText(bytes, true);
  return 0;
}
