#include "engine/weights/parameter_file.h"

#include <algorithm>
#include <charconv>

namespace grapevine {

const Array* ParameterFile::find(const std::string& name) const {
  const auto found =
      std::find_if(arrays.begin(), arrays.end(), [&](const auto& entry) { return entry.first == name; });
  return found == arrays.end() ? nullptr : &found->second;
}

std::string pytorch_name(const std::string& name) {
  int segment = 0;
  const char* const end = name.data() + name.size();
  const auto [after, error] = std::from_chars(name.data(), end, segment);
  if (error != std::errc() || after == end || *after != '.' || segment < 1) return name;
  return "segments." + std::to_string(segment - 1) + std::string(after, end);
}

}  // namespace grapevine
