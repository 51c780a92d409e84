#include "engine/nn/layers/attention.h"

#include <cmath>
#include <functional>
#include <limits>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

// N×T×3d ↦ q, k, v, each N·heads×T×(d/heads).
struct Parts {
  at::Tensor q, k, v;
};

Parts parted(const at::Tensor& h, std::int64_t heads) {
  const std::int64_t n = h.size(0), tokens = h.size(1), width = h.size(2) / (3 * heads);
  const at::Tensor parts =
      h.reshape({n, tokens, 3, heads, width}).permute({2, 0, 3, 1, 4}).reshape({3, n * heads, tokens, width});
  return {parts.select(0, 0), parts.select(0, 1), parts.select(0, 2)};
}

// The way back: N·heads×T×w, heads side by side again.
at::Tensor beside(const at::Tensor& by_head, std::int64_t heads) {
  const std::int64_t n = by_head.size(0) / heads, tokens = by_head.size(1), width = by_head.size(2);
  return by_head.view({n, heads, tokens, width}).permute({0, 2, 1, 3}).reshape({n, tokens, heads * width});
}

at::Tensor unsplit(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t heads) {
  return at::cat({beside(q, heads), beside(k, heads), beside(v, heads)}, 2);
}

/// Scaled dot-product attention without weights of its own: h = [q | k | v] N×T×3d ↦ N×T×d, each of `heads`
/// slices by itself: O = (m ∘ P) v, P = softmax(q kᵀ/√(d/heads)), m the dropout mask of this step.
class Attention : public Layer {
 public:
  explicit Attention(const LayerSpec& spec)
      : features_(spec.features), heads_(spec.heads), causal_(spec.causal), rate_(spec.rate) {}
  void enlist(Registration& registration, const std::string& path) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t features_, heads_;
  bool causal_;
  double rate_;
  std::uint64_t identity_ = 0;
};

void Attention::enlist(Registration&, const std::string& path) {
  identity_ = std::hash<std::string>{}(path);
}

// Tape: saved q, k, v, P, and m ∘ P (P itself without dropout), the mask behind it.
at::Tensor Attention::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  const Parts parts = parted(h, heads_);
  const std::int64_t tokens = h.size(1);
  at::Tensor scores = at::bmm(parts.q, parts.k.transpose(1, 2));
  scores.mul_(1 / std::sqrt(static_cast<double>(features_ / heads_)));
  if (causal_) {
    const at::Tensor later =
        at::ones({tokens, tokens}, scores.options().dtype(at::kBool)).triu_(1);  // column after row
    scores.masked_fill_(later, -std::numeric_limits<double>::infinity());
  }
  const at::Tensor p = at::softmax(scores, 2);
  tape.saved = {parts.q, parts.k, parts.v, p, p};
  if (pass.dropout && rate_ > 0) {
    at::Tensor mask = at::empty_like(p);
    fill_dropout_mask(mask, pass.dropout_key.with(identity_), rate_);
    tape.saved[4] = p * mask;
    tape.saved.push_back(mask);
  }
  return beside(at::bmm(tape.saved[4], parts.v), heads_);
}

// Ṡ = (q̇ kᵀ + q k̇ᵀ)/√w, Ṗ = P ∘ (Ṡ − Σ P∘Ṡ), Ȯ = (m∘Ṗ) v + (m∘P) v̇.
at::Tensor Attention::tangent(const at::Tensor& h_dot, Tape& tape) const {
  const at::Tensor &q = tape.saved[0], &k = tape.saved[1], &v = tape.saved[2], &p = tape.saved[3];
  const Parts dot = parted(h_dot, heads_);
  at::Tensor scores = at::bmm(dot.q, k.transpose(1, 2));
  scores.baddbmm_(q, dot.k.transpose(1, 2));
  scores.mul_(1 / std::sqrt(static_cast<double>(features_ / heads_)));
  at::Tensor p_dot = at::_softmax_backward_data(scores, p, 2, p.scalar_type());  // symmetric: its own adjoint
  if (tape.saved.size() > 5) p_dot.mul_(tape.saved[5]);
  at::Tensor o = at::bmm(p_dot, v);
  o.baddbmm_(tape.saved[4], dot.v);
  return beside(o, heads_);
}

// δv = (m∘P)ᵀ δO, δP = m ∘ (δO vᵀ), δS = P ∘ (δP − Σ P∘δP), δq = δS k/√w, δk = δSᵀ q/√w.
at::Tensor Attention::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (!request.input_gradient) return {};
  const at::Tensor &q = tape.saved[0], &k = tape.saved[1], &v = tape.saved[2], &p = tape.saved[3];
  const std::int64_t n = dy.size(0), tokens = dy.size(1), width = features_ / heads_;
  const at::Tensor by_head =
      dy.reshape({n, tokens, heads_, width}).permute({0, 2, 1, 3}).reshape({n * heads_, tokens, width});
  const at::Tensor dv = at::bmm(tape.saved[4].transpose(1, 2), by_head);
  at::Tensor dp = at::bmm(by_head, v.transpose(1, 2));
  if (tape.saved.size() > 5) dp.mul_(tape.saved[5]);
  at::Tensor ds = at::_softmax_backward_data(dp, p, 2, p.scalar_type());
  ds.mul_(1 / std::sqrt(static_cast<double>(width)));
  return unsplit(at::bmm(ds, k), at::bmm(ds.transpose(1, 2), q), dv, heads_);
}

void measure(const LayerSpec& layer, const Site& site) {
  if (site.shape.size() != 2 || site.shape[1] != 3 * layer.features)
    site.misfit(layer, "tokens×" + std::to_string(3 * layer.features) + " (queries, keys, values)");
  if (layer.heads < 1 || layer.features % layer.heads != 0)
    site.misfit(layer, "features that its " + std::to_string(layer.heads) + " heads divide evenly");
  // On the tape: q, k and v by heads, P, and with dropout m and m ∘ P.
  const double tokens = static_cast<double>(site.shape[0]);
  site.cost.values += static_cast<double>(product(site.shape)) +
                      static_cast<double>(layer.heads) * tokens * tokens * (layer.rate > 0 ? 3 : 1);
  site.shape[1] = layer.features;
  // q kᵀ and P v; masked products are computed too.
  site.cost.multiply_adds +=
      2 * static_cast<double>(product(site.shape)) * static_cast<double>(site.shape[0]);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  if (layer.features == 0) layer.features = site.shape.back() / 3;
}

std::string in_words(const LayerSpec& layer) {
  return std::string(layer.causal ? "causal " : "") + "attention, " + std::to_string(layer.heads) + " heads";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.features > 0 && layer.heads > 0, "features and heads must be at least 1");
  demand(layer, layer.features % layer.heads == 0, "the heads must divide the features evenly");
  demand(layer, layer.rate >= 0 && layer.rate < 1, "rate must be at least 0 and below 1");
  return std::make_unique<Attention>(layer);
}

}  // namespace

LayerEntry layer_entry_attention() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
