#include "backend-runtime/host/sha256.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "ir/base/check.h"

namespace wfc::host {

Sha256Digest Sha256(std::span<const std::byte> bytes) {
  Sha256Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  WFC_CHECK(context_ != nullptr);
  WFC_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256Stream::Add(std::span<const std::byte> bytes) {
  WFC_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Sha256Digest Sha256Stream::Finish() {
  Sha256Digest digest = {};
  WFC_CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
  WFC_CHECK(EVP_DigestInit_ex(context_.get(), nullptr, nullptr) == 1);
  return digest;
}

}  // namespace wfc::host
