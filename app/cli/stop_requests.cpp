// The handlers. `timeout` sends its signal twice in a row (to the program and to its group): what follows
// within a moment counts as the same request.
#include "app/cli/stop_requests.h"

#include <unistd.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "engine/files/unfinished.h"
#include "engine/session/interruption.h"
#include "engine/session/progress.h"

namespace grapevine::cli {
namespace {

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
constexpr long same_request_ms = 300;

volatile std::sig_atomic_t asked = 0;
timespec asked_at{};

extern "C" void on_stop_signal(int) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (!asked) {
    asked_at = now;
    asked = 1;
    return;
  }
  const long passed = (now.tv_sec - asked_at.tv_sec) * 1000 + (now.tv_nsec - asked_at.tv_nsec) / 1000000;
  if (passed <= same_request_ms) return;
  grapevine::remove_unfinished();
  _exit(stopped_status);
}

}  // namespace

StopRequests::StopRequests() {
  asked = 0;
  for (int i = 0; i < 4; ++i) {
    struct sigaction action {};
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    action.sa_handler = signals[i] == SIGPIPE ? SIG_IGN : on_stop_signal;
    sigaction(signals[i], nullptr, &before_[i]);
    if (signals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN) continue;
    sigaction(signals[i], &action, nullptr);
  }
}

StopRequests::~StopRequests() {
  for (int i = 0; i < 4; ++i) sigaction(signals[i], &before_[i], nullptr);
}

bool StopRequests::stop_asked() const {
  return asked != 0;
}

int stoppable(const Options& options, const std::string& left, const std::function<int()>& work) {
  const StopRequests stops;
  const Interruptible guard([&] { return stops.stop_asked(); });
  try {
    return work();
  } catch (const WorkStopped&) {
    const std::string words = "stopped; " + left;
    complain(words);
    if (options.json) print_json({{"error", words}, {"exit_status", stopped_status}});
    return stopped_status;
  }
}

}  // namespace grapevine::cli
