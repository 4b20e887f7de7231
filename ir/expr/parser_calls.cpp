// The part of the parser for the steps behind a primary, for names, calls and macros.
#include <algorithm>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/foreign.h"
#include "ir/expr/literal.h"
#include "ir/expr/parser_state.h"

namespace wfc::expr {
namespace {

std::string_view StripBackticks(std::string_view name) {
  return name.starts_with('`') ? name.substr(1, name.size() - 2) : name;
}

/// The dotted name of a function or macro that the chain and `last` may spell, such as
/// "math.greatest"; "" if the chain has more than one segment.
std::string SpellDotted(std::span<const Segment> segments, std::string_view last) {
  if (segments.size() != 1) return {};
  return fmt::format("{}.{}", segments[0].name, last);
}

}  // namespace

ExprId Parser::ParseSteps(uint32_t sign) {
  Chain chain;
  const uint32_t begin = sign == kNoSign ? token_.begin : sign;
  ExprId operand;
  if (sign != kNoSign) {
    operand = ParseLiteral(true, sign);
  } else {
    const bool is_name = token_.kind == TokenKind::Identifier || token_.kind == TokenKind::Dot;
    operand = is_name ? ParseName(chain) : ParsePrimary();
  }
  while (!failed_) {
    if (token_.kind == TokenKind::Dot) {
      operand = ParseDot(chain, operand, begin);
    } else if (token_.kind == TokenKind::LeftBracket) {
      operand = ParseIndex(chain, operand, begin);
    } else {
      break;
    }
  }
  return Finish(chain, operand);
}

ExprId Parser::ParseName(Chain& chain) {
  const uint32_t begin = token_.begin;
  // In CEL `.x` names `x` outside of all containers, and there are no containers here.
  Accept(TokenKind::Dot);
  if (token_.kind != TokenKind::Identifier) return Fail("a name");
  const Token name = token_;
  const std::string_view text = tokens_.text(name);
  if (text == "true" || text == "false" || text == "null") {
    Advance();
    return store_.AddConst(text == "null" ? Value() : Value::Bool(text == "true"), SpanOf(name));
  }
  if (IsReserved(text)) return Fail("an expression");
  Advance();
  if (IsForeignNot(text)) return FailAtOperator(name);
  if (text == "typeof" && token_.kind == TokenKind::Identifier) {
    return FailAtForeign("typeof x", "type(x)", name, false);
  }
  if (token_.kind == TokenKind::LeftParen) return ParseCall(text, name, ExprId(), begin);
  const auto found = std::ranges::find(bindings_.rbegin(), bindings_.rend(), text);
  if (found != bindings_.rend()) {
    const auto slot = static_cast<uint32_t>(bindings_.rend() - found - 1);
    return Make(Op::Binding, {}, begin, slot);
  }
  chain.begin = begin;
  Extend(chain, text, name);
  return {};
}

void Parser::Extend(Chain& chain, std::string_view name, const Token& at) {
  chain.segments.push_back({.name = name, .span = SpanOf(at)});
  chain.ends.push_back(last_end_);
}

ExprId Parser::SelectField(Op op, ExprId operand, std::string_view name, uint32_t begin) {
  const ExprId id = store_.AddSelect(op, operand, name, SpanFrom(begin));
  return store_[id].depth <= kMaxTreeDepth ? id : Make(op, {{operand}}, begin, store_[id].payload);
}

ExprId Parser::ParseDot(Chain& chain, ExprId operand, uint32_t begin) {
  Advance();
  const bool is_optional = Accept(TokenKind::Question);
  const Token name = token_;
  if (name.kind != TokenKind::Identifier && name.kind != TokenKind::QuotedIdentifier) {
    return Fail("a field or function");
  }
  const std::string_view text = StripBackticks(tokens_.text(name));
  Advance();
  if (token_.kind == TokenKind::LeftParen && !is_optional) {
    const std::string dotted = SpellDotted(chain.segments, text);
    if (!dotted.empty() && (FindBuiltin(dotted) != nullptr || FindMacro(dotted) != nullptr)) {
      chain.segments.clear();
      const Token whole = {.kind = name.kind, .begin = chain.begin, .end = name.end};
      return ParseCall(store_.Keep(dotted), whole, ExprId(), begin);
    }
    return ParseCall(text, name, Finish(chain, operand), begin);
  }
  if (!chain.segments.empty() && !is_optional) {
    Extend(chain, text, name);
    return operand;
  }
  if (is_optional && resolver_.NeedsField(chain.segments)) {
    Extend(chain, text, name);
    return FinishOptional(chain);
  }
  const Op op = is_optional ? Op::SelectOptional : Op::Select;
  return SelectField(op, Finish(chain, operand), text, begin);
}

ExprId Parser::ParseIndex(Chain& chain, ExprId operand, uint32_t begin) {
  const Token open = token_;
  Advance();
  const bool is_optional = Accept(TokenKind::Question);
  const Token key_token = token_;
  if (token_.kind == TokenKind::Colon) return FailAtSlice(open);
  const ExprId key = ParseConditional();
  if (!failed_ && token_.kind == TokenKind::Colon) return FailAtSlice(open);
  if (!ExpectClose(TokenKind::RightBracket, open)) return Poison(begin);
  const bool is_name = IsConstText(store_, key) && key_token.kind == TokenKind::String;
  if (!chain.segments.empty() && !is_optional && is_name) {
    Extend(chain, store_.Keep(store_.constant(key).AsString()), key_token);
    return operand;
  }
  const ExprId indexed = Finish(chain, operand);
  return Make(is_optional ? Op::IndexOptional : Op::Index, {{indexed, key}}, begin);
}

ExprId Parser::Finish(Chain& chain, ExprId operand) {
  if (chain.segments.empty()) return failed_ && !operand.has_value() ? Poison(last_end_) : operand;
  const ExprId id = ResolveChain(chain);
  chain.segments.clear();
  return id;
}

/// Parses `stages.a.?output`, an optional that holds the output if there is one. It becomes
/// `has(x) ? optional.of(x) : optional.none()`, so that everything that handles `has` handles it.
ExprId Parser::FinishOptional(Chain& chain) {
  const uint32_t begin = chain.begin;
  const ExprId asked = ResolveChain(chain);
  if (store_[asked].op == Op::Poison) {
    chain.segments.clear();
    return asked;
  }
  const ExprId read = ResolveChain(chain);
  chain.segments.clear();
  const auto call = [&](std::string_view name, std::span<const ExprId> arguments) {
    return Make(Op::Call, arguments, begin, static_cast<uint32_t>(FindBuiltin(name)->id));
  };
  const ExprId present = Make(Op::Present, {{asked}}, begin);
  return Make(Op::Conditional,
              {{present, call("optional.of", {{read}}), call("optional.none", {})}}, begin);
}

ExprId Parser::ResolveChain(const Chain& chain) {
  const Span whole = mapper_.Map(chain.begin, chain.ends.back());
  if (failed_) return store_.AddPoison(whole);
  if (chain.segments.size() == 1) {
    if (const auto type = FindType(chain.segments[0].name)) {
      return store_.AddConst(Value::Type(*type), whole);
    }
  }
  if (chain.segments.size() == 3 && chain.segments[0].name == "google") {
    const std::string name = fmt::format("{}.{}.{}", chain.segments[0].name, chain.segments[1].name,
                                         chain.segments[2].name);
    if (const auto type = FindType(name)) return store_.AddConst(Value::Type(*type), whole);
  }
  const Resolution found = resolver_.Resolve(chain.segments);
  if (found.kind == ResolutionKind::Poison) return store_.AddPoison(whole);
  WFC_CHECK(found.consumed >= 1 && found.consumed <= chain.segments.size());
  ExprId id = store_.AddLoad(found.root, mapper_.Map(chain.begin, chain.ends[found.consumed - 1]));
  for (size_t i = found.consumed; i < chain.segments.size(); ++i) {
    const Span span = mapper_.Map(chain.begin, chain.ends[i]);
    id = store_.AddSelect(Op::Select, id, chain.segments[i].name, span);
    if (store_[id].depth > kMaxTreeDepth) return Make(Op::Not, {{id}}, chain.begin);
  }
  return id;
}

ExprId Parser::ParseCall(std::string_view name, const Token& at, ExprId receiver, uint32_t begin) {
  const CallStyle style = receiver.has_value() ? CallStyle::Member : CallStyle::Global;
  const MacroInfo* macro = FindMacro(name);
  if (macro != nullptr && Admits(macro->form, style))
    return ParseMacro(*macro, at, receiver, begin);
  const BuiltinInfo* builtin = FindBuiltin(name);
  if (builtin != nullptr && Admits(builtin->form, style)) {
    return ParseBuiltin(*builtin, at, receiver, begin);
  }
  Children ignored;
  const size_t bound = BindFirstArgument();
  ParseArguments(ignored);
  bindings_.truncate(bound);
  if (failed_) return Poison(begin);
  if (builtin != nullptr) return ReportForm(name, builtin->form, at);
  if (macro != nullptr) return ReportForm(name, macro->form, at);
  return ReportUnknown(name, style, at);
}

void Parser::ParseArguments(Children& arguments) {
  const Token open = token_;
  Advance();
  while (!failed_ && token_.kind != TokenKind::RightParen) {
    arguments.push_back(ParseConditional());
    if (!Accept(TokenKind::Comma)) break;
    if (token_.kind == TokenKind::RightParen) Fail("an expression");
  }
  ExpectClose(TokenKind::RightParen, open);
}

ExprId Parser::ParseBuiltin(const BuiltinInfo& info, const Token& at, ExprId receiver,
                            uint32_t begin) {
  Children arguments;
  if (receiver.has_value()) arguments.push_back(receiver);
  ParseArguments(arguments);
  if (failed_) return Poison(begin);
  if (arguments.size() < info.min_arguments || arguments.size() > info.max_arguments) {
    const uint32_t hidden = receiver.has_value() ? 1 : 0;
    return ReportArity(info.name, at,
                       DescribeArity(info.min_arguments - hidden, info.max_arguments - hidden),
                       arguments.size() - hidden);
  }
  return Make(Op::Call, arguments, begin, static_cast<uint32_t>(info.id));
}

ExprId Parser::ParseMacro(const MacroInfo& info, const Token& at, ExprId receiver, uint32_t begin) {
  if (info.op == Op::Has) return ParseHas(begin);
  if (info.op == Op::Bind) return ParseBind(begin);
  if (info.form == CallForm::Member) return ParseBody(info, at, receiver, begin);
  Children arguments;
  ParseArguments(arguments);
  if (failed_) return Poison(begin);
  if (arguments.empty() || arguments.size() > info.max_arguments) {
    return ReportArity(info.name, at, DescribeArity(info.min_arguments, info.max_arguments),
                       arguments.size());
  }
  return Make(info.op, arguments, begin);
}

ExprId Parser::ParseHas(uint32_t begin) {
  const Token open = token_;
  Advance();
  const Token argument = token_;
  const ExprId id = ParseConditional();
  if (!ExpectClose(TokenKind::RightParen, open)) return Poison(begin);
  const Expr tested = store_[id];
  if (tested.op == Op::Select) {
    const ExprId operand = store_.child(id, 0);
    return Make(Op::Has, {{operand}}, begin, tested.payload);
  }
  if (tested.op == Op::Load) return Make(Op::Present, {{id}}, begin);
  if (tested.op == Op::Poison) return id;
  sink_.Report(diag::ExpressionLiteral, SpanOf(argument),
               "`has` takes a field, as in `has(x.name)`");
  failed_ = true;
  token_.kind = TokenKind::End;
  return Poison(begin);
}

bool Parser::ParseVariable(std::string_view& name) {
  const bool is_name = token_.kind == TokenKind::Identifier && !IsReserved(tokens_.text(token_));
  if (!is_name) {
    Fail("a name for the variable");
    return false;
  }
  name = tokens_.text(token_);
  Advance();
  return Expect(TokenKind::Comma, "`,` after the variable");
}

ExprId Parser::ParseBind(uint32_t begin) {
  const Token open = token_;
  Advance();
  std::string_view name;
  if (!ParseVariable(name)) return Poison(begin);
  const ExprId init = ParseConditional();
  if (!Expect(TokenKind::Comma, "`,`")) return Poison(begin);
  const auto slot = static_cast<uint32_t>(bindings_.size());
  bindings_.push_back(name);
  const ExprId body = ParseConditional();
  bindings_.pop_back();
  if (!ExpectClose(TokenKind::RightParen, open)) return Poison(begin);
  return Make(Op::Bind, {{init, body}}, begin, slot);
}

/// Whether `NAME ,` is next: a second name rather than a predicate.
bool Parser::IsNameNext() const {
  if (token_.kind != TokenKind::Identifier || IsReserved(tokens_.text(token_))) return false;
  TokenReader ahead = tokens_;
  return ahead.Next().kind == TokenKind::Comma;
}

const MacroInfo* Parser::ParseNames(std::string_view macro) {
  std::string_view name;
  if (!ParseVariable(name)) return nullptr;
  bindings_.push_back(name);
  const MacroInfo* single = FindMacro(macro, 1);
  const MacroInfo* pair = FindMacro(macro, 2);
  if (pair == nullptr || (single != nullptr && !IsNameNext())) return single;
  if (tokens_.text(token_) == name) {
    Fail("another name for the second variable");
  } else if (ParseVariable(name)) {
    bindings_.push_back(name);
  }
  return failed_ ? nullptr : pair;
}

ExprId Parser::ParseBody(const MacroInfo& info, const Token& at, ExprId receiver, uint32_t begin) {
  const Token open = token_;
  Advance();
  Children children = {receiver};
  if (token_.kind == TokenKind::RightParen) {
    Advance();
    return ReportArity(info.name, at,
                       DescribeArity(info.min_arguments - 1U, info.max_arguments - 1U), 0);
  }
  const size_t slot = bindings_.size();
  const MacroInfo* form = ParseNames(info.name);
  if (form != nullptr) {
    do {
      children.push_back(ParseConditional());
    } while (Accept(TokenKind::Comma));
  }
  bindings_.truncate(slot);
  if (form == nullptr || !ExpectClose(TokenKind::RightParen, open)) return Poison(begin);
  if (children.size() + form->names > form->max_arguments) {
    return ReportArity(info.name, at,
                       DescribeArity(form->min_arguments - 1U, form->max_arguments - 1U),
                       children.size() + form->names - 1);
  }
  return Make(form->op, children, begin, static_cast<uint32_t>(slot));
}

/// Binds the first argument of a call of an unknown function if it may be a variable, as in the
/// macros, so that the name is not reported as unknown. Returns the number of bindings before.
size_t Parser::BindFirstArgument() {
  const size_t bound = bindings_.size();
  TokenReader ahead = tokens_;
  const Token first = ahead.Next();
  if (first.kind == TokenKind::Identifier && !IsReserved(tokens_.text(first)) &&
      ahead.Next().kind == TokenKind::Comma) {
    bindings_.push_back(tokens_.text(first));
  }
  return bound;
}

ExprId Parser::ReportArity(std::string_view name, const Token& at, std::string_view takes,
                           size_t found) {
  sink_.Report(diag::FunctionArity, SpanOf(at), name, takes, found);
  return Poison(at.begin);
}

}  // namespace wfc::expr
