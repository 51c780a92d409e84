#include "engine/nn/layers/join.h"

#include "engine/nn/layer_entry.h"
#include "engine/nn/side_by_side.h"
#include "engine/nn/two_ways.h"

namespace grapevine {
namespace {

at::Tensor shaped(const at::Tensor& rows, const std::vector<std::int64_t>& shape) {
  if (shape.empty()) return rows;
  std::vector<std::int64_t> whole = shape;
  whole.insert(whole.begin(), rows.size(0));
  return rows.reshape(whole);
}

at::Tensor sum(const at::Tensor& a, const at::Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() ? a : b;
  return a + b;
}

/// y = body(a) + shortcut(b) of h = [a | b], as a Fork left it: a residual sum whose two inputs come apart.
class Join : public TwoWays {
 public:
  explicit Join(const LayerSpec& spec)
      : TwoWays(spec), first_(spec.in), part_shape_(spec.part_shape), carried_shape_(spec.carried_shape) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;

 private:
  at::Tensor part(const at::Tensor& h) const;
  at::Tensor carried(const at::Tensor& h) const;
  std::int64_t first_;
  std::vector<std::int64_t> part_shape_, carried_shape_;
};

at::Tensor Join::part(const at::Tensor& h) const {
  return shaped(h.narrow(-1, 0, first_), part_shape_).contiguous();
}

at::Tensor Join::carried(const at::Tensor& h) const {
  return shaped(h.narrow(-1, first_, h.size(-1) - first_), carried_shape_).contiguous();
}

at::Tensor Join::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  tape.input = h;
  return body_.forward(part(h), tape.body, pass) + shortcut_.forward(carried(h), tape.shortcut, pass);
}

at::Tensor Join::tangent(const at::Tensor& h_dot, Tape& tape) const {
  return body_.tangent(part(h_dot), tape.body) + shortcut_.tangent(carried(h_dot), tape.shortcut);
}

at::Tensor Join::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction, Tape& tape) const {
  const at::Tensor a = h_dot.defined() ? part(h_dot) : at::Tensor();
  const at::Tensor b = h_dot.defined() ? carried(h_dot) : at::Tensor();
  return sum(body_.joint_tangent(a, direction, tape.body),
             shortcut_.joint_tangent(b, direction, tape.shortcut));
}

at::Tensor Join::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const at::Tensor a = body_.adjoint(dy, tape.body, request);
  const at::Tensor b = shortcut_.adjoint(dy, tape.shortcut, request);
  return request.input_gradient ? side_by_side(a, b) : at::Tensor();
}

/// The shapes of the two parts of what comes in.
struct Parts {
  Shape part, carried;
};
Parts parts_of(const LayerSpec& layer, const Shape& shape) {
  Parts parts{shape, shape};
  parts.part.back() = layer.in;
  parts.carried.back() = shape.back() - layer.in;
  if (!layer.part_shape.empty()) parts.part = layer.part_shape;
  if (!layer.carried_shape.empty()) parts.carried = layer.carried_shape;
  return parts;
}

void measure(const LayerSpec& layer, const Site& site) {
  if (site.shape.empty() || site.shape.back() <= layer.in)
    site.misfit(layer, "more than " + std::to_string(layer.in) + " features");
  auto [part, carried] = parts_of(layer, site.shape);
  if (product(part) + product(carried) != product(site.shape))
    site.misfit(layer, show(part) + " and " + show(carried) + " side by side");
  site.walk(layer.body, "body", part);
  site.walk(layer.shortcut, "shortcut", carried);
  if (part != carried) site.misfit(layer, "a body and a shortcut of one shape (" + show(part) + ")", carried);
  site.shape = part;
}

void infer(LayerSpec& layer, const Site& site, KnownSizes& known) {
  // The shape before is flat, or rows; those of its two parts are the fork's.
  const bool rows = site.shape.size() > 1;
  KnownSizes::Cut cut;
  if (!known.forks.empty()) {
    cut = known.forks.back();
    known.forks.pop_back();
  } else if (layer.in == 0) {
    site.misfit(layer, "what a fork at the end of the segment before gives");
  }
  if (layer.in == 0) layer.in = rows ? cut.part.back() : product(cut.part);
  if (!rows && layer.in == product(cut.part)) {
    layer.part_shape = cut.part;
    layer.carried_shape = cut.carried;
  }
  auto [part, carried] = parts_of(layer, site.shape);
  site.infer(layer.body, "body", part, known);
  site.infer(layer.shortcut, "shortcut", carried, known);
}

std::string in_words(const LayerSpec& layer) {
  return (layer.body.empty() ? "sum" : describe(layer.body) + ", sum") + " with what came next to it";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.in > 0, "in, the features of the point's part, must be at least 1");
  return std::make_unique<Join>(layer);
}

}  // namespace

LayerEntry layer_entry_join() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
