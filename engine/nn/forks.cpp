// Fork and Join: a feedback point inside a block. What the block's end adds travels beside the point's
// features through the cut.
#include "engine/nn/layers.h"

namespace grapevine {
namespace {

// Images become rows; rows of tokens stay what they are.
at::Tensor flat(const at::Tensor& t) {
  return t.dim() > 3 ? t.flatten(1) : t;
}

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

at::Tensor side_by_side(const at::Tensor& a, const at::Tensor& b) {
  return at::cat({flat(a), flat(b)}, -1);
}

}  // namespace

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

}  // namespace grapevine
