// The handlers and their pipe.
#include "app/desktop/stop_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "engine/files/stop_request.h"

namespace grapevine {
namespace {

constexpr int handled[] = {SIGINT, SIGTERM, SIGHUP};
int ends[2] = {-1, -1};

extern "C" void on_stop_signal(int) {
  if (!stop_request::is_first()) return;
  const char byte = 0;
  if (::write(ends[1], &byte, 1) < 0) _exit(stopped_status);  // nobody would hear it
}

}  // namespace

StopSignals::StopSignals(std::function<void()> stop, QObject* parent)
    : QObject(parent), stop_(std::move(stop)) {
  stop_request::forget();
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;  // signals then do what they always did
  notifier_ = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
  connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
    char byte = 0;
    if (::read(ends[0], &byte, 1) == 1) stop_();
  });
  for (int i = 0; i < 3; ++i) {
    const struct sigaction action = stop_request::handled_by(on_stop_signal);
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
