#include "engine/optim/optimizer.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "engine/random/vector_code.h"

namespace grapevine {
namespace {

constexpr std::int64_t grain = 1 << 15;
constexpr double adam_epsilon = 1e-8;

struct AdamStep {
  float keep1, take1, keep2, take2;  ///< β1, 1−β1, β2, 1−β2
  float size;                        ///< lr / (1 − β1^t)
  float root;                        ///< 1/√(1 − β2^t)
  float decay;                       ///< added to the gradient (adam), times the value
  float shrink;                      ///< factor on the value (adamw), 1 = none
};

GRAPEVINE_VECTOR void adam_block(float* __restrict p, const float* __restrict g, float* __restrict m,
                                 float* __restrict v, std::int64_t count, const AdamStep& s) {
  const AdamStep a = s;
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = p[i] * a.shrink;
    const float grad = g[i] + a.decay * value;
    m[i] = a.keep1 * m[i] + a.take1 * grad;
    v[i] = a.keep2 * v[i] + a.take2 * grad * grad;
    p[i] = value - a.size * m[i] / (std::sqrt(v[i]) * a.root + static_cast<float>(adam_epsilon));
  }
}

GRAPEVINE_VECTOR void sgd_block(float* __restrict p, const float* __restrict g, float* __restrict m,
                                std::int64_t count, float lr, float momentum, float decay) {
  for (std::int64_t i = 0; i < count; ++i) {
    m[i] = momentum * m[i] + (g[i] + decay * p[i]);
    p[i] -= lr * m[i];
  }
}

bool fusible(const at::Tensor& t) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat;
}

class Adam : public Optimizer {
 public:
  Adam(const OptimizerSettings& settings, const at::Tensor& values)
      : beta1_(settings.beta1),
        beta2_(settings.beta2),
        decoupled_(settings.kind == OptimizerKind::adamw),
        m_(at::zeros_like(values)),
        v_(at::zeros_like(values)) {
    weight_decay = settings.weight_decay;
  }

  std::vector<std::pair<std::string, at::Tensor>> state() override { return {{"m", m_}, {"v", v_}}; }

 protected:
  void move(at::Tensor& values, const at::Tensor& gradients, std::int64_t begin, double lr) override {
    const double t = static_cast<double>(updates);
    const double size = lr / (1 - std::pow(beta1_, t)), root = 1 / std::sqrt(1 - std::pow(beta2_, t));
    if (fusible(values)) {
      const AdamStep s{static_cast<float>(beta1_),
                       static_cast<float>(1 - beta1_),
                       static_cast<float>(beta2_),
                       static_cast<float>(1 - beta2_),
                       static_cast<float>(size),
                       static_cast<float>(root),
                       decoupled_ ? 0.0f : static_cast<float>(weight_decay),
                       decoupled_ ? static_cast<float>(1 - lr * weight_decay) : 1.0f};
      float *p = values.data_ptr<float>(), *m = m_.data_ptr<float>() + begin,
            *v = v_.data_ptr<float>() + begin;
      const float* g = gradients.data_ptr<float>();
      at::parallel_for(0, values.numel(), grain, [&](std::int64_t from, std::int64_t to) {
        adam_block(p + from, g + from, m + from, v + from, to - from, s);
      });
      return;
    }
    at::Tensor grad = gradients;
    if (weight_decay != 0) {
      if (decoupled_)
        values.mul_(1 - lr * weight_decay);
      else
        grad = gradients.add(values, weight_decay);
    }
    at::Tensor m = m_.narrow(0, begin, values.numel()), v = v_.narrow(0, begin, values.numel());
    m.mul_(beta1_).add_(grad, 1 - beta1_);
    v.mul_(beta2_).addcmul_(grad, grad, 1 - beta2_);
    values.addcdiv_(m, v.sqrt().mul_(root).add_(adam_epsilon), -size);
  }

 private:
  double beta1_, beta2_;
  bool decoupled_;
  at::Tensor m_, v_;
};

/// PyTorch's: the first buffer is the first gradient, no dampening.
class Sgd : public Optimizer {
 public:
  Sgd(const OptimizerSettings& settings, const at::Tensor& values)
      : momentum_(settings.momentum), buffer_(at::zeros_like(values)) {
    weight_decay = settings.weight_decay;
  }

  std::vector<std::pair<std::string, at::Tensor>> state() override { return {{"momentum", buffer_}}; }

 protected:
  void move(at::Tensor& values, const at::Tensor& gradients, std::int64_t begin, double lr) override {
    if (fusible(values)) {
      float *p = values.data_ptr<float>(), *m = buffer_.data_ptr<float>() + begin;
      const float* g = gradients.data_ptr<float>();
      at::parallel_for(0, values.numel(), grain, [&](std::int64_t from, std::int64_t to) {
        sgd_block(p + from, g + from, m + from, to - from, static_cast<float>(lr),
                  static_cast<float>(momentum_), static_cast<float>(weight_decay));
      });
      return;
    }
    at::Tensor buffer = buffer_.narrow(0, begin, values.numel());
    buffer.mul_(momentum_).add_(gradients);
    if (weight_decay != 0) buffer.add_(values, weight_decay);
    values.sub_(buffer, lr);
  }

 private:
  double momentum_;
  at::Tensor buffer_;
};

/// PyTorch's, not centred: v ← αv + (1−α)g², p ← p − lr g/(√v + ε).
class RmsProp : public Optimizer {
 public:
  RmsProp(const OptimizerSettings& settings, const at::Tensor& values)
      : alpha_(settings.alpha), v_(at::zeros_like(values)) {
    weight_decay = settings.weight_decay;
  }
  std::vector<std::pair<std::string, at::Tensor>> state() override { return {{"v", v_}}; }

 protected:
  void move(at::Tensor& values, const at::Tensor& gradients, std::int64_t begin, double lr) override {
    const at::Tensor grad = weight_decay != 0 ? gradients.add(values, weight_decay) : gradients;
    at::Tensor v = v_.narrow(0, begin, values.numel());
    v.mul_(alpha_).addcmul_(grad, grad, 1 - alpha_);
    values.addcdiv_(grad, v.sqrt().add_(adam_epsilon), -lr);
  }

 private:
  double alpha_;
  at::Tensor v_;
};

}  // namespace

void Optimizer::step(at::Tensor& values, const at::Tensor& gradients, double lr) {
  ++updates;
  if (parts.empty()) return move(values, gradients, 0, lr);
  for (const RatePart& part : parts) {
    at::Tensor moved = values.narrow(0, part.begin, part.count);
    move(moved, gradients.narrow(0, part.begin, part.count), part.begin, lr * part.scale);
  }
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, const at::Tensor& values) {
  switch (settings.kind) {
    case OptimizerKind::sgd:
      return std::make_unique<Sgd>(settings, values);
    case OptimizerKind::rmsprop:
      return std::make_unique<RmsProp>(settings, values);
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
      break;
  }
  return std::make_unique<Adam>(settings, values);
}

void clip_gradients(at::Tensor& gradients, double limit) {
  if (limit <= 0) return;
  const at::Tensor norm = at::linalg_vector_norm(gradients);
  gradients.mul_((limit / (norm + 1e-6)).clamp_max_(1.0));
}

}  // namespace grapevine
