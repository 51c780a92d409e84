#include "engine/files/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <string>

#include "engine/error.h"

namespace grapevine {
namespace {

// Never written to, so that it is a promise of the system's and takes no memory: enough to take apart what
// had been read.
constexpr std::size_t reserve_size = std::size_t{32} << 20;
std::atomic<void*> reserve = nullptr;
std::atomic<bool> asked_for = false;

/// The request is made again after it.
void give_back() {
  void* held = reserve.exchange(nullptr);
  if (!held) throw std::bad_alloc();
  std::free(held);
}

std::terminate_handler before = nullptr;

/// Libraries ask for memory where they may not throw. Where the reserve is gone too there is no way on, but
/// no crash either.
void say_so_and_end() {
  try {
    if (const std::exception_ptr trouble = std::current_exception()) std::rethrow_exception(trouble);
  } catch (const std::bad_alloc&) {
    static constexpr char words[] = "not enough memory, and none left to continue; close other programs\n";
    static_cast<void>(!::write(STDERR_FILENO, words, sizeof words - 1));
    ::_exit(1);
  } catch (...) {
    // Somebody else's.
  }
  before ? before() : std::abort();
}

}  // namespace

void hold_memory_reserve() {
  if (!asked_for.exchange(true)) before = std::set_terminate(say_so_and_end);
  std::set_new_handler(give_back);
  if (reserve) return;
  std::free(reserve.exchange(std::malloc(reserve_size)));
}

bool has_addresses_for(std::size_t bytes) {
  void* piece = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (piece == MAP_FAILED) return false;
  ::munmap(piece, bytes);
  return true;
}

void refuse_for_memory(std::string_view kind, std::string_view name, std::string_view advice) {
  std::string words = "not enough memory to read ";
  words.append(kind).append(name).append("; ").append(advice);
  if (asked_for) hold_memory_reserve();  // what failed has been given back by now
  throw NotEnoughMemory(words);
}

}  // namespace grapevine
