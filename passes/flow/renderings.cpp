// T003: values that lose their kind when they are written into a text: null, and in the words of a
// command also lists and objects.
#include <string>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr_printer.h"
#include "ir/expressions.h"
#include "passes/context/pass.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

namespace {

using expr::KindsOf;
using expr::Op;

constexpr expr::KindSet kNull = KindsOf(Kind::Null);
constexpr expr::KindSet kCollections = KindsOf(Kind::List, Kind::Map);

class RenderingCheck {
 public:
  explicit RenderingCheck(PassContext& context)
      : context_(context), project_(context.project), types_(context.types()) {}

  void Run() {
    for (const ir::Command& command : project_.commands) CheckCommand(command);
    for (ir::ExprId id : project_.exprs.ids()) {
      if (project_.exprs[id].op == Op::Render) Check(project_.exprs.child(id, 0), kNull);
    }
  }

 private:
  void CheckCommand(const ir::Command& command) {
    ir::ForEachExpression(project_, command, [&](const ir::ExprPlace& place) {
      if (place.role != ExprRole::Input) CheckWord(place.id);
    });
  }

  void CheckWord(ir::ExprId word) {
    if (project_.exprs[word].op != Op::Concat) return Check(word, kNull | kCollections);
    for (ir::ExprId part : project_.exprs.children(word)) {
      if (project_.exprs[part].op == Op::Render) {
        Check(project_.exprs.child(part, 0), kCollections);
      }
    }
  }

  /// Reports values of the kinds `lost`. Nothing is reported for a value that may be of any kind.
  void Check(ir::ExprId id, expr::KindSet lost) {
    const expr::Type& type = types_.of(id);
    const bool is_known = (type.kinds & expr::kJsonKinds) != expr::kJsonKinds;
    if (!is_known || !type.CanBe(lost) || expr::HasPoison(project_.exprs, id)) return;
    const bool is_collection = type.CanBe(lost & kCollections);
    const std::string shown = ir::ShowExpr(context_.sources, project_, id);
    const Span span = project_.exprs[id].span;
    if (is_collection) {
      context_.sink.Report(diag::CollectionInWord, span, shown)
          .AddNote({}, fmt::format("to fix it, make the word that is meant: `{}.join(',')`, say, "
                                   "or `json(…)` for JSON",
                                   shown));
    } else if (type.IsOnly(kNull)) {
      context_.sink.Report(diag::NullWord, span)
          .AddNote({}, "to fix it, write the text that is meant, or leave it out");
    } else {
      context_.sink.Report(diag::NullInText, span, shown)
          .AddNote({}, fmt::format("to fix it, say what is written then: `{0} != null ? {0} : …`",
                                   shown));
    }
  }

  PassContext& context_;
  const ir::Project& project_;
  const ExpressionTypes& types_;
};

}  // namespace

void CheckRenderings(PassContext& context) {
  RenderingCheck(context).Run();
}

}  // namespace wfc::passes
