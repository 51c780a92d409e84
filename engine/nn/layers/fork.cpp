#include "engine/nn/layers/fork.h"

#include "engine/nn/fork_body.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/side_by_side.h"

namespace grapevine {
namespace {

/// y = [body(h) | h]: how a feedback point inside a block carries on what the block's end will add. Images
/// are flattened. The point's features are body(h)'s alone (Network::features).
class Fork : public Layer {
 public:
  explicit Fork(const LayerSpec& spec) : body_(spec.body) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override { body_.bind(values); }
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    body_.visit_weights(tape.body, sink);
  }
  bool has_parameters() const override { return body_.has_parameters(); }
  const Chain& body() const { return body_; }
  void weight_slots(std::vector<int>& slots) const override { body_.weight_slots(slots); }

 private:
  Chain body_;
};

void Fork::enlist(Registration& registration, const std::string& path) {
  body_.enlist(registration, path + ".body.");
}

// Tape: saved[0] body(h), for the shapes.
at::Tensor Fork::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  tape.input = h;
  tape.saved = {body_.forward(h, tape.body, pass)};
  return side_by_side(tape.saved[0], h);
}

at::Tensor Fork::tangent(const at::Tensor& h_dot, Tape& tape) const {
  return side_by_side(body_.tangent(h_dot, tape.body), h_dot);
}

at::Tensor Fork::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction, Tape& tape) const {
  at::Tensor y = body_.joint_tangent(h_dot, direction, tape.body);
  if (!y.defined() && !h_dot.defined()) return {};
  if (!y.defined()) y = at::zeros_like(tape.saved[0]);
  return side_by_side(y, h_dot.defined() ? h_dot : at::zeros_like(tape.input));
}

at::Tensor Fork::induced_tangent(RandomKey key, Tape& tape) const {
  const at::Tensor y = body_.induced_tangent(key, tape.body);
  return y.defined() ? side_by_side(y, at::zeros_like(tape.input)) : at::Tensor();
}

at::Tensor Fork::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const at::Tensor& y = tape.saved[0];
  const std::int64_t width = flat(y).size(-1);
  const at::Tensor part = dy.narrow(-1, 0, width).reshape(y.sizes());
  const at::Tensor through_body = body_.adjoint(part, tape.body, request);
  if (!request.input_gradient) return {};
  return through_body + dy.narrow(-1, width, dy.size(-1) - width).reshape(tape.input.sizes());
}

// [body(h) | h]: images flattened, rows of tokens side by side.
Shape shape_side_by_side(const Shape& part, const Shape& carried) {
  if (part.size() == 2 && carried.size() == 2 && part[0] == carried[0])
    return {part[0], part[1] + carried[1]};
  return {product(part) + product(carried)};
}

void measure(const LayerSpec& layer, const Site& site) {
  const Shape carried = site.shape;
  site.walk(layer.body, "body", site.shape);
  site.shape = shape_side_by_side(site.shape, carried);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes& known) {
  Shape body = site.shape;
  site.infer(layer.body, "body", body, known);
  known.forks.push_back({body, site.shape});
}

std::string in_words(const LayerSpec& layer) {
  return describe(layer.body) + ", next to its input";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  return std::make_unique<Fork>(layer);
}

}  // namespace

const Chain* body_of_fork(const Layer& layer) {
  const auto* fork = dynamic_cast<const Fork*>(&layer);
  return fork ? &fork->body() : nullptr;
}

LayerEntry layer_entry_fork() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words, .carries_its_input = true};
}

}  // namespace grapevine
