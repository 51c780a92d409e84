// Opens the module with sentencepiece next to this library.
#include <dlfcn.h>

#include <filesystem>

#include "engine/data/bpe.h"
#include "engine/error.h"
#include "engine/files/memory.h"

namespace grapevine {
namespace {

void landmark() {}

// Deep binding: the module finds its own protobuf also where LibTorch's was opened before. The address
// sanitizer can't do that, and is never used together with LibTorch.
#if defined(__has_feature)  // clang's way to say it
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GRAPEVINE_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GRAPEVINE_SANITIZED
#endif
#ifdef GRAPEVINE_SANITIZED
constexpr int binding = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int binding = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

// sentencepiece, its protobuf and what they set up.
constexpr std::size_t size_of_module = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::string& place, const char* why) {
  std::error_code none;
  if (std::filesystem::exists(place, none) && !has_addresses_for(size_of_module))
    throw NotEnoughMemory(
        "there is too little memory to open the byte-pair encoder, so text can't be used; " +
        std::string(advice_without_memory));
  throw RunError("the byte-pair encoder can't be opened, so text can't be used; reinstall Grapevine: " +
                 std::string(why ? why : "no reason given"));
}

const EncodingModule& open_module() {
  const std::string place = beside_the_library("libgrapevine_bpe.so");
  void* library = dlopen(place.c_str(), binding);
  using Entry = const EncodingModule* (*)();
  const auto entry = library ? reinterpret_cast<Entry>(dlsym(library, encoding_symbol)) : nullptr;
  if (!entry) refuse(place, dlerror());
  return *entry();
}

const EncodingModule& module() {
  static const EncodingModule& opened = open_module();
  return opened;
}

}  // namespace

std::string beside_the_library(const std::string& file) {
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&landmark), &here) == 0 || !here.dli_fname) return file;
  std::error_code none;
  return (std::filesystem::weakly_canonical(here.dli_fname, none).parent_path() / file).string();
}

std::unique_ptr<Encoding> open_encoding(const std::string& model) {
  return module().open(model);
}

}  // namespace grapevine
