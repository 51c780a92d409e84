// The one family of errors. Every message says what is wrong, where, and what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace grapevine {

/// Whether the input or the run is at fault decides the exit status of the terminal program: 2 where the
/// input was wrong, 1 where it failed while running.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  virtual int exit_status() const { return 1; }
};

/// Wrong settings, files, databases or arguments: nothing was started.
class InputError : public Error {
 public:
  using Error::Error;
  int exit_status() const override { return 2; }
};

/// Something broke during a run; what was measured so far is kept.
class RunError : public Error {
 public:
  using Error::Error;
};

}  // namespace grapevine
