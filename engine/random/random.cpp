#include "engine/random/random.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>

#include "engine/random/random_kernels.h"
#include "engine/random/random_tensor.h"
#include "engine/random/replayed_keys.h"

namespace grapevine {
namespace {

constexpr std::int64_t grain = 1 << 14;

float unit_with_sign(std::uint32_t bit, float) {
  return std::bit_cast<float>(0x3f800000u | (bit << 31));
}
double unit_with_sign(std::uint64_t bit, double) {
  return std::bit_cast<double>(0x3ff0000000000000ULL | (bit << 63));
}

// True: the loops of random_kernels.h fill it; false: the tensor operations of random_tensor.h. Refuses what
// neither can. A step that is recorded needs operations on tensors.
bool for_the_loops(const at::Tensor& out) {
  TORCH_CHECK(out.is_contiguous(), "random fill needs a contiguous tensor");
  return out.device().is_cpu() && !ReplayedKeys::recording();
}

template <class Number>
void fill_signs(Number* data, std::int64_t count, RandomKey key) {
  at::parallel_for(0, (count + 63) / 64, grain / 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t w = begin; w < end; ++w) {
      const std::uint64_t word = key.word(static_cast<std::uint64_t>(w));
      Number* block = data + w * 64;
      const int n = static_cast<int>(std::min<std::int64_t>(64, count - w * 64));
      if constexpr (sizeof(Number) == 4) {
        const std::uint32_t half[2] = {static_cast<std::uint32_t>(word),
                                       static_cast<std::uint32_t>(word >> 32)};
        if (n == 64) {
          for (int h = 0; h < 2; ++h)
            for (int i = 0; i < 32; ++i) block[h * 32 + i] = unit_with_sign((half[h] >> i) & 1u, Number{});
          continue;
        }
        for (int i = 0; i < n; ++i) block[i] = unit_with_sign((half[i / 32] >> (i % 32)) & 1u, Number{});
      } else {
        for (int i = 0; i < n; ++i) block[i] = unit_with_sign((word >> i) & 1u, Number{});
      }
    }
  });
}

void fill_unit_tensor(at::Tensor& host, RandomKey key, double low, double high) {
  at::parallel_for(0, host.numel(), grain, [&](std::int64_t begin, std::int64_t end) {
    if (host.scalar_type() == at::kFloat) {
      fill_units(host.data_ptr<float>() + begin, begin, end - begin, key.key, static_cast<float>(low),
                 static_cast<float>(high - low));
      return;
    }
    double* data = host.data_ptr<double>();
    for (std::int64_t i = begin; i < end; ++i)
      data[i] = low + (high - low) * key.uniform(static_cast<std::uint64_t>(i));
  });
}

void store_normals(float* data, std::int64_t first_block, std::int64_t count, RandomKey key) {
  fill_normals(data, first_block, count, key.key);
}
// The same numbers, widened.
void store_normals(double* data, std::int64_t first_block, std::int64_t count, RandomKey key) {
  float numbers[normal_block];
  for (std::int64_t done = 0; done < count; done += normal_block, ++first_block) {
    const std::int64_t here = std::min(normal_block, count - done);
    fill_normals(numbers, first_block, here, key.key);
    std::copy_n(numbers, here, data + done);
  }
}

template <class Number>
void fill_gaussian_tensor(at::Tensor& host, RandomKey key) {
  Number* data = host.data_ptr<Number>();
  const std::int64_t count = host.numel(), blocks = (count + normal_block - 1) / normal_block;
  at::parallel_for(0, blocks, grain / normal_block, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * normal_block;
    store_normals(data + first, begin, std::min(end * normal_block, count) - first, key);
  });
}

}  // namespace

RandomKey RandomKey::of(std::int64_t seed, Stream stream) {
  return RandomKey{mix(static_cast<std::uint64_t>(seed) + golden)}.with(static_cast<std::uint64_t>(stream));
}

RandomKey RandomKey::with(std::uint64_t word) const {
  const RandomKey below{mix(key ^ mix(word * golden + 1))};
  if (ReplayedKeys* keys = ReplayedKeys::recording()) keys->note_derived(below, *this, word);
  return below;
}

std::uint64_t RandomKey::word(std::uint64_t index) const {
  return mix(key + (index + 1) * golden);
}

double RandomKey::uniform(std::uint64_t index) const {
  return static_cast<double>(word(index) >> 12) * 0x1p-52;
}

void fill_rademacher(at::Tensor& out, RandomKey key) {
  if (!for_the_loops(out)) return draw_signs(out, key);
  if (out.scalar_type() == at::kDouble)
    fill_signs(out.data_ptr<double>(), out.numel(), key);
  else
    fill_signs(out.data_ptr<float>(), out.numel(), key);
}

void fill_uniform(at::Tensor& out, RandomKey key, double low, double high) {
  if (!for_the_loops(out)) return draw_uniform(out, key, low, high);
  fill_unit_tensor(out, key, low, high);
}

void fill_gaussian(at::Tensor& out, RandomKey key) {
  if (!for_the_loops(out)) return draw_normals(out, key);
  if (out.scalar_type() == at::kDouble)
    fill_gaussian_tensor<double>(out, key);
  else
    fill_gaussian_tensor<float>(out, key);
}

void fill_dropout_mask(at::Tensor& out, RandomKey key, double rate) {
  fill_uniform(out, key, 0, 1);
  out.copy_(out.ge(rate)).mul_(1.0 / (1.0 - rate));
}

}  // namespace grapevine
