#include "app/cli/sweep_share.h"

#include <charconv>

#include "engine/error.h"

namespace grapevine::cli {

Share read_share(const std::string& text) {
  std::size_t index = 0, count = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, index);
  const bool slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = slash ? std::from_chars(first.ptr + 1, end, count) : first;
  if (!slash || second.ec != std::errc() || second.ptr != end || index < 1 || index > count)
    throw InputError("--cells takes a share as 2/5, the second of five, and not '" + text + "'");
  return {index - 1, count};
}

}  // namespace grapevine::cli
