#include "engine/rules/direct.h"

namespace grapevine {

void DirectRule::attach(const Network& network, std::int64_t seed) {
  feedback_ = make_feedback(network, init_, shared_matrix_, seed);
}

void DirectRule::fill_signals(Lesson& lesson, Signals& signals, Buffers& buffers) {
  const auto points = static_cast<std::size_t>(lesson.network.points());
  signals.resize(points);
  buffers.rows.resize(points);
  buffers.states.resize(points);
  const at::Tensor carried = carrier(lesson);
  for (std::size_t l = 0; l < points; ++l) {
    at::Tensor& rows = workspace(buffers.rows[l], {carried.size(0), feedback_[l].size(1)}, carried);
    at::mm_out(rows, carried, feedback_[l]);
    signals[l] =
        lesson.network.state(static_cast<int>(l) + 1, rows, lesson.tape.outputs[l], buffers.states[l]);
  }
  lap(lesson.clock, Part::signal);
}

void DirectRule::learn(Lesson& lesson, Draws& draws) {
  align(lesson, draws);
  fill_signals(lesson, step_signals_, step_buffers_);
  local_adjoints(lesson, step_signals_);
}

bool DirectRule::rehearse(Lesson& lesson, Signals& signals) {
  fill_signals(lesson, signals, rehearsal_buffers_);
  local_adjoints(lesson, signals);
  return true;
}

NamedTensors DirectRule::state() {
  NamedTensors all;
  for (std::size_t l = 0; l < feedback_.size(); ++l)
    all.emplace_back("feedback/" + std::to_string(l + 1), feedback_[l]);
  return all;
}

double DirectRule::multiply_adds(const NetworkCost& cost, double n) const {
  double signals = 0;
  for (double features : cost.features) signals += features * cost.classes;
  return n * (2 * cost.forward_total() + signals);
}

}  // namespace grapevine
