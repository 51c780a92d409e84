#include "engine/nn/layers/positions.h"

#include <cmath>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

/// y[t] = h[t] + (sin(t/10000^(2i/d)) at 2i, cos of the same at 2i+1); N×T×d (Vaswani et al. 2017).
class Positions : public Layer {
 public:
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape&) const override { return h_dot; }
  at::Tensor adjoint(const at::Tensor& dy, Tape&, const AdjointRequest& request) const override {
    return request.input_gradient ? dy : at::Tensor();
  }
};

// Tape: saved[0] the T×d table, kept while the shape stays.
at::Tensor Positions::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  const std::int64_t tokens = h.size(-2), features = h.size(-1);
  tape.saved.resize(1);
  at::Tensor& table = tape.saved[0];
  if (!table.defined() || table.size(0) != tokens || table.size(1) != features) {
    const at::TensorOptions f64 = h.options().dtype(at::kDouble);
    const at::Tensor column = at::arange(features, f64);
    const at::Tensor pair = (column / 2).floor() * 2;
    const at::Tensor angle = at::arange(tokens, f64).unsqueeze(1) *
                             (pair * (-std::log(10000.0) / static_cast<double>(features))).exp();
    table = at::where(column.remainder(2).eq(0), angle.sin(), angle.cos()).to(h.scalar_type());
  }
  return at::add_out(workspace(tape.output, h.sizes(), h), h, table);
}

void measure(const LayerSpec& layer, const Site& site) {
  if (site.shape.size() != 2) site.misfit(layer, "tokens×features");
}

std::unique_ptr<Layer> make(const LayerSpec&) {
  return std::make_unique<Positions>();
}

}  // namespace

LayerEntry layer_entry_positions() {
  return {.make = make, .measure = measure};
}

}  // namespace grapevine
