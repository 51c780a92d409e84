#include "engine/feedback/structure.h"

#include <cmath>

#include "engine/error.h"

namespace grapevine {

FeedbackStructure::FeedbackStructure(const StructureSettings& settings, std::int64_t classes,
                                     const std::vector<std::int64_t>& point, const at::TensorOptions& options,
                                     RandomKey key)
    : size_(settings, classes, point), draws_(size_.columns) {
  if (has_cells(settings, point)) cut_map(settings, point, options);
  if (size_.basis == 0) return;
  if (size_.rows > classes)
    throw InputError("rule.rank=" + std::to_string(size_.rows) + ": feedback matrices of " +
                     std::to_string(classes) + " classes have no higher rank than that; use at most " +
                     std::to_string(classes));
  // In float64 on the host, so that a factorisation's rounding doesn't depend on the device.
  at::Tensor gaussian = at::empty({classes, size_.rows}, at::TensorOptions().dtype(at::kDouble));
  fill_gaussian(gaussian, key);
  basis_ = std::get<0>(at::linalg_qr(gaussian)).contiguous().to(options);
  // Entry c, k of B is Σ_j U_cj V_jk; the mean of U_cj² is 1/C.
  entry_scale_ = std::sqrt(static_cast<double>(classes) / static_cast<double>(size_.rows));
}

void FeedbackStructure::cut_map(const StructureSettings& settings, const std::vector<std::int64_t>& point,
                                const at::TensorOptions& options) {
  channels_ = point[0];
  at::Tensor lengths[2];
  for (std::size_t axis : {0, 1}) {
    std::vector<std::int64_t>& edges = edges_[axis] = cell_edges(settings, point[axis + 1]);
    std::vector<std::int64_t> cell_of;
    std::vector<double> length;
    for (std::size_t cell = 0; cell + 1 < edges.size(); ++cell) {
      cell_of.insert(cell_of.end(), static_cast<std::size_t>(edges[cell + 1] - edges[cell]),
                     static_cast<std::int64_t>(cell));
      length.push_back(static_cast<double>(edges[cell + 1] - edges[cell]));
    }
    cell_of_[axis] = at::tensor(cell_of, at::TensorOptions().dtype(at::kLong)).to(options.device());
    lengths[axis] = at::tensor(length, at::TensorOptions().dtype(at::kDouble));
  }
  const at::Tensor areas = lengths[0].unsqueeze(1) * lengths[1].unsqueeze(0);
  cell_sizes_ = areas.flatten().repeat({channels_}).unsqueeze(0).to(options);
  if (settings.kind == StructureSettings::Kind::kernel) find_taps(settings.kernel, options);
}

// Tap i of a transposed convolution brings pixel y what is at y + (k−1)/2 − i, where that is on the map.
void FeedbackStructure::find_taps(std::int64_t kernel, const at::TensorOptions& options) {
  double reaching = 1;
  for (std::size_t axis : {0, 1}) {
    const std::vector<std::int64_t>& edges = edges_[axis];
    const std::int64_t length = edges.back(), cells = static_cast<std::int64_t>(edges.size()) - 1;
    at::Tensor taps = at::zeros({kernel, cells}, at::TensorOptions().dtype(at::kDouble));
    double count = 0;
    for (std::int64_t i = 0; i < kernel; ++i)
      for (std::int64_t cell = 0; cell < cells; ++cell) {
        const std::int64_t begin = edges[static_cast<std::size_t>(cell)], from = begin + (kernel - 1) / 2 - i;
        if (from < 0 || from >= length) continue;
        taps[i][cell] = 1;
        count += static_cast<double>(edges[static_cast<std::size_t>(cell) + 1] - begin);
      }
    reaching *= count / static_cast<double>(length);
    taps_[axis] = taps.to(options);
  }
  draws_ = channels_ * kernel * kernel;
  entry_scale_ = 1 / std::sqrt(reaching);
}

at::Tensor FeedbackStructure::begin_from(const at::Tensor& drawn) const {
  at::Tensor values = drawn;
  if (taps_[0].defined()) {
    const at::Tensor kernels = drawn.reshape({drawn.size(0), channels_, taps_[0].size(0), taps_[1].size(0)});
    values = taps_[0].t().matmul(kernels).matmul(taps_[1]).reshape({drawn.size(0), -1});
  }
  return entry_scale_ == 1 ? values : values * entry_scale_;
}

// Cells' values, N×m, over the map: columns of the map first, while it is small.
void FeedbackStructure::spread(const at::Tensor& cells, at::Tensor& out) const {
  const std::int64_t rows = cells.size(0), height = edges_[0].back(), width = edges_[1].back();
  const std::int64_t down = static_cast<std::int64_t>(edges_[0].size()) - 1,
                     across = static_cast<std::int64_t>(edges_[1].size()) - 1;
  at::Tensor map = out.view({rows, channels_, height, width});
  const at::Tensor small = cells.view({rows, channels_, down, across});
  if (down == 1 && across == 1)
    map.copy_(small.expand(map.sizes()));
  else
    at::index_select_out(map, at::index_select(small, 3, cell_of_[1]), 2, cell_of_[0]);
}

void FeedbackStructure::apply(const at::Tensor& e, const at::Tensor& values, at::Tensor& out) const {
  if (tied())
    spread(e.mm(values), out);
  else
    at::mm_out(out, classes_seen(e), values);
}

at::Tensor FeedbackStructure::classes_seen(const at::Tensor& z) const {
  return basis_.defined() ? z.mm(basis_) : z;
}

// Sums over bands of rows, then over columns within them, and the cells' sizes taken off at the end.
at::Tensor FeedbackStructure::features_seen(const at::Tensor& p) const {
  if (!tied()) return p;
  const std::int64_t height = edges_[0].back(), width = edges_[1].back();
  at::Tensor sums = p.reshape({p.size(0), channels_, height, width});
  for (std::int64_t axis : {0, 1}) {
    const std::vector<std::int64_t>& edges = edges_[axis];
    std::vector<std::int64_t> shape = sums.sizes().vec();
    shape[static_cast<std::size_t>(axis + 2)] = static_cast<std::int64_t>(edges.size()) - 1;
    at::Tensor bands = at::empty(shape, p.options());
    for (std::size_t cell = 0; cell + 1 < edges.size(); ++cell) {
      at::Tensor band = bands.narrow(axis + 2, static_cast<std::int64_t>(cell), 1);
      at::sum_out(band, sums.narrow(axis + 2, edges[cell], edges[cell + 1] - edges[cell]), {axis + 2}, true);
    }
    sums = bands;
  }
  return sums.view({p.size(0), -1}).div_(cell_sizes_);
}

at::Tensor FeedbackStructure::predict(const at::Tensor& p_seen, const at::Tensor& values) const {
  if (tied()) return p_seen.mm((values * cell_sizes_).t());
  return basis_.defined() ? p_seen.mm(values.t()).mm(basis_.t()) : p_seen.mm(values.t());
}

void FeedbackStructure::take_off_prediction(at::Tensor& out, const at::Tensor& p_seen,
                                            const at::Tensor& values) const {
  if (tied())
    out.addmm_(p_seen, (values * cell_sizes_).t(), 1, -1);
  else if (basis_.defined())
    out.addmm_(p_seen.mm(values.t()), basis_.t(), 1, -1);
  else
    out.addmm_(p_seen, values.t(), 1, -1);
}

at::Tensor FeedbackStructure::project(const at::Tensor& dense) const {
  return features_seen(basis_.defined() ? basis_.t().mm(dense) : dense);
}

at::Tensor FeedbackStructure::expand(const at::Tensor& values) const {
  if (basis_.defined()) return basis_.mm(values);
  if (!tied()) return values;
  at::Tensor dense = at::empty({values.size(0), features(values)}, values.options());
  spread(values, dense);
  return dense;
}

at::Tensor FeedbackStructure::inner(const at::Tensor& a, const at::Tensor& b) const {
  return tied() ? (a * b * cell_sizes_).sum() : (a * b).sum();
}

at::Tensor FeedbackStructure::norm(const at::Tensor& values) const {
  return tied() ? inner(values, values).sqrt() : at::linalg_vector_norm(values);
}

std::int64_t FeedbackStructure::features(const at::Tensor& values) const {
  return tied() ? channels_ * edges_[0].back() * edges_[1].back() : values.size(1);
}

}  // namespace grapevine
