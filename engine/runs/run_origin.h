// Where a run begins that was trained further, or that is a fork: at a checkpoint of another one. A value.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

struct RunOrigin {
  std::string uuid;       ///< of the parent
  std::int64_t step = 0;  ///< of its checkpoint, which is kept as long as a run names it
  std::string sha256;     ///< of that checkpoint's file
};

}  // namespace grapevine
