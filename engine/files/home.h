// The user's own folder. Any thread may call.
#pragma once

#include <string>

namespace grapevine {

/// $HOME, or what the system's list of users says; "." when neither knows.
std::string home_folder();
/// "~" and "~/x" with the home folder in place of the tilde, as a shell puts it; any other path as it is.
std::string with_home(const std::string& path);

/// "/grapevine" below the folder that the XDG variable names, or else below that part of the home folder. The
/// specification: an unset, empty or relative value counts as not given.
std::string xdg_folder(const char* variable, const char* below_home);

}  // namespace grapevine
