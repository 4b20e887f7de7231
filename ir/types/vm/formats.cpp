#include "ir/types/vm/formats.h"

#include <algorithm>
#include <array>
#include <string>

#include <arpa/inet.h>
#include <re2/re2.h>

#include "ir/base/check.h"

namespace wfc::types {
namespace {

using Text = re2::StringPiece;

// The character classes of RFC 3986 for URIs and of RFC 3987 for IRIs, which allow further letters.
constexpr std::string_view kUriLetters = "A-Za-z0-9";
constexpr std::string_view kIriLetters = R"(A-Za-z0-9\x{A0}-\x{D7FF}\x{F900}-\x{10FFFF})";

std::string Replace(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// Whether a URI must have a scheme.
enum class Scheme : uint8_t { Required, Optional };

std::string UriPattern(std::string_view letters, Scheme scheme) {
  const std::string pchar = R"((?:[LETTERS._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}))";
  const std::string no_colon = R"((?:[LETTERS._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2}))";
  const std::string authority =
      R"((?:(?:[LETTERS._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?)"
      R"((?:\[(?:[0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\])"
      R"(|(?:[LETTERS._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?)";
  const std::string after_slash = "(?:/PCHAR*)*";
  const std::string hierarchy = "(?://" + authority + after_slash + "|/(?:PCHAR+" + after_slash +
                                ")?|PCHAR+" + after_slash + "|)";
  const std::string relative = "(?://" + authority + after_slash + "|/(?:PCHAR+" + after_slash +
                               ")?|" + no_colon + "+" + after_slash + "|)";
  const std::string tail = R"((?:\?(?:PCHAR|[/?])*)?(?:#(?:PCHAR|[/?])*)?)";
  std::string pattern = "[A-Za-z][A-Za-z0-9+.-]*:" + hierarchy + tail;
  if (scheme == Scheme::Optional) pattern = "(?:" + pattern + "|" + relative + tail + ")";
  return Replace(Replace(std::move(pattern), "PCHAR", pchar), "LETTERS", letters);
}

constexpr std::string_view kDate = "([0-9]{4})-([0-9]{2})-([0-9]{2})";
constexpr std::string_view kTime =
    R"(([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))";

bool IsDate(std::string_view text) {
  static const RE2 kPattern{Text(kDate.data(), kDate.size())};
  int year = 0;
  int month = 0;
  int day = 0;
  if (!RE2::FullMatch(Text(text.data(), text.size()), kPattern, &year, &month, &day)) return false;
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return false;
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int days = kDays[static_cast<size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
  return day >= 1 && day <= days;
}

/// RFC 3339, full-time. Second 60 is accepted only where a leap second can be: at 23:59:60 UTC.
bool IsTime(std::string_view text) {
  static const RE2 kPattern{Text(kTime.data(), kTime.size())};
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::string sign;
  std::string offset_hour;
  std::string offset_minute;
  if (!RE2::FullMatch(Text(text.data(), text.size()), kPattern, &hour, &minute, &second, &sign,
                      &offset_hour, &offset_minute)) {
    return false;
  }
  const int hours_off = sign.empty() ? 0 : std::stoi(offset_hour);
  const int minutes_off = sign.empty() ? 0 : std::stoi(offset_minute);
  if (hour > 23 || minute > 59 || second > 60 || hours_off > 23 || minutes_off > 59) return false;
  if (second < 60) return true;
  const int offset = (sign == "-" ? -1 : 1) * (hours_off * 60 + minutes_off);
  constexpr int kDay = 24 * 60;
  return ((hour * 60 + minute - offset) % kDay + kDay) % kDay == kDay - 1;
}

bool IsDateTime(std::string_view text) {
  const size_t between = text.find_first_of("Tt");
  return between != std::string_view::npos && IsDate(text.substr(0, between)) &&
         IsTime(text.substr(between + 1));
}

bool IsIpv4(std::string_view text) {
  in_addr address;
  return text.find('\0') == std::string_view::npos &&
         inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool IsIpv6(std::string_view text) {
  in6_addr address;
  return text.find('\0') == std::string_view::npos &&
         inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool IsHostname(std::string_view text) {
  static const RE2 kPattern(
      "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
      "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  return text.size() <= 253 && RE2::FullMatch(Text(text.data(), text.size()), kPattern);
}

bool IsEmail(std::string_view text) {
  static const RE2 kLocal(
      R"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[^"\\\x00-\x1F]|\\.)*")");
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  if (!RE2::FullMatch(Text(text.data(), at), kLocal)) return false;
  std::string_view domain = text.substr(at + 1);
  if (!domain.starts_with('[') || !domain.ends_with(']')) return IsHostname(domain);
  domain = domain.substr(1, domain.size() - 2);
  return domain.starts_with("IPv6:") ? IsIpv6(domain.substr(5)) : IsIpv4(domain);
}

template <const std::string& (*pattern)()>
bool Matches(std::string_view text) {
  static const RE2 kPattern(pattern());
  return RE2::FullMatch(Text(text.data(), text.size()), kPattern);
}

/// Defines a function that returns a pattern, which is built on the first call.
#define WFC_PATTERN(name, ...)                   \
  const std::string& name() {                    \
    static const std::string kText(__VA_ARGS__); \
    return kText;                                \
  }
WFC_PATTERN(DurationPattern,
            "P(?:[0-9]+W|(?:(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
            "(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?"
            "|T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)))")
WFC_PATTERN(PointerPattern, "(?s)(?:/(?:[^~/]|~[01])*)*")
WFC_PATTERN(RelativePointerPattern, "(?s)(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
WFC_PATTERN(IriText, UriPattern(kIriLetters, Scheme::Required))
WFC_PATTERN(IriReferenceText, UriPattern(kIriLetters, Scheme::Optional))
WFC_PATTERN(UriText, UriPattern(kUriLetters, Scheme::Required))
WFC_PATTERN(UriReferenceText, UriPattern(kUriLetters, Scheme::Optional))
WFC_PATTERN(TemplatePattern,
            R"((?:[^\x00-\x20"'<>%\\^`{|}]|%[0-9A-Fa-f]{2}|\{[+#./;?&=,!@|]?)"
            R"((?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+(?::[1-9][0-9]{0,3}|\*)?)"
            R"((?:,(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+(?::[1-9][0-9]{0,3}|\*)?)*\})*)")
WFC_PATTERN(UuidPattern, "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
#undef WFC_PATTERN

struct FormatInfo {
  std::string_view name;
  bool (*has)(std::string_view text);
  std::array<std::string_view, 4> samples;  ///< those behind the last one are empty
};

constexpr FormatInfo kFormats[] = {
    {"date", IsDate, {"2026-01-#", "1999-12-#"}},
    {"date-time",
     IsDateTime,
     {"2026-01-01T00:00:#Z", "2026-01-01T00:00:00.0#Z", "2026-01-01T00:00:#+01:00"}},
    {"duration", Matches<DurationPattern>, {"P#D", "PT#S", "P#W", "P1Y1M#DT1H1M1S"}},
    {"email", IsEmail, {"a@b#.org", "user.name#@example.org"}},
    {"hostname", IsHostname, {"a#", "www.example#.org"}},
    {"ipv4", IsIpv4, {"10.0.0.#", "192.168.100.1#"}},
    {"ipv6", IsIpv6, {"::#", "2001:db8::#", "2001:0db8:0000:0000:0000:0000:0000:00#"}},
    {"iri",
     Matches<IriText>,
     {"a:#", "https://example.org/#", "http://example.org/#", "urn:example:#"}},
    {"iri-reference", Matches<IriReferenceText>, {"#", "/#", "https://example.org/#"}},
    {"json-pointer", Matches<PointerPattern>, {"/#", "/a/#"}},
    {"relative-json-pointer", Matches<RelativePointerPattern>, {"#", "#/a", "0/#"}},
    {"time", IsTime, {"00:00:#Z", "00:00:00.0#Z", "00:00:#+01:00"}},
    {"uri",
     Matches<UriText>,
     {"a:#", "https://example.org/#", "http://example.org/#", "urn:example:#"}},
    {"uri-reference", Matches<UriReferenceText>, {"#", "/#", "https://example.org/#"}},
    {"uri-template", Matches<TemplatePattern>, {"#", "{a#}", "https://example.org/{a#}"}},
    {"uuid",
     Matches<UuidPattern>,
     {"00000000-0000-0000-0000-0000000000#", "00000000-0000-4000-8000-0000000000#"}},
};
static_assert(std::size(kFormats) == kFormatCount);

}  // namespace

std::optional<Format> FindFormat(std::string_view name) {
  for (uint32_t i = 0; i < kFormatCount; ++i) {
    if (kFormats[i].name == name) return static_cast<Format>(i);
  }
  return std::nullopt;
}

std::string_view GetName(Format format) {
  return kFormats[static_cast<size_t>(format)].name;
}

std::span<const std::string_view> FindSamples(Format format) {
  const auto& all = kFormats[static_cast<size_t>(format)].samples;
  return {all.begin(), std::ranges::find(all, std::string_view())};
}

std::string MakeSample(Format format, std::string_view form, uint32_t number, uint64_t least) {
  std::string text = Replace(std::string(form), "#", std::to_string(number));
  if (text.size() >= least) return text;
  std::string padded = text;
  padded.resize(least, 'a');
  return HasFormat(format, padded) ? padded : text;
}

bool HasFormat(Format format, std::string_view text) {
  return kFormats[static_cast<size_t>(format)].has(text);
}

}  // namespace wfc::types
