// All commands of grapevine-cli. Main thread only.
#pragma once

#include <vector>

#include "app/cli/command.h"

namespace grapevine::cli {

/// In the order of the help text. The parser, the dispatch, the man page and the messages are made from this
/// list.
const std::vector<Command>& commands();

/// The man page of grapevine-cli (troff).
std::string manual();

}  // namespace grapevine::cli
