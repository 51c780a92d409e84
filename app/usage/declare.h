// A description in the terms of CLI11, which does the parsing. Main thread.
#pragma once

#include <CLI/App.hpp>

#include "app/usage/usage.h"

namespace grapevine {

/// Gives `app` what `usage` describes, its options under the heading `group`. The targets are written when
/// `app` parses.
void declare(CLI::App& app, const Usage& usage, const std::string& group);

}  // namespace grapevine
