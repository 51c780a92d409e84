// The program's own operator new, which refuses the n-th request; for one test, which includes it once.
// Where it is not armed it is malloc.
#pragma once

#include <dlfcn.h>
#include <execinfo.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace failing_new {

inline std::atomic<long> calls = 0, fails_at = 0;
inline std::atomic<bool> struck = false;

enum class Place : char { of_no_account, may_not_throw, may_throw };

/// What the function that an address lies in says of what stands above it.
inline Place place_of(const void* address) {
  Dl_info where{};
  if (dladdr(address, &where) == 0 || !where.dli_sname) return Place::of_no_account;
  for (const char* library :
       {"json_value7destroy", "external_constructor", "directory_iterator", "remove_all",
        "9grapevine10Experiment", "9grapevine9make_plan", "9grapevine10make_sweep"})
    if (std::strstr(where.dli_sname, library)) return Place::may_not_throw;
  return std::strstr(where.dli_sname, "14parse_document") ? Place::may_throw : Place::of_no_account;
}

/// Remembered, for a look through the symbols of a large library takes longer than all else.
inline Place remembered_place(const void* address) {
  struct Known {
    const void* address;
    Place place;
  };
  static Known table[1 << 14];  // no container: those ask for memory
  Known& known = table[(reinterpret_cast<std::uintptr_t>(address) * 0x9E3779B97F4A7C15ULL) >> 50];
  if (known.address != address) known = {address, place_of(address)};
  return known.place;
}

/// Libraries ask for memory where they may not throw: JSON's constructors and its destructor, which takes
/// nested values apart without recursion; libstdc++'s ways through folders; the copy of settings' values, for
/// libstdc++ 12 takes apart a variant of strings whose copy failed as if it had been made. No refusal can be
/// survived there; the programs' reserve (hold_memory_reserve) serves such small requests.
inline bool where_nothing_may_be_thrown() {
  void* frames[64];
  const int count = backtrace(frames, 64);
  for (int i = 0; i < count; ++i) {  // the innermost first
    const Place place = remembered_place(frames[i]);
    if (place != Place::of_no_account) return place == Place::may_not_throw;
  }
  return false;
}

/// The n-th request from now on fails, once.
inline void arm(long n) {
  void* once[1];
  backtrace(once, 1);  // takes memory the first time
  calls = 0;
  struck = false;
  fails_at = n;
}
/// How many requests there were.
inline long disarm() {
  fails_at = 0;
  return calls;
}

inline void* give(std::size_t size) {
  if (fails_at > 0 && ++calls >= fails_at && !struck && !where_nothing_may_be_thrown()) {
    struck = true;
    throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

}  // namespace failing_new

void* operator new(std::size_t size) {
  return failing_new::give(size);
}
void* operator new[](std::size_t size) {
  return failing_new::give(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
