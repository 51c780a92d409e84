// `grapevine --bench-window`: how the window paints, and what that costs the training. The window's thread
// only.
#pragma once

namespace grapevine {

class MainWindow;

/// Runs the form's experiment without figures and with them, moves the pointer, shows large runs; prints one
/// JSON object to standard output. Returns the status to end with: 0, or that of the run that failed.
int bench_window(MainWindow& window);

}  // namespace grapevine
