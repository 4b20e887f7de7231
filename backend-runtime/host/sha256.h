// SHA-256 by libcrypto, for functions that take a `Sha256Function` and for what arrives in parts.
// The compiler uses ir/support/sha256.h instead.
#pragma once

#include <memory>
#include <span>

#include "ir/base/digest.h"

struct evp_md_ctx_st;  // libcrypto's

namespace wfc::host {

/// Cannot fail; an empty input is valid.
[[nodiscard]] Sha256Digest Sha256(std::span<const std::byte> bytes);

/// The digest of bytes that arrive in parts.
class Sha256Stream {
 public:
  Sha256Stream();

  void Add(std::span<const std::byte> bytes);
  /// The digest of all parts since the construction, or since the last call.
  [[nodiscard]] Sha256Digest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace wfc::host
