// The handlers.
#include "app/cli/stop_requests.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "app/cli/bounded_output.h"
#include "app/cli/console.h"
#include "engine/files/unfinished.h"
#include "engine/session/interruption.h"
#include "engine/session/progress.h"

namespace grapevine::cli {
namespace {

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
extern "C" void on_stop_signal(int) {
  if (stop_request::is_first()) bound_output_in_progress();
}

/// The command only reads, or writes what is there whole or not at all.
extern "C" void on_stop_of_a_command(int) {
  remove_unfinished();
  constexpr char words[] = "grapevine-cli: stopped\n";
  static_cast<void>(!::write(STDERR_FILENO, words, sizeof words - 1));
  _exit(stopped_status);
}

int tell_stopped(const Options& options, const std::string& left) {
  const std::string words = "stopped; " + left;
  complain(words);
  if (options.json) print_json({{"error", words}, {"exit_status", stopped_status}});
  return stopped_status;
}

}  // namespace

void end_as_stopped() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const struct sigaction action = stop_request::handled_by(on_stop_of_a_command);
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_DFL)
      sigaction(signal, &action, nullptr);
  }
}

StopRequests::StopRequests() {
  stop_request::forget();
  for (int i = 0; i < 4; ++i) {
    const struct sigaction action =
        stop_request::handled_by(signals[i] == SIGPIPE ? SIG_IGN : on_stop_signal);
    sigaction(signals[i], nullptr, &before_[i]);
    if (signals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN) continue;
    sigaction(signals[i], &action, nullptr);
  }
}

StopRequests::~StopRequests() {
  for (int i = 0; i < 4; ++i) sigaction(signals[i], &before_[i], nullptr);
}

bool StopRequests::stop_asked() const {
  return stop_request::is_asked();
}

int stoppable(const Options& options, const std::string& left, const std::function<int()>& work) {
  const StopRequests stops;
  const Interruptible guard([&] { return stops.stop_asked(); });
  try {
    return work();
  } catch (const WorkStopped&) {
    return tell_stopped(options, left);
  }
}

void leave_stopped(const Options& options, const std::string& left) {
  tell_stopped(options, left);
  flush_output();
  remove_unfinished();
  std::_Exit(stopped_status);
}

}  // namespace grapevine::cli
