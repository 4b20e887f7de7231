#include "backend-runtime/runtime/redact/redactor.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ir/base/random.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::redact {
namespace {

constexpr std::string_view kSecret = "p\"w/ä d+1\n";
constexpr std::string_view kLong =
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghij";
constexpr std::string_view kKeyFile =
    "-----BEGIN KEY-----\n"
    "MIIEabcdefghijklmnop0123456789ABCDEFGHIJKLMNOP\n"
    "QQQQabcdefghijklmnop0123456789ABCDEFGHIJKLMNOP\n"
    "-----END KEY-----";

Redactor With(std::string_view secret) {
  Redactor redactor;
  redactor.Add("TOKEN", secret);
  return redactor;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// `text` with `separator` after each `width` characters.
std::string Wrapped(std::string_view text, size_t width, std::string_view separator) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += width) {
    if (at > 0) out += separator;
    out += text.substr(at, width);
  }
  return out;
}

std::string Hex(std::string_view text, std::string_view separator,
                std::string_view form = "{:02x}") {
  std::string out;
  for (const char c : text) {
    if (!out.empty()) out += separator;
    out += fmt::format(fmt::runtime(form), static_cast<unsigned char>(c));
  }
  return out;
}

/// Percent-encoded but for letters, digits and `kept`.
std::string Percent(std::string_view text, std::string_view kept, std::string_view form) {
  std::string out;
  for (const char c : text) {
    const bool is_kept =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || kept.find(c) != std::string_view::npos;
    out += is_kept ? std::string(1, c)
                   : fmt::format(fmt::runtime(form), static_cast<unsigned char>(c));
  }
  return out;
}

std::string Quoted(std::string_view text) {
  return WriteJson(Value::String(text));
}

TEST(Redactor, HidesTheValueItself) {
  EXPECT_EQ(With(kSecret).Redact("a" + std::string(kSecret) + "b"), "a[secret TOKEN]b");
}

TEST(Redactor, HidesBase64AtEveryAlignment) {
  for (const std::string_view before : {"", "x", "xy", "xyz", "user:"}) {
    for (const std::string_view after : {"", "!", " and more"}) {
      const std::string encoded =
          ToBase64(std::string(before) + std::string(kLong) + std::string(after));
      const std::string redacted = With(kLong).Redact("<" + encoded + ">");
      EXPECT_NE(redacted.find("[secret TOKEN]"), std::string::npos) << encoded;
      EXPECT_LT(redacted.size(), 40U) << redacted;
    }
  }
}

TEST(Redactor, HidesBase64HoweverItIsBrokenIntoLines) {
  const std::string encoded = ToBase64(kLong);
  for (const size_t width : {1U, 4U, 20U, 64U, 76U}) {
    for (const std::string_view separator : {"\n", "\r\n", " ", "\n    ", "\t", ": "}) {
      EXPECT_EQ(With(kLong).Redact("<" + Wrapped(encoded, width, separator) + ">"),
                "<[secret TOKEN]>")
          << width << Quoted(separator);
    }
  }
  const std::string in_json = Quoted(Wrapped(encoded, 76, "\n"));
  EXPECT_EQ(With(kLong).Redact(in_json), "\"[secret TOKEN]\"");
}

TEST(Redactor, HidesBase64AndHexadecimalOfAnotherForm) {
  constexpr std::string_view kToken = "tok/en+=12?34>~abc";
  const Redactor redactor = With(kToken);
  const std::string base64 = ToBase64(kToken);
  const std::string forms[] = {base64, Replaced(Replaced(base64, "/", "_"), "+", "-"),
                               Hex(kToken, ""), Hex(kToken, "", "{:02X}"),
                               Percent(kToken, "-._~", "%{:02X}")};
  for (const std::string& form : forms) {
    EXPECT_EQ(redactor.Redact(ToBase64(form)), "[secret TOKEN]") << form;
    EXPECT_EQ(redactor.Redact(Hex(form, "")), "[secret TOKEN]") << form;
    EXPECT_EQ(redactor.Redact(Quoted(Wrapped(ToBase64(form), 20, "\n"))), "\"[secret TOKEN]\"")
        << form;
  }
  // A user before it shifts both.
  const std::string shifted = redactor.Redact(ToBase64(ToBase64("user:" + std::string(kToken))));
  EXPECT_NE(shifted.find("[secret TOKEN]"), std::string::npos) << shifted;
}

TEST(Redactor, HidesEscapesThatNameCodePoints) {
  EXPECT_EQ(With("t\u00e9l\u00e9phone").Redact("'t\\xe9l\\xe9phone'"), "'[secret TOKEN]'");
  EXPECT_EQ(With("t\u00e9l\u20acphone").Redact("'t\\xe9l\\u20acphone'"), "'[secret TOKEN]'");
  EXPECT_EQ(With("t\u00e9l\u20acphone").Redact("t\\u{e9}l\\U000020acphone"), "[secret TOKEN]");
  EXPECT_EQ(With("telephone").Redact("\\U00000074\\u{65}lephone"), "[secret TOKEN]");
}

TEST(Redactor, HidesUrlSafeBase64PaddedOrNot) {
  const Redactor redactor = With("\xFB\xFF\xFE\xFB\xFF\xFE\xFB\xFF");
  EXPECT_EQ(redactor.Redact("<-__--__--_8>"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("<-__--__--_8=>"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("<+//++//++/8=>"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("x=%2B%2F%2F%2B%2B%2F%2F%2B%2B%2F8%3D&y"), "x=[secret TOKEN]&y");
}

TEST(Redactor, HidesHexadecimalInEitherCaseAndHoweverItIsSeparated) {
  for (const std::string_view separator : {"", ":", " ", "\n", "-", ", "}) {
    EXPECT_EQ(With(kLong).Redact("<" + Hex(kLong, separator) + ">"), "<[secret TOKEN]>");
    EXPECT_EQ(With(kLong).Redact("<" + Hex(kLong, separator, "{:02X}") + ">"), "<[secret TOKEN]>");
  }
  EXPECT_EQ(With(kLong).Redact("{0x" + Hex(kLong, ", 0x") + "}"), "{0x[secret TOKEN]}");
  EXPECT_EQ(With(kLong).Redact("b'\\x" + Hex(kLong, "\\x") + "'"), "b'[secret TOKEN]'");
}

TEST(Redactor, HidesPercentEncodingInEveryAlphabet) {
  constexpr std::string_view kWord = "ab/cd+ef=gh ij'(k)!*~ü";
  const Redactor redactor = With(kWord);
  for (const std::string_view kept :
       {"", "/", "-._~", "/-._~", "!'()*-._~", "!#$&'()*+,-./:;=?@_~"}) {
    for (const std::string_view form : {"%{:02X}", "%{:02x}"}) {
      const std::string encoded = Percent(kWord, kept, form);
      EXPECT_EQ(redactor.Redact("q=" + encoded + "&"), "q=[secret TOKEN]&") << encoded;
      EXPECT_EQ(redactor.Redact("q=" + Replaced(encoded, "%20", "+") + "&"), "q=[secret TOKEN]&");
      const std::string twice = Percent(encoded, "", "%{:02X}");
      EXPECT_EQ(redactor.Redact(twice), "[secret TOKEN]") << twice;
    }
  }
  EXPECT_EQ(With("two words").Redact("q=two+words"), "q=[secret TOKEN]");
}

TEST(Redactor, HidesJsonThreeDeep) {
  std::string text(kSecret);
  for (int depth = 1; depth <= 3; ++depth) {
    text = Quoted(text);
    EXPECT_EQ(With(kSecret).Redact(text).find("d+1"), std::string::npos) << text;
  }
  EXPECT_EQ(With(kSecret).Redact(Quoted(kSecret)), "\"[secret TOKEN]\"");
}

TEST(Redactor, HidesWhatOtherWritersOfJsonMakeOfIt) {
  EXPECT_EQ(With("a/ä😀bcd")
                .Redact(R"(<a/\u00e4\ud83d\ude00bcd> <a\/\u00E4\uD83D\uDE00bcd> <a\/ä😀bcd>)"),
            "<[secret TOKEN]> <[secret TOKEN]> <[secret TOKEN]>");
  EXPECT_EQ(With(R"(c:\dir\"name")").Redact(R"(["c:\\dir\\\"name\""])"), R"(["[secret TOKEN]"])");
  EXPECT_EQ(With("<script>&").Redact(R"("\u003cscript\u003E\u0026")"), R"("[secret TOKEN]")");
}

/// What ordinary programs make of a text, as they print it.
TEST(Redactor, HidesWhatShellsQuote) {
  const Redactor redactor = With("it's a \"$ecret\"\tin `here`");
  for (const std::string_view form :
       {R"x(it'\''s a "$ecret"	in `here`)x", R"x(it'"'"'s a "$ecret"	in `here`)x",
        R"x(it\'s\ a\ \"\$ecret\"\	in\ \`here\`)x", R"x(it\'s a "$ecret"\tin `here`)x",
        R"x(it's a \"\$ecret\"	in \`here\`)x", R"x(it''s a "$ecret"	in `here`)x",
        R"x(it'\''s a "$ecret"'$'\t''in `here`)x", R"x(it\047s a "$ecret"\011in `here`)x"}) {
    EXPECT_EQ(redactor.Redact("+ curl -H '" + std::string(form) + "'"),
              "+ curl -H '[secret TOKEN]'")
        << form;
  }
  EXPECT_EQ(With("größe-12").Redact(R"($'gr\303\266\303\237e-12')"), "$'[secret TOKEN]'");
}

TEST(Redactor, HidesEntities) {
  const Redactor redactor = With("a<b>&'c\"=dä");
  for (const std::string_view form :
       {"a&lt;b&gt;&amp;'c&quot;=dä", "a&lt;b&gt;&amp;&#39;c&#34;=d&#228;",
        "&#x61;&#x3C;b&#x3e;&#x0026;&apos;c&quot;&#61;d&#XE4;"}) {
    EXPECT_EQ(redactor.Redact("<p>" + std::string(form) + "</p>"), "<p>[secret TOKEN]</p>") << form;
  }
  EXPECT_EQ(With("AAAA&BBBB").Redact(R"({"html": "AAAA\u0026amp;BBBB"})"),
            R"({"html": "[secret TOKEN]"})");
  EXPECT_EQ(redactor.Redact("&#; &#x; &amp &lt &#999999999; &"),
            "&#; &#x; &amp &lt &#999999999; &");
}

TEST(Redactor, HidesQuotedPrintable) {
  const Redactor redactor = With("über=secret-and-long");
  EXPECT_EQ(redactor.Redact("<=C3=BCber=3Dsecret-and-long>"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("<=C3=BCber=3Dsec=\r\nret-and-=\nlong>"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("a = b, c == d, e=1="), "a = b, c == d, e=1=");
}

std::string Utf16(std::string_view ascii, bool is_big) {
  std::string out;
  for (const char c : ascii) {
    if (is_big) out += '\0';
    out += c;
    if (!is_big) out += '\0';
  }
  return out;
}

TEST(Redactor, HidesUtf16) {
  for (const bool is_big : {false, true}) {
    const std::string form = Utf16(kLong, is_big);
    EXPECT_EQ(With(kLong).Redact(form), "[secret TOKEN]");
    EXPECT_EQ(With(kLong).Redact(Quoted(form)), "\"[secret TOKEN]\"");
    EXPECT_EQ(With(kLong).Redact(ToBase64(form)), "[secret TOKEN]");
    EXPECT_EQ(With(kLong).Redact(Hex(form, " ")), "[secret TOKEN]");
  }
  EXPECT_EQ(With("größe-😀").Redact(std::string("g\0r\0\xf6\0\xdf\0e\0-\0\x3d\xd8\x00\xde!", 17)),
            "[secret TOKEN]!");
}

/// As xxd, hexdump -C, od -t x1z and hexdump show it.
std::string Dump(std::string_view text, std::string_view tool) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += 16) {
    const std::string_view line = text.substr(at, 16);
    std::string digits;
    for (size_t i = 0; i < line.size(); ++i) {
      const bool is_word = tool == "hexdump" || tool == "xxd";
      const size_t shown = tool == "hexdump" ? i ^ 1 : i;
      if (!is_word || i % 2 == 0) digits += ' ';
      if (tool == "hexdump -C" && i == 8) digits += ' ';
      digits += fmt::format("{:02x}", shown < line.size() ? line[shown] : '\0');
    }
    if (tool == "xxd") out += fmt::format("{:08x}:{:<41} {}\n", at, digits, line);
    if (tool == "hexdump -C") out += fmt::format("{:08x} {:<50} |{}|\n", at, digits, line);
    if (tool == "od -t x1z") out += fmt::format("{:07o}{:<48}  >{}<\n", at, digits, line);
    if (tool == "hexdump") out += fmt::format("{:07x}{}\n", at, digits);
  }
  return out;
}

TEST(Redactor, HidesBothColumnsOfDumps) {
  constexpr std::string_view kToken = "qzwj-QXWK-vyvy-JKJK-qqzz";
  for (const std::string_view tool : {"xxd", "hexdump -C", "od -t x1z", "hexdump"}) {
    for (size_t before = 0; before <= 18; ++before) {
      const std::string text = std::string(before, '.') + std::string(kToken) + std::string(8, '.');
      const std::string dump = Dump(text, tool);
      for (const std::string& printed : {dump, Quoted(dump), Replaced(dump, "\n", "\r\n")}) {
        const std::string redacted = With(kToken).Redact(printed);
        for (const char c : std::string_view("qzwjQXWvyJ")) {
          EXPECT_EQ(redacted.find(c), std::string::npos) << redacted;
          EXPECT_EQ(redacted.find(fmt::format("{:02x}", c), 10), std::string::npos) << redacted;
        }
        EXPECT_NE(redacted.find(tool == "xxd" ? "00000000:" : "0000000"), std::string::npos);
      }
    }
  }
  EXPECT_EQ(With("12345678").Redact("2024 12 ab\n0000: zz\n"), "2024 12 ab\n0000: zz\n");
}

TEST(Redactor, HidesOneEncodingWithinAnother) {
  const std::string base64 = ToBase64(kSecret);
  EXPECT_EQ(With(kSecret).Redact(Replaced(base64, "/", "\\/")), "[secret TOKEN]");
  EXPECT_EQ(With(kSecret).Redact(Percent(Quoted(kSecret), "", "%{:02X}")), "%22[secret TOKEN]%22");
  EXPECT_EQ(With(kSecret).Redact(Quoted(Percent(kSecret, "", "%{:02X}"))), "\"[secret TOKEN]\"");
}

TEST(Redactor, KnowsEachLineAndWhatItIsWithoutBlanks) {
  const Redactor redactor = With(kKeyFile);
  EXPECT_EQ(redactor.Redact(std::string(kKeyFile) + "\n"), "[secret TOKEN]\n");
  for (const std::string_view separator : {" ", "\r\n", "\n  ", "", "\",\""}) {
    const std::string reshaped = Replaced(std::string(kKeyFile), "\n", separator);
    const std::string redacted = redactor.Redact(reshaped);
    EXPECT_EQ(redacted.find("abcdefgh"), std::string::npos) << redacted;
    EXPECT_EQ(redacted.find("BEGIN"), std::string::npos) << redacted;
  }
  const std::string key = "MIIEabcdefghijklmnop0123456789ABCDEFGHIJKLMNOP";
  EXPECT_EQ(redactor.Redact("<" + key + ">"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("<" + Wrapped(key, 10, "\n") + ">"), "<[secret TOKEN]>");
  EXPECT_EQ(redactor.Redact("<" + ToBase64(key) + ">"), "<[secret TOKEN]>");
  EXPECT_EQ(With("topsecretvalue\n").Redact("<topsecretvalue>"), "<[secret TOKEN]>");
  EXPECT_EQ(With("  topsecretvalue\r\n").Redact(Hex("topsecretvalue", ":")), "[secret TOKEN]");
  EXPECT_EQ(With("first line\nx\n").Redact("x"), "x");
}

TEST(Redactor, KnowsWhatStandsInAJsonSecret) {
  const Redactor redactor = With("{\"private_key\": \"-----BEGIN-----\\nMIIEabcdefgh\\n\"}");
  EXPECT_EQ(redactor.Redact("MIIEabcdefgh\n"), "[secret TOKEN]\n");
}

TEST(Redactor, OverlappingSecretsLeaveNothing) {
  Redactor redactor;
  redactor.Add("A", "abcdefghij");
  redactor.Add("B", "defghijklm");
  EXPECT_EQ(redactor.Redact("<abcdefghijklm>"), "<[secret A]>");
  EXPECT_EQ(redactor.Redact("<defghijklm>"), "<[secret B]>");
}

TEST(Redactor, AValueKeepsItsShapeAndItsOtherParts) {
  Redactor redactor;
  redactor.Add("PIN", "47110815");
  const Value record =
      Value::Record({{"text", Value::String("my 47110815!")},
                     {"number", Value::Int(3471108159)},
                     {"list", Value::List({Value::Double(1.5), Value::String("47110815")})},
                     {"47110815", Value::Bool(true)},
                     {"optional", Value::Optional(Value::String("47110815"))}});
  EXPECT_EQ(WriteJson(redactor.Redact(record)),
            R"({"[secret PIN]":true,"list":[1.5,"[secret PIN]"],"number":"3[secret PIN]9",)"
            R"("optional":"[secret PIN]","text":"my [secret PIN]!"})");
}

TEST(Redactor, KeysThatBecomeEqualStayOne) {
  Redactor redactor;
  redactor.Add("A", "the first");
  redactor.Add("A", "the second");
  const Value record = Value::Record({{"the first", Value::Int(1)}, {"the second", Value::Int(2)}});
  EXPECT_EQ(WriteJson(redactor.Redact(record)), R"({"[secret A]":1})");
}

TEST(Redactor, WithoutSecretsNothingChanges) {
  Redactor redactor;
  redactor.Add("EMPTY", "");
  EXPECT_TRUE(redactor.empty());
  EXPECT_EQ(redactor.Redact("text"), "text");
}

TEST(Redactor, LeavesOtherTextsAsTheyAre) {
  const Redactor redactor = With(kSecret);
  for (const std::string_view text : {"", "%", "%4", "%zz%u12", "\\", "\\u12", "\\ud83d",
                                      "100% \\o/ C:\\new\\table", "a+b c", "\xFF\xC3"}) {
    EXPECT_EQ(redactor.Redact(text), text);
  }
}

TEST(Redactor, SecretsOfFewerThanEightBytesCannotBeHidden) {
  EXPECT_FALSE(CanBeHidden(""));
  EXPECT_FALSE(CanBeHidden("1234567"));
  EXPECT_FALSE(CanBeHidden("  1234567\n"));
  EXPECT_TRUE(CanBeHidden("12345678"));
}

/// Against a search for each form by itself.
TEST(Redactor, FindsWhatASlowSearchFinds) {
  Random random(7);
  const auto letters = [&](size_t length) {
    std::string text;
    for (size_t i = 0; i < length; ++i) text += "ab"[random.Below(2)];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    Redactor redactor;
    std::vector<std::string> secrets;
    for (int i = 0; i < 5; ++i) {
      secrets.push_back(letters(8 + random.Below(4)));
      redactor.Add("S", secrets.back());
    }
    const std::string text = letters(60);
    std::string expected = text;
    std::vector<bool> is_hidden(text.size());
    for (const std::string& secret : secrets) {
      for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
        std::fill_n(is_hidden.begin() + static_cast<ptrdiff_t>(at), secret.size(), true);
      }
    }
    const std::string redacted = Replaced(redactor.Redact(text), "[secret S]", "#");
    const auto hidden = std::ranges::count(is_hidden, true);
    const auto kept = redacted.size() - static_cast<size_t>(std::ranges::count(redacted, '#'));
    EXPECT_EQ(kept, text.size() - static_cast<size_t>(hidden)) << text << " " << redacted;
  }
}

TEST(Redactor, ALargeTextIsSearchedAcrossItsBlocks) {
  const Redactor redactor = With(kLong);
  const std::string form = Quoted(Wrapped(ToBase64(kLong), 76, "\n"));
  const size_t before = (4U << 20) - 60;
  const std::string text = std::string(before, '.') + form + std::string(100'000, '.');
  const std::string redacted = redactor.Redact(text);
  EXPECT_EQ(redacted.substr(before, 17), "\"[secret TOKEN]\".");
  EXPECT_EQ(redacted.size(), before + 16 + 100'000);
}

/// Otherwise this would take hours: at each byte, thirty secrets nearly match.
TEST(Redactor, TimeIsLinearInTheText) {
  std::vector<std::string> values;
  for (int i = 0; i < 30; ++i) values.push_back(std::string(2000, 'a') + fmt::format("{:03}", i));
  std::vector<NamedSecret> secrets;
  for (const std::string& value : values) secrets.push_back({.name = "S", .value = value});
  Redactor redactor;
  redactor.Add(secrets);
  EXPECT_EQ(redactor.Redact(std::string(1'000'000, 'a')).size(), 1'000'000U);
}

}  // namespace
}  // namespace wfc::redact
