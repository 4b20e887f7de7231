// A world of names with schemas, for tests of types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ir/expr/cost.h"
#include "ir/expr/infer.h"
#include "ir/expr/type_names.h"
#include "tests/ir/expr/expr_fixture.h"
#include "tests/ir/types/json.h"

namespace wfc::expr {

/// `input` has a schema; of `stages.NAME.output` nothing is known.
class TypedWorld : public TypeEnvironment {
 public:
  explicit TypedWorld(std::string_view input_schema) : table_(registry_) {
    std::vector<types::SchemaError> errors;
    input_ = registry_.AddInline(types::Json(input_schema), errors);
    EXPECT_TRUE(errors.empty()) << (errors.empty() ? "" : errors[0].message);
  }

  Type TypeOf(const Root& root) override {
    return root.kind == RootKind::Input ? table_.OfSchema(input_) : kDyn;
  }
  std::string NameOf(const Root&) override { return "input"; }

  Type InferText(std::string_view text) {
    sink_ = diag::Sink();
    store_.emplace();
    TestNames names;
    id_ = ParseExpr({*store_, sink_, names}, text, SpanMapper(FileId(0), 0));
    EXPECT_FALSE(HasPoison(*store_, id_)) << text;
    types_.assign(store_->size(), kDyn);
    return Infer({*store_, table_, *this, sink_, types_}, id_);
  }

  /// The inferred schema as text; "none": there is none.
  std::string SchemaOf(std::string_view text) {
    const SchemaId schema = table_.SchemaOf(InferText(text));
    return schema.has_value() ? WriteJson(registry_.Expanded(schema)) : "none";
  }
  std::string NameOfType(std::string_view text) { return NameType(table_, InferText(text)); }
  /// "E002 6-9: message" of the only finding; "": none.
  std::string FindingOf(std::string_view text) {
    InferText(text);
    if (sink_.diagnostics().empty()) return "";
    const diag::Diagnostic& first = sink_.diagnostics()[0];
    return fmt::format("{} {}-{}: {}{}", diag::GetInfo(first.code).name, first.span.begin,
                       first.span.end, first.message,
                       sink_.diagnostics().size() > 1 ? " (and more)" : "");
  }

  /// The steps that the last expression is said to take.
  uint64_t CountSteps() {
    TypeSizes sizes(table_);
    return expr::CountSteps(*store_, sizes, types_, id_);
  }

  /// The value of the last expression for this input.
  Value Run(const Value& input, const Budget& budget = {}) {
    TestNames names;
    names.input_value = input;
    Module module;
    const Range program =
        Compile(*store_, id_, module, {.kinds_of = [this](ExprId id) { return types_[id].kinds; }});
    return Evaluate(module.view(program), names, budget);
  }
  /// What was found first in the last expression, or that it may be missing.
  [[nodiscard]] std::string FirstFinding() const {
    if (sink_.diagnostics().empty()) return "may be absent";
    const diag::Diagnostic& first = sink_.diagnostics()[0];
    return fmt::format("{}: {}", diag::GetInfo(first.code).name, first.message);
  }
  /// Whether all that was found is of kinds that an operand can be of beside others.
  [[nodiscard]] bool is_of_one_kind_alone() const {
    return std::ranges::all_of(sink_.diagnostics(), [](const diag::Diagnostic& found) {
      return found.message.find(" can be ") != std::string::npos;
    });
  }
  /// Of the last expression's nodes.
  [[nodiscard]] std::span<const Type> types() const { return types_; }
  [[nodiscard]] bool has_findings() const { return !sink_.diagnostics().empty(); }
  std::string Describe(const Type& type) {
    const SchemaId schema = table_.SchemaOf(type);
    return fmt::format("{} {}", NameType(table_, type),
                       schema.has_value() ? WriteJson(registry_.Expanded(schema)) : "");
  }
  [[nodiscard]] const types::SchemaRegistry& registry() const { return registry_; }
  [[nodiscard]] TypeTable& table() { return table_; }
  [[nodiscard]] SchemaId input() const { return input_; }

 private:
  types::SchemaRegistry registry_;
  TypeTable table_;
  SchemaId input_;
  std::optional<ExprStore> store_;
  ExprId id_;
  diag::Sink sink_;
  IdVector<ExprId, Type> types_;
};

}  // namespace wfc::expr
