#include "engine/experiment/content_uuid.h"

#include <openssl/evp.h>

#include "engine/error.h"

namespace grapevine {

std::string uuid_of_content(std::string_view content) {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(content.data(), content.size(), sum, &length, EVP_sha256(), nullptr) != 1)
    throw RunError("SHA-256 can't be computed: OpenSSL refuses");
  sum[6] = static_cast<unsigned char>((sum[6] & 0x0f) | 0x80);
  sum[8] = static_cast<unsigned char>((sum[8] & 0x3f) | 0x80);
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text += '-';
    text += digits[sum[byte] >> 4];
    text += digits[sum[byte] & 15];
  }
  return text;
}

}  // namespace grapevine
