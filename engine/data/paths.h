// Where things lie: XDG folders, or all below one folder with --data-dir. Any thread.
#pragma once

#include <string>

namespace grapevine {

struct Paths {
  std::string data;    ///< database, checkpoints
  std::string config;  ///< settings of the window
  std::string cache;   ///< downloads

  std::string database() const { return data + "/grapevine.db"; }
  /// `data_dir` "" = XDG ($XDG_DATA_HOME/grapevine …). Creates nothing.
  static Paths choose(const std::string& data_dir);
};

}  // namespace grapevine
