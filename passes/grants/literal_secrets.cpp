// S001: credentials in manifests, prompts and fixtures. The check works on the text of every file
// that was read, so that comments and broken files are searched too. A credential is a long run of
// token characters, so shapes are matched only within such runs.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "ir/diag/messages.h"
#include "passes/context/pass.h"

namespace wfc::passes {
namespace {

/// The least length of a credential, in bytes.
constexpr size_t kMinRun = 16;

struct Shape {
  std::string_view prefix;
  size_t min_length;  ///< with the prefix
  std::string_view name;
};

// The prefixes that their issuers document for secret scanning.
constexpr Shape kShapes[] = {
    {"AKIA", 20, "an AWS access key"},
    {"ASIA", 20, "an AWS access key"},
    {"AIza", 35, "a Google API key"},
    {"ghp_", 36, "a GitHub token"},
    {"gho_", 36, "a GitHub token"},
    {"ghu_", 36, "a GitHub token"},
    {"ghs_", 36, "a GitHub token"},
    {"ghr_", 36, "a GitHub token"},
    {"github_pat_", 40, "a GitHub token"},
    {"glpat-", 20, "a GitLab token"},
    {"hf_", 30, "a Hugging Face token"},
    {"npm_", 36, "an npm token"},
    {"rk_live_", 24, "a Stripe key"},
    {"sk_live_", 24, "a Stripe key"},
    {"sk-", 24, "an API key"},
    {"xoxa-", 20, "a Slack token"},
    {"xoxb-", 20, "a Slack token"},
    {"xoxp-", 20, "a Slack token"},
};

constexpr auto kIsToken = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<size_t>(c)] = true;
  table['_'] = table['-'] = table['+'] = table['/'] = table['='] = true;
  return table;
}();

bool IsToken(char c) {
  return kIsToken[static_cast<uint8_t>(c)];
}

/// The entropy of `text` in bits per character, by the frequencies in `text` itself. Words are
/// below 3.5, random keys above.
double Entropy(std::string_view text) {
  std::array<int, 256> counts{};
  for (char c : text) ++counts[static_cast<uint8_t>(c)];
  double bits = 0;
  for (int count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

/// The key before `offset` on the same line (`api_key: `), in lower case, without `_` and `-`; ""
/// if there is none.
std::string KeyBefore(std::string_view text, size_t offset) {
  const size_t line = text.rfind('\n', offset) + 1;
  std::string_view before = text.substr(line, offset - line);
  const size_t colon = before.find_last_not_of(" \"'");
  if (colon == std::string_view::npos || before[colon] != ':') return {};
  before = before.substr(0, before.find_last_not_of(" \"'", colon - 1) + 1);
  const size_t begin = before.find_last_of(" {,\"'");
  std::string key;
  for (char c : before.substr(begin + 1)) {
    if (c != '_' && c != '-') key += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return key;
}

bool NamesASecret(std::string_view key) {
  static constexpr std::string_view kEnds[] = {
      "password",  "passwd",     "secret",     "token",       "apikey",
      "accesskey", "privatekey", "credential", "credentials", "bearer"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return key.ends_with(end); });
}

bool LooksRandom(std::string_view run) {
  const bool has_digit = std::ranges::any_of(run, [](char c) { return c >= '0' && c <= '9'; });
  const bool has_letter =
      std::ranges::any_of(run, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  return has_digit && has_letter && Entropy(run) >= 3.5;
}

class SecretSearch {
 public:
  explicit SecretSearch(PassContext& context) : context_(context) {}

  void Search(FileId file) {
    const std::string_view text = context_.sources.text(file);
    // A run of kMinRun bytes contains at least one probe, so only the surroundings of probes within
    // tokens have to be searched.
    for (size_t probe = kMinRun - 1; probe < text.size(); probe += kMinRun) {
      if (!IsToken(text[probe])) continue;
      size_t begin = probe;
      while (begin > 0 && IsToken(text[begin - 1])) --begin;
      // Nearly all runs are words, which end before this byte.
      const size_t needed = begin + kMinRun - 1;
      if (needed >= text.size() || !IsToken(text[needed])) continue;
      size_t end = probe + 1;
      while (end < text.size() && IsToken(text[end])) ++end;
      if (end - begin >= kMinRun) CheckText(file, text, begin, end);
      probe = std::max(probe, end - end % kMinRun - 1);
    }
    for (size_t at = text.find("-----BEGIN "); at != std::string_view::npos;
         at = text.find("-----BEGIN ", at + 1)) {
      const std::string_view line = text.substr(at, text.find('\n', at) - at);
      if (line.find("PRIVATE KEY-----") != std::string_view::npos)
        Report(file, at, at + line.size(), "a private key", 10);
    }
  }

 private:
  void CheckText(FileId file, std::string_view text, size_t begin, size_t end) {
    const std::string_view run = text.substr(begin, end - begin);
    for (const Shape& shape : kShapes) {
      if (run.size() < shape.min_length || !run.starts_with(shape.prefix) || !LooksRandom(run))
        continue;
      Report(file, begin, end, shape.name, shape.prefix.size());
      return;
    }
    const bool is_web_token =
        run.starts_with("eyJ") && text.substr(end).starts_with('.') && LooksRandom(run);
    if (is_web_token) {
      Report(file, begin, end, "a JSON web token", 3);
    } else if (NamesASecret(KeyBefore(text, begin)) && LooksRandom(run)) {
      Report(file, begin, end, "a credential", 2);
    }
  }

  void Report(FileId file, size_t begin, size_t end, std::string_view kind, size_t shown) {
    const Span span{
        .file = file, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(end)};
    context_.sink
        .Report(diag::LiteralSecret, span, kind, context_.sources.text(file).substr(begin, shown))
        .AddNote({},
                 "revoke it, since it has been written down; keep the new one in the environment, "
                 "name it with "
                 "`secrets: {NAME: {env: NAME}}` and use it as `${secret.NAME}`");
  }

  PassContext& context_;
};

}  // namespace

void CheckLiteralSecrets(PassContext& context) {
  SecretSearch search(context);
  for (FileId file : context.sources.file_ids()) search.Search(file);
}

}  // namespace wfc::passes
