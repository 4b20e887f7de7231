// The state of one lexical pass; internal to scan.cpp (indicators, indentation) and
// scan_scalars.cpp (where scalars end).
#pragma once

#include "frontend/yaml/scan.h"

namespace wfc::yaml {

[[nodiscard]] constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool IsBreak(char c) {
  return c == '\n' || c == '\r';
}
[[nodiscard]] constexpr bool IsSpace(char c) {
  return IsBlank(c) || IsBreak(c);
}

class Scanner {
 public:
  Scanner(std::string_view source, uint32_t begin, uint32_t end,
          std::span<const std::string_view> expression_keys)
      : source_(source.substr(0, end)),
        end_(end),
        at_(begin),
        line_begin_(begin),
        expression_keys_(expression_keys) {}

  [[nodiscard]] Scan Run();

 private:
  struct Indent {
    uint32_t column;
    bool is_list;
  };

  // Characters; past the end they are NUL.
  [[nodiscard]] char Peek(uint32_t ahead = 0) const {
    return at_ + ahead < end_ ? source_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool SpaceOrEndAt(uint32_t at) const { return at >= end_ || IsSpace(source_[at]); }
  [[nodiscard]] uint32_t column() const { return at_ - line_begin_; }
  [[nodiscard]] bool in_flow() const { return !brackets_.empty(); }
  /// The line break at or after `from`, or the end.
  [[nodiscard]] uint32_t LineBreak(uint32_t from) const;
  [[nodiscard]] uint32_t LineEnd(uint32_t from) const;
  /// Just after the line break at or after `from`.
  [[nodiscard]] uint32_t NextLine(uint32_t from) const;
  void EnterLine(uint32_t begin);

  // scan.cpp
  void SkipToToken();
  void ScanComment();
  void ScanToken();
  [[nodiscard]] bool ScanDocumentMark();
  [[nodiscard]] bool ScanFlowIndicator(char c);
  [[nodiscard]] bool ScanBlockIndicator(char c);
  void ScanNode(char c);
  void ScanOpen(TokenKind kind);
  void ScanClose(TokenKind kind);
  void ScanComma();
  void ScanDash();
  void ScanColon();
  [[nodiscard]] bool IsColonIndicator() const;
  void ScanAnchorOrAlias();
  void ScanTag();
  [[nodiscard]] bool IsAfterExpressionKey() const;
  [[nodiscard]] bool IsCutByComment(uint32_t hash) const;
  void CloseIndents();
  void OpenIndent(uint32_t column, bool is_list);
  void RecordKeyCandidate();
  Token& Push(TokenKind kind, uint32_t begin, uint32_t end);
  void Fail(ScanErrorKind kind, uint32_t begin, uint32_t end);

  // scan_scalars.cpp
  void ScanQuoted(char quote);
  void ScanBlockScalar();
  void ScanPlain(std::optional<Cut> broken);
  struct Plain;
  void ScanPlainLine(Plain& scalar);
  [[nodiscard]] bool FollowExpression(Plain& scalar, uint32_t dollar, uint32_t line_end);
  [[nodiscard]] bool ContinuePlain(Plain& scalar);
  [[nodiscard]] bool EndsPlain(uint32_t at) const;
  void BreakPlain(Plain& scalar, Cut cut, uint32_t at, uint32_t resume) const;
  [[nodiscard]] uint32_t WholeEnd(uint32_t from, uint32_t line_end) const;

  std::string_view source_;
  uint32_t end_;
  uint32_t at_;
  uint32_t line_begin_;
  std::span<const std::string_view> expression_keys_;

  // The answer of LineBreak for all of [known_from_, known_break_]: a line of megabytes is searched
  // once, not once a token.
  mutable uint32_t known_from_ = 1;
  mutable uint32_t known_break_ = 0;

  std::vector<Indent> indents_;
  std::vector<uint32_t> brackets_;  // indices of open tokens
  std::optional<uint32_t> key_column_;
  bool key_allowed_ = true;
  bool after_json_ = false;      // a quoted scalar or closing bracket: `:` needs no blank in flow
  bool value_expected_ = false;  // a `:` or `-` stands before on this line
  bool is_shallow_ = false;      // the node that begins here is no deeper than its block
  bool has_content_ = false;
  bool document_ended_ = false;
  Scan scan_;
};

}  // namespace wfc::yaml
