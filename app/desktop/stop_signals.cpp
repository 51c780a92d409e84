// The handlers and their pipe. `timeout` sends its signal twice in a row (to the program and to its group):
// what follows within a moment counts as the same request.
#include "app/desktop/stop_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <ctime>
#include <utility>

#include "engine/files/unfinished.h"

namespace grapevine {
namespace {

constexpr int handled[] = {SIGINT, SIGTERM, SIGHUP};
constexpr long same_request_ms = 300;
constexpr int stopped_status = 130;

int ends[2] = {-1, -1};
volatile std::sig_atomic_t asked = 0;
timespec asked_at{};

extern "C" void on_stop_signal(int) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (!asked) {
    asked_at = now;
    asked = 1;
    const char byte = 0;
    if (::write(ends[1], &byte, 1) < 0) _exit(stopped_status);  // nobody would hear it
    return;
  }
  const long passed = (now.tv_sec - asked_at.tv_sec) * 1000 + (now.tv_nsec - asked_at.tv_nsec) / 1000000;
  if (passed <= same_request_ms) return;
  grapevine::remove_unfinished();
  _exit(stopped_status);
}

}  // namespace

StopSignals::StopSignals(std::function<void()> stop, QObject* parent)
    : QObject(parent), stop_(std::move(stop)) {
  asked = 0;
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;  // signals then do what they always did
  notifier_ = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
  connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
    char byte = 0;
    if (::read(ends[0], &byte, 1) == 1) stop_();
  });
  for (int i = 0; i < 3; ++i) {
    struct sigaction action {};
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_stop_signal;
    sigaction(handled[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(handled[i], &action, nullptr);  // else nohup took it
  }
}

StopSignals::~StopSignals() {
  if (!notifier_) return;
  for (int i = 0; i < 3; ++i) sigaction(handled[i], &before_[i], nullptr);
  notifier_.reset();
  for (int& end : ends) ::close(std::exchange(end, -1));
}

}  // namespace grapevine
