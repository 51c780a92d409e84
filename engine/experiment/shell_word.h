// Words of a command line that people copy. Any thread may call.
#pragma once

#include <string>

namespace grapevine {

/// `word` as a shell reads it back: in quotes where it needs them.
std::string shell_quoted(const std::string& word);

}  // namespace grapevine
