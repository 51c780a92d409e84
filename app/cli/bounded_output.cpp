// An alarm, which ends the program where it comes while output waits.
#include "app/cli/bounded_output.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "engine/files/stop_request.h"
#include "engine/files/unfinished.h"

namespace grapevine::cli {
namespace {

constexpr unsigned patience_seconds = 3, look_again_seconds = 1;

/// Counted by any thread and read in a handler.
std::atomic<int> writing = 0, storing = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_patience_over(int) {
  if (!writing) return;
  if (storing) {
    ::alarm(look_again_seconds);
    return;
  }
  remove_unfinished();
  _exit(stopped_status);
}

void hear_the_alarm() {
  const struct sigaction action = stop_request::handled_by(on_patience_over);
  sigaction(SIGALRM, &action, nullptr);
}

}  // namespace

BoundedOutput::BoundedOutput() {
  static const bool heard = (hear_the_alarm(), true);
  static_cast<void>(heard);
  ++writing;
  if (stop_request::is_asked()) bound_output_in_progress();
}

BoundedOutput::~BoundedOutput() {
  if (--writing > 0) return;
  ::alarm(0);
  // Another thread may have begun to write before its alarm was put off here.
  if (stop_request::is_asked()) bound_output_in_progress();
}

StillStoring::StillStoring() {
  ++storing;
}

StillStoring::~StillStoring() {
  --storing;
}

bool flush_output() {
  const BoundedOutput bounded;
  return std::fflush(stdout) == 0;
}

void bound_output_in_progress() {
  if (writing) ::alarm(patience_seconds);
}

}  // namespace grapevine::cli
