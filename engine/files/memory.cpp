#include "engine/files/memory.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "engine/error.h"

namespace grapevine {
namespace {

constexpr std::size_t reserve_size = std::size_t{1} << 20;
std::atomic<void*> reserve = nullptr;
std::atomic<bool> asked_for = false;

/// The request is made again after it.
void give_back() {
  void* held = reserve.exchange(nullptr);
  if (!held) throw std::bad_alloc();
  std::free(held);
}

}  // namespace

void hold_memory_reserve() {
  asked_for = true;
  std::set_new_handler(give_back);
  if (reserve) return;
  void* piece = std::malloc(reserve_size);
  if (piece) std::memset(piece, 1, reserve_size);  // else it is a promise of the system's only
  std::free(reserve.exchange(piece));
}

void refuse_for_memory(std::string_view kind, std::string_view name, std::string_view advice) {
  std::string words = "not enough memory to read ";
  words.append(kind).append(name).append("; ").append(advice);
  if (asked_for) hold_memory_reserve();  // what failed has been given back by now
  throw RunError(words);
}

}  // namespace grapevine
