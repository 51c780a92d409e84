#include "engine/session/awake_clock.h"

#include <signal.h>

#include <atomic>
#include <cstdint>

namespace grapevine {
namespace {

std::atomic<std::uint64_t> continued = 0;  ///< how often the program was allowed to continue
struct sigaction replaced;                 ///< who listened before

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a signal's handler may touch nothing else");

void note_continuation(int signal, siginfo_t* info, void* context) {
  continued.fetch_add(1);
  if ((replaced.sa_flags & SA_SIGINFO) != 0 && replaced.sa_sigaction)
    replaced.sa_sigaction(signal, info, context);
  else if (replaced.sa_handler != SIG_DFL && replaced.sa_handler != SIG_IGN && replaced.sa_handler)
    replaced.sa_handler(signal);
}

bool listen() {
  struct sigaction action {};
  action.sa_sigaction = note_continuation;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGCONT, &action, &replaced) == 0;
}

}  // namespace

AwakeClock::time_point AwakeClock::now() {
  static const bool listens = listen();
  static std::atomic<std::int64_t> last_look = 0, held = 0;
  static std::atomic<std::uint64_t> counted = 0;
  const std::int64_t now = std::chrono::steady_clock::now().time_since_epoch() / duration(1);
  const std::uint64_t times = continued.load();
  std::uint64_t known = counted.load();
  if (listens && known != times && counted.compare_exchange_strong(known, times) && last_look.load() > 0)
    held += now - last_look.load();
  last_look.store(now);
  return time_point(duration(now - held.load()));
}

}  // namespace grapevine
