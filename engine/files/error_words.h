// What a program says of an error that ended what it was asked for. Any thread may call.
#pragma once

#include <exception>
#include <string>

namespace grapevine {

struct ErrorWords {
  std::string message;
  int exit_status;
};

/// Our own errors say it themselves; lack of memory, and a file system that refuses, are put into words.
ErrorWords words_of(const std::exception& error);

}  // namespace grapevine
