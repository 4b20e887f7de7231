#include "ir/types/schema/uri.h"

#include <algorithm>

namespace wfc::types {
namespace {

/// The parts of a URI including their delimiters: `http:`, `//host`, `/path`, `?query`,
/// `#fragment`.
struct UriParts {
  std::string_view scheme;
  std::string_view authority;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

/// Removes the text before the first character of `ends` from the front of `rest` and returns it.
std::string_view TakeUntil(std::string_view& rest, std::string_view ends) {
  const size_t end = std::min(rest.find_first_of(ends), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end);
  return taken;
}

UriParts Split(std::string_view rest) {
  UriParts parts;
  const size_t colon = rest.find_first_of(":/?#");
  if (colon != std::string_view::npos && colon > 0 && rest[colon] == ':') {
    parts.scheme = rest.substr(0, colon + 1);
    rest.remove_prefix(colon + 1);
  }
  if (rest.starts_with("//")) {
    std::string_view after = rest.substr(2);
    parts.authority = rest.substr(0, 2 + TakeUntil(after, "/?#").size());
    rest = after;
  }
  parts.path = TakeUntil(rest, "?#");
  parts.query = TakeUntil(rest, "#");
  parts.fragment = rest;
  return parts;
}

/// RFC 3986, section 5.2.4, one segment at a time.
std::string RemoveDots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool is_last = path.empty();
    if (segment == "/." || segment == ".") {
      if (is_last) out += '/';
    } else if (segment == "/.." || segment == "..") {
      out.resize(out.find_last_of('/') == std::string::npos ? 0 : out.find_last_of('/'));
      if (is_last) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

/// RFC 3986, section 5.2.3.
std::string Merge(const UriParts& base, std::string_view path) {
  if (!base.authority.empty() && base.path.empty()) return "/" + std::string(path);
  const size_t slash = base.path.rfind('/');
  const std::string_view folder =
      base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
  return std::string(folder) + std::string(path);
}

std::string Join(std::string_view scheme, std::string_view authority, std::string_view path,
                 std::string_view query, std::string_view fragment) {
  std::string uri(scheme);
  return uri.append(authority).append(path).append(query).append(fragment);
}

}  // namespace

std::string ResolveUri(std::string_view base, std::string_view reference) {
  const UriParts from = Split(base);
  const UriParts to = Split(reference);
  if (!to.scheme.empty()) {
    return Join(to.scheme, to.authority, to.path.starts_with('/') ? RemoveDots(to.path) : to.path,
                to.query, to.fragment);
  }
  if (!to.authority.empty()) {
    return Join(from.scheme, to.authority, RemoveDots(to.path), to.query, to.fragment);
  }
  if (to.path.empty()) {
    return Join(from.scheme, from.authority, from.path, to.query.empty() ? from.query : to.query,
                to.fragment);
  }
  const std::string path = to.path.starts_with('/') ? std::string(to.path) : Merge(from, to.path);
  return Join(from.scheme, from.authority, RemoveDots(path), to.query, to.fragment);
}

std::string DecodePercent(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = high >= 0 ? digit(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

}  // namespace wfc::types
