// What SIGINT and its like ask of a program, for its signal handlers: the first asks for a clean stop, a
// second one leaves at once. `timeout` sends its signal twice in a row (to the program and to its group):
// what follows within a moment counts as the same request. Nothing here waits, allocates or locks; a program
// has one.
#pragma once

#include <unistd.h>

#include <csignal>
#include <ctime>

#include "engine/files/unfinished.h"

namespace grapevine {

/// Exit status of a program that was stopped.
inline constexpr int stopped_status = 130;

namespace stop_request {

inline constexpr long same_request_ms = 300;
inline volatile std::sig_atomic_t asked = 0;
inline timespec asked_at{};

/// In a handler: true for the first request. A later one does not return.
inline bool is_first() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (!asked) {
    asked_at = now;
    asked = 1;
    return true;
  }
  const long passed = (now.tv_sec - asked_at.tv_sec) * 1000 + (now.tv_nsec - asked_at.tv_nsec) / 1000000;
  if (passed <= same_request_ms) return false;
  remove_unfinished();
  _exit(stopped_status);
}

inline bool is_asked() {
  return asked != 0;
}

inline void forget() {
  asked = 0;
}

/// What a program does at these signals.
inline struct sigaction handled_by(void (*handler)(int)) {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  action.sa_handler = handler;
  return action;
}

}  // namespace stop_request
}  // namespace grapevine
