// Scripts by which a shell completes command lines, made from the commands' descriptions. Pure; main thread.
#pragma once

#include <string>

namespace grapevine::cli {

std::string bash_completion();
/// Bash's, which zsh can read.
std::string zsh_completion();
std::string fish_completion();

}  // namespace grapevine::cli
