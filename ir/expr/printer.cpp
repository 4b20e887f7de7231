#include "ir/expr/printer.h"

#include <cmath>

#include <fmt/core.h>

#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::expr {
namespace {

void AppendConstant(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::Uint:
      AppendJson(out, value);
      out += 'u';
      return;
    case Kind::Double: {
      const size_t before = out.size();
      AppendJson(out, value);
      // The text must read back as a double, not as an int.
      if (out.find_first_of(".en", before) == std::string::npos) out += ".0";
      return;
    }
    case Kind::Bytes:
      out += "b";
      AppendJsonString(out, ToBase64(value.AsString()));
      return;
    case Kind::Type:
      out += GetName(value.AsType());
      return;
    default:
      AppendJson(out, value);
  }
}

bool IsInfix(Op op) {
  return op >= Op::Multiply && op <= Op::Conditional;
}

class Printer {
 public:
  Printer(const ExprStore& store, RootPrinter print_root)
      : store_(store), print_root_(print_root) {}

  std::string Print(ExprId id) {
    // Most expressions fit, so that the text need not grow while it is written.
    constexpr size_t kUsualBytes = 96;
    out_.reserve(kUsualBytes);
    Append(id);
    return std::move(out_);
  }

 private:
  /// An operand, in parentheses if it is an infix operation itself.
  void AppendOperand(ExprId id) {
    const bool wraps = IsInfix(store_[id].op);
    if (wraps) out_ += '(';
    Append(id);
    if (wraps) out_ += ')';
  }

  void AppendList(std::span<const ExprId> items, std::string_view open, std::string_view close) {
    out_ += open;
    for (size_t i = 0; i < items.size(); ++i) {
      if (i != 0) out_ += ", ";
      Append(items[i]);
    }
    out_ += close;
  }

  void AppendInfix(const Expr& expr) {
    const auto children = store_.children(expr);
    for (size_t i = 0; i < children.size(); ++i) {
      if (i != 0) out_.append(" ").append(GetName(expr.op)).append(" ");
      AppendOperand(children[i]);
    }
  }

  void AppendConditional(const Expr& expr) {
    const auto children = store_.children(expr);
    AppendOperand(children[0]);
    out_ += " ? ";
    AppendOperand(children[1]);
    out_ += " : ";
    AppendOperand(children[2]);
  }

  void AppendLoad(const Root& root) {
    if (print_root_) {
      out_ += print_root_(root);
    } else {
      out_ += fmt::format("@{}({},{})", GetName(root.kind), root.a, root.b);
    }
  }

  void AppendField(const Expr& expr, std::string_view dot) {
    AppendOperand(store_.children(expr)[0]);
    out_.append(dot).append(store_.name(expr));
  }

  void AppendIndex(const Expr& expr, std::string_view open) {
    const auto children = store_.children(expr);
    AppendOperand(children[0]);
    AppendList(children.subspan(1), open, "]");
  }

  void AppendMap(std::span<const ExprId> parts) {
    out_ += '{';
    for (size_t i = 0; i + 1 < parts.size(); i += 2) {
      if (i != 0) out_ += ", ";
      const bool is_optional = store_[parts[i + 1]].op == Op::OptionalElement;
      if (is_optional) out_ += '?';
      Append(parts[i]);
      out_ += ": ";
      Append(is_optional ? store_.child(parts[i + 1], 0) : parts[i + 1]);
    }
    out_ += '}';
  }

  void AppendBody(const Expr& expr) {
    const auto children = store_.children(expr);
    AppendOperand(children[0]);
    out_ += fmt::format(".{}(v{}, ", GetName(expr.op), expr.payload);
    if (NamesPairs(expr.op)) out_ += fmt::format("v{}, ", expr.payload + 1);
    AppendList(children.subspan(1), "", ")");
  }

  void AppendNamed(std::string_view name, const Expr& expr) {
    out_ += name;
    AppendList(store_.children(expr), "(", ")");
  }

  void AppendCall(const BuiltinInfo& function, const Expr& expr) {
    if (function.form != CallForm::Member) return AppendNamed(function.name, expr);
    const auto children = store_.children(expr);
    AppendOperand(children[0]);
    out_.append(".").append(function.name);
    AppendList(children.subspan(1), "(", ")");
  }

  void Append(ExprId id) {
    const Expr& expr = store_[id];
    if (IsLoop(expr.op)) return AppendBody(expr);
    switch (expr.op) {
      case Op::Poison:
        out_ += "<poison>";
        return;
      case Op::Const:
        return AppendConstant(out_, store_.constant(expr));
      case Op::Load:
        return AppendLoad(store_.root(expr));
      case Op::Binding:
        out_ += fmt::format("v{}", expr.payload);
        return;
      case Op::Select:
        return AppendField(expr, ".");
      case Op::SelectOptional:
        return AppendField(expr, ".?");
      case Op::Has:
        out_ += "has(";
        AppendField(expr, ".");
        out_ += ')';
        return;
      case Op::Present:
        return AppendNamed("has", expr);
      case Op::Index:
        return AppendIndex(expr, "[");
      case Op::IndexOptional:
        return AppendIndex(expr, "[?");
      case Op::Not:
      case Op::Negate:
        out_ += GetName(expr.op);
        return AppendOperand(store_.child(id, 0));
      case Op::Conditional:
        return AppendConditional(expr);
      case Op::Call:
        return AppendCall(GetInfo(static_cast<Builtin>(expr.payload)), expr);
      case Op::Coalesce:
      case Op::Concat:
      case Op::Render:
        return AppendNamed(GetName(expr.op), expr);
      case Op::List:
        return AppendList(store_.children(expr), "[", "]");
      case Op::Map:
        return AppendMap(store_.children(expr));
      case Op::OptionalElement:
        out_ += '?';
        return Append(store_.child(id, 0));
      case Op::OptMap:
      case Op::OptFlatMap:
        return AppendBody(expr);
      case Op::Bind:
        out_ += fmt::format("cel.bind(v{}, ", expr.payload);
        return AppendList(store_.children(expr), "", ")");
      default:
        return AppendInfix(expr);
    }
  }

  const ExprStore& store_;
  RootPrinter print_root_;
  std::string out_;
};

}  // namespace

std::string PrintExpr(const ExprStore& store, ExprId id, RootPrinter print_root) {
  return Printer(store, print_root).Print(id);
}

}  // namespace wfc::expr
