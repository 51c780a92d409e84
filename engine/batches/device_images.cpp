#include "engine/batches/device_images.h"

namespace grapevine {
namespace {

// A view of what the host has, copied to the device; `from` outlives the copy.
template <class Number>
at::Tensor copied(const std::vector<Number>& from, at::IntArrayRef shape, at::ScalarType type,
                  at::Device device) {
  return at::from_blob(const_cast<Number*>(from.data()), shape, at::TensorOptions().dtype(type))
      .to(device, type, /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace

DeviceImages::DeviceImages(const ImageSet& set, const std::vector<float>& table, at::Device device)
    : pixels_(copied(set.pixels, {set.count(), set.channels, set.height, set.width}, at::kByte, device)),
      labels_(copied(set.labels, {set.count()}, at::kInt, device).to(at::kLong)),
      table_(copied(table, {static_cast<std::int64_t>(table.size())}, at::kFloat, device)),
      offsets_(at::arange(0, set.channels * 256, 256, labels_.options()).view({1, -1, 1, 1})) {}

// `placements`: 3×N, down, right and whether mirrored.
at::Tensor DeviceImages::moved(const at::Tensor& bytes, const at::Tensor& placements) const {
  const std::int64_t height = bytes.size(2), width = bytes.size(3);
  const at::Tensor columns = at::arange(width, placements.options());
  const at::Tensor mirrored = placements[2].unsqueeze(1);
  const at::Tensor y = at::arange(height, placements.options()) + placements[0].unsqueeze(1);
  const at::Tensor x = mirrored * (width - 1 - 2 * columns) + columns + placements[1].unsqueeze(1);
  const auto inside = [](const at::Tensor& place, std::int64_t end) {
    return place.ge(0).logical_and_(place.lt(end));
  };
  const at::Tensor seen =
      inside(y, height).unsqueeze(2).logical_and(inside(x, width).unsqueeze(1)).unsqueeze(1);
  const at::Tensor from = (y.clamp(0, height - 1) * width).unsqueeze(2) + x.clamp(0, width - 1).unsqueeze(1);
  const at::Tensor flat = bytes.flatten(2);
  const at::Tensor gathered =
      flat.gather(2, from.flatten(1).unsqueeze(1).expand_as(flat)).view(bytes.sizes());
  return gathered.mul_(seen);
}

Batch DeviceImages::take(const std::int64_t* rows, std::int64_t count,
                         const std::vector<Placement>& placements) const {
  const std::int64_t lines = placements.empty() ? 1 : 4;
  const bool on_host = pixels_.is_cpu();
  const at::Tensor orders =
      at::empty({lines, count}, at::TensorOptions().dtype(at::kLong).pinned_memory(!on_host));
  std::int64_t* to = orders.data_ptr<std::int64_t>();
  std::copy(rows, rows + count, to);
  for (std::size_t i = 0; i < placements.size(); ++i) {
    const Placement& one = placements[i];
    std::int64_t* own = to + static_cast<std::int64_t>(i);
    own[count] = one.down, own[2 * count] = one.right, own[3 * count] = one.mirrored ? 1 : 0;
  }
  const at::Tensor there = on_host ? orders : orders.to(pixels_.device(), /*non_blocking=*/true);
  at::Tensor bytes = pixels_.index_select(0, there[0]);
  if (!placements.empty()) bytes = moved(bytes, there.narrow(0, 1, 3));
  return {table_.take(bytes.to(at::kLong) + offsets_), labels_.index_select(0, there[0])};
}

}  // namespace grapevine
