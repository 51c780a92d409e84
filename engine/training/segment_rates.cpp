#include "engine/training/segment_rates.h"

#include <string>

#include "engine/error.h"

namespace grapevine {
namespace {

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

void check_segment_rates(const NetworkSpec& spec, const std::vector<double>& scales) {
  const std::size_t segments = spec.segments.size();
  const bool has_decoder = spec.words > 0;
  if (scales.empty() || scales.size() == segments || (has_decoder && scales.size() == segments + 1)) return;
  throw InputError("optimizer.lr_scale lists " + counted(scales.size(), "factor") + ", and the network has " +
                   counted(segments, "segment") + "; list one per segment" +
                   (has_decoder ? ", and perhaps one more for the decoder" : ""));
}

std::vector<RatePart> segment_rates(const ParameterLayout& layout, const std::vector<double>& scales) {
  std::vector<RatePart> parts;
  if (scales.empty()) return parts;
  int segment = 0;
  for (const ParameterInfo& info : layout.infos()) {
    if (info.segment != segment) {
      const auto place = static_cast<std::size_t>(info.segment - 1);
      parts.push_back({info.offset, 0, place < scales.size() ? scales[place] : 1});
      segment = info.segment;
    }
    parts.back().count += info.count;
  }
  return parts;
}

}  // namespace grapevine
