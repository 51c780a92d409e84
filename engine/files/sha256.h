// SHA-256 sums, of files and of data. An object belongs to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

struct evp_md_ctx_st;

namespace grapevine {

class Sha256 {
 public:
  /// Throws RunError where libcrypto refuses.
  Sha256();
  void add(const void* data, std::size_t size);
  /// Of all that was added, 64 hexadecimal digits. Once.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace grapevine
