#include "engine/random/random_tensor.h"

#include <ATen/ATen.h>

#include <numbers>

#include "engine/random/random_kernels.h"
#include "engine/random/replayed_keys.h"

namespace grapevine {
namespace {

std::int64_t as_signed(std::uint64_t word) {
  return static_cast<std::int64_t>(word);
}

// Tensors have signed integers alone, whose shift to the right brings ones in from the left.
at::Tensor shifted_right(const at::Tensor& words, int by) {
  return at::bitwise_right_shift(words, by).bitwise_and_(as_signed(~0ULL >> by));
}

// z ← (z ^ z >> by), in place, then times `factor`.
void stir(at::Tensor& z, int by, std::uint64_t factor) {
  z.bitwise_xor_(shifted_right(z, by));
  if (factor != 1) z.mul_(as_signed(factor));
}

// Words 0 … count of a key: mix() of random_kernels.h on 64-bit integers that wrap round.
at::Tensor words(std::int64_t count, RandomKey key, const at::Tensor& like) {
  at::Tensor z = at::arange(1, count + 1, like.options().dtype(at::kLong));
  z.mul_(as_signed(golden));
  if (ReplayedKeys* keys = ReplayedKeys::recording())
    z.add_(keys->number(key));
  else
    z.add_(as_signed(key.key));
  stir(z, 30, 0xbf58476d1ce4e5b9ULL);
  stir(z, 27, 0x94d049bb133111ebULL);
  stir(z, 31, 1);
  return z;
}

}  // namespace

void draw_signs(at::Tensor& out, RandomKey key) {
  const std::int64_t count = out.numel();
  const at::Tensor places = at::arange(64, out.options().dtype(at::kLong));
  const at::Tensor bits =
      at::bitwise_right_shift(words((count + 63) / 64, key, out).unsqueeze(1), places).bitwise_and_(1);
  out.copy_(bits.flatten().narrow(0, 0, count).view(out.sizes()));
  out.mul_(-2).add_(1);
}

void draw_uniform(at::Tensor& out, RandomKey key, double low, double high) {
  const at::Tensor upper = shifted_right(words(out.numel(), key, out), 12);
  out.copy_(upper.to(at::kDouble).mul_(0x1p-52).view(out.sizes()));
  out.mul_(high - low).add_(low);
}

void draw_normals(at::Tensor& out, RandomKey key) {
  const std::int64_t blocks = (out.numel() + normal_block - 1) / normal_block;
  const at::Tensor all = words(blocks * normal_block / 2, key, out).view({blocks, 1, normal_block / 2});
  const at::Tensor u = shifted_right(all, 33).to(at::kFloat).add_(0.5).mul_(0x1p-31);
  const at::Tensor radius = u.log().mul_(-2).sqrt_();
  // The lower half as a signed number, in turns.
  const std::int64_t half = as_signed(0xffffffffULL), sign = as_signed(0x80000000ULL);
  const at::Tensor lower = all.bitwise_and(half).bitwise_xor_(sign).sub_(sign);
  const at::Tensor angle = lower.to(at::kFloat).mul_(0x1p-32).mul_(2 * std::numbers::pi);
  const at::Tensor both = at::cat({angle.cos(), angle.sin()}, 1).mul_(radius);
  out.copy_(both.flatten().narrow(0, 0, out.numel()).view(out.sizes()));
}

}  // namespace grapevine
