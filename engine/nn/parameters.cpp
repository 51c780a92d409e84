#include "engine/nn/parameters.h"

namespace grapevine {

int ParameterLayout::add(ParameterInfo info) {
  info.offset = total_;
  info.count = 1;
  for (auto extent : info.shape) info.count *= extent;
  total_ += info.count;
  infos_.push_back(std::move(info));
  return size() - 1;
}

int ParameterLayout::slot(const std::string& name) const {
  for (int i = 0; i < size(); ++i)
    if ((*this)[i].name == name) return i;
  return -1;
}

ParameterBuffer::ParameterBuffer(const ParameterLayout& layout, const at::TensorOptions& options)
    : flat_(at::zeros({layout.total()}, options)) {
  for (const auto& info : layout.infos())
    views_.push_back(flat_.narrow(0, info.offset, info.count).view(info.shape));
}

at::Tensor ParameterBuffer::segment(const ParameterLayout& layout, int segment) const {
  std::int64_t begin = -1, end = 0;
  for (const auto& info : layout.infos()) {
    if (info.segment != segment) continue;
    if (begin < 0) begin = info.offset;
    end = info.offset + info.count;
  }
  return begin < 0 ? flat_.narrow(0, 0, 0) : flat_.narrow(0, begin, end - begin);
}

}  // namespace grapevine
