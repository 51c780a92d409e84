// Memory that runs out: reported as what could not be read for lack of it, and a reserve so that there is
// some left to say so. Any thread may call; the reserve is the process's.
#pragma once

#include <cstddef>
#include <new>
#include <string_view>

#include "engine/error.h"

namespace grapevine {

/// Keeps a piece of memory that the first request which finds none gives back: small ones, as destructors and
/// messages make them, succeed then, and what is too large fails with std::bad_alloc. For a program's start;
/// a later call reserves it again.
void hold_memory_reserve();

/// What was read is whole, and only this machine could not take it in.
class NotEnoughMemory : public RunError {
 public:
  using RunError::RunError;
};

/// Throws NotEnoughMemory: "not enough memory to read <kind><name>; <advice>".
[[noreturn]] void refuse_for_memory(std::string_view kind, std::string_view name, std::string_view advice);

inline constexpr std::string_view advice_without_memory =
    "close other programs, or use a machine with more of it";

/// So many bytes of addresses can be had. What the system's loader says where there are none is not about
/// memory, and in the user's language.
bool has_addresses_for(std::size_t bytes);

/// What `read` returns. Where memory runs out the message says what could not be read: `kind`, "the database
/// ", and `name`, its file. They are put together only then.
template <class Read>
auto within_memory(std::string_view kind, std::string_view name, Read read,
                   std::string_view advice = advice_without_memory) {
  try {
    return read();
  } catch (const std::bad_alloc&) {
    refuse_for_memory(kind, name, advice);
  }
}

}  // namespace grapevine
