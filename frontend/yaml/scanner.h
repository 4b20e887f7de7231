// Scanner holds the state of one lexical pass. Internal to scan.cpp (indicators, indentation) and
// scan_scalars.cpp (the ends of scalars); read_yaml.cpp and recover.cpp use the character classes.
#pragma once

#include "frontend/yaml/scan.h"

namespace wfc::yaml {

// The character classes of YAML, as far as they matter here.
[[nodiscard]] constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool IsBreak(char c) {
  return c == '\n' || c == '\r';
}
[[nodiscard]] constexpr bool IsSpace(char c) {
  return IsBlank(c) || IsBreak(c);
}

/// Scans one slice of a file; ScanYaml is its public interface. Use it for one Run only.
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
  /// A block collection that is not closed yet.
  struct Indent {
    uint32_t column;
    bool is_list;
  };

  // The characters of the slice; a character past its end is NUL.
  [[nodiscard]] char Peek(uint32_t ahead = 0) const {
    return at_ + ahead < end_ ? source_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool SpaceOrEndAt(uint32_t at) const { return at >= end_ || IsSpace(source_[at]); }
  [[nodiscard]] uint32_t column() const { return at_ - line_begin_; }
  [[nodiscard]] bool in_flow() const { return !brackets_.empty(); }
  /// The offset of the first line feed at or after `from`, or of the end of the slice.
  [[nodiscard]] uint32_t LineBreak(uint32_t from) const;
  /// As LineBreak, but before the carriage return of a CRLF.
  [[nodiscard]] uint32_t LineEnd(uint32_t from) const;
  /// The offset after the first line feed at or after `from`, or of the end of the slice.
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

  // The result of LineBreak for every offset in [known_from_, known_break_], so that a line of
  // megabytes is searched once, not once per token.
  mutable uint32_t known_from_ = 1;
  mutable uint32_t known_break_ = 0;

  std::vector<Indent> indents_;
  std::vector<uint32_t> brackets_;      // indices of the tokens of open brackets
  std::optional<uint32_t> key_column_;  // column of the node that is a key if a `:` follows
  bool key_allowed_ = true;             // a key may begin here
  // A quoted scalar or a closing bracket precedes: inside brackets, no blank need follow a `:`.
  bool after_json_ = false;
  bool value_expected_ = false;  // a `:` or `-` on this line precedes, without a value yet
  bool is_shallow_ = false;      // the next token gets kShallow
  bool has_content_ = false;     // the document has begun
  bool document_ended_ = false;  // a `...` was read
  Scan scan_;
};

}  // namespace wfc::yaml
