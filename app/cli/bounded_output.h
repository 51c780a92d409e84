// Results and messages for a reader who may take nothing (Ctrl-S, a pager, a dead connection): as long as
// nobody asks for the end the program waits, as any does. Once a stop was asked for, and all is stored, it
// waits a moment longer and ends. Any thread; the handler's function may be called in a signal's handler.
#pragma once

namespace grapevine::cli {

/// While this lives its thread writes to what may keep it waiting.
class BoundedOutput {
 public:
  BoundedOutput();
  ~BoundedOutput();
  BoundedOutput(const BoundedOutput&) = delete;
  BoundedOutput& operator=(const BoundedOutput&) = delete;
};

/// While this lives something is still to be stored, and no output is given up.
class StillStoring {
 public:
  StillStoring();
  ~StillStoring();
  StillStoring(const StillStoring&) = delete;
  StillStoring& operator=(const StillStoring&) = delete;
};

/// What was printed goes out; false where it could not be written.
bool flush_output();
/// In the handler of a stop: what is being written has a moment left.
void bound_output_in_progress();

}  // namespace grapevine::cli
