// As what runs leave the database, described once: the terminal's help and the window's file dialog follow.
// Values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct ExportFormat {
  std::string name;   ///< the word of --format, and what a file's name ends in
  std::string title;  ///< for a file dialog, which translates it
  std::string help;
  bool several = false;     ///< takes several runs in one file
  bool of_a_state = false;  ///< made of the run's last checkpoint
  bool folder = false;      ///< of several runs
};

/// In the order of the help text.
const std::vector<ExportFormat>& export_formats();
/// By a file's ending, the longest that fits: run.curves.npz is not an npz of parameters. nullptr where none
/// does.
const ExportFormat* export_format_of(std::string_view file);

}  // namespace grapevine
