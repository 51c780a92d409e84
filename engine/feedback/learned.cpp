#include "engine/feedback/learned.h"

namespace grapevine {

LearnedFeedback::LearnedFeedback(const LearnedSettings& settings) : settings_(settings) {}

void LearnedFeedback::adopt(std::vector<at::Tensor>& matrices) {
  if (matrices.empty()) return;
  std::int64_t total = 0;
  for (const auto& b : matrices) total += b.numel();
  values_ = at::empty({total}, matrices.front().options());
  flat_gradients_ = at::zeros_like(values_);
  std::int64_t offset = 0;
  for (auto& b : matrices) {
    const at::Tensor view = values_.narrow(0, offset, b.numel()).view(b.sizes());
    view.copy_(b);
    gradients_.push_back(flat_gradients_.narrow(0, offset, b.numel()).view(b.sizes()));
    offset += b.numel();
    b = view;
  }
  OptimizerSettings optimizer;
  optimizer.kind = settings_.sgd ? OptimizerKind::sgd : OptimizerKind::adam;
  optimizer.weight_decay = settings_.decay;
  optimizer_ = make_optimizer(optimizer, values_);
  updates_ = at::zeros({1}, at::TensorOptions().dtype(at::kLong));
}

at::Tensor LearnedFeedback::part(const at::Tensor& flat, std::size_t l) const {
  return flat.narrow(0, gradients_[l].storage_offset(), gradients_[l].numel());
}

void LearnedFeedback::forget(std::size_t l) {
  for (auto& [name, moments] : optimizer_->state()) part(moments, l).zero_();
}

void LearnedFeedback::step(double lr, const std::set<int>& frozen) {
  if (!optimizer_) return;
  std::vector<std::pair<at::Tensor, at::Tensor>> kept;
  for (const int point : frozen) {
    const auto l = static_cast<std::size_t>(point - 1);
    kept.emplace_back(part(values_, l), part(values_, l).clone());
    for (auto& [name, moments] : optimizer_->state())
      kept.emplace_back(part(moments, l), part(moments, l).clone());
  }
  std::int64_t* count = updates_.data_ptr<std::int64_t>();
  optimizer_->updates = *count;
  optimizer_->step(values_, flat_gradients_, lr);
  *count = optimizer_->updates;
  for (auto& [now, before] : kept) now.copy_(before);
}

std::vector<std::pair<std::string, at::Tensor>> LearnedFeedback::state() {
  std::vector<std::pair<std::string, at::Tensor>> all;
  if (!optimizer_) return all;
  for (std::size_t l = 0; l < gradients_.size(); ++l)
    all.emplace_back("feedback_gradient/" + std::to_string(l + 1), gradients_[l]);
  for (auto& [name, tensor] : optimizer_->state()) all.emplace_back("feedback_optimizer/" + name, tensor);
  all.emplace_back("feedback_optimizer/updates", updates_);
  return all;
}

}  // namespace grapevine
