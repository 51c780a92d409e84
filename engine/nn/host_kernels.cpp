#include "engine/nn/host_kernels.h"

#include <algorithm>
#include <type_traits>

#include "engine/random/vector_code.h"

namespace grapevine {
namespace {

// Partial sums side by side are what the compiler makes vectors of: it must not reorder a single one. They
// are emptied into a double often enough that none grows long.
constexpr std::int64_t lanes = 32;
constexpr std::int64_t longest = 64;

template <class T>
struct Sum {
  T part[lanes] = {};
  double whole = 0;

  GRAPEVINE_INLINE void empty() {
    for (T& each : part) {
      whole += each;
      each = 0;
    }
  }
};

template <class T>
GRAPEVINE_INLINE T* plane(T* all, Planes planes, std::int64_t sample, std::int64_t channel) {
  return all + (sample * planes.channels + channel) * planes.pixels;
}

// Calls add(lane, sample, pixel) for every pixel of a channel, and empty() after every so many of a lane's.
template <class Add, class Empty>
GRAPEVINE_INLINE void over_channel(Planes planes, Add add, Empty empty) {
  std::int64_t rounds = 0;
  const auto count_round = [&] {
    if (++rounds < longest) return;
    empty();
    rounds = 0;
  };
  for (std::int64_t n = 0; n < planes.samples; ++n) {
    std::int64_t i = 0;
    for (; i + lanes <= planes.pixels; i += lanes) {
      for (std::int64_t k = 0; k < lanes; ++k) add(k, n, i + k);
      count_round();
    }
    for (std::int64_t k = 0; i + k < planes.pixels; ++k) add(k, n, i + k);
    if (i < planes.pixels) count_round();
  }
  empty();
}

template <class T>
GRAPEVINE_INLINE Moments moments_of(const T* h, Planes planes, std::int64_t channel) {
  const double count = static_cast<double>(planes.samples * planes.pixels);
  Sum<T> sum, squares;
  over_channel(
      planes, [&](auto k, auto n, auto i) { sum.part[k] += plane(h, planes, n, channel)[i]; },
      [&] { sum.empty(); });
  const T mean = static_cast<T>(sum.whole / count);
  over_channel(
      planes,
      [&](auto k, auto n, auto i) {
        const T deviation = plane(h, planes, n, channel)[i] - mean;
        squares.part[k] += deviation * deviation;
      },
      [&] { squares.empty(); });
  return {sum.whole / count, squares.whole / count};
}

template <class T>
GRAPEVINE_INLINE void normalise(const T* h, T* y, Planes planes, std::int64_t channel, T mean, T scale,
                                T shift) {
  for (std::int64_t n = 0; n < planes.samples; ++n) {
    const T* from = plane(h, planes, n, channel);
    T* to = plane(y, planes, n, channel);
    for (std::int64_t i = 0; i < planes.pixels; ++i) to[i] = (from[i] - mean) * scale + shift;
  }
}

template <class T>
GRAPEVINE_INLINE Products products_of(const T* v, const T* h, Planes planes, std::int64_t channel, T mean) {
  Sum<T> sum, product;
  over_channel(
      planes,
      [&](auto k, auto n, auto i) {
        const T value = plane(v, planes, n, channel)[i];
        sum.part[k] += value;
        product.part[k] += value * (plane(h, planes, n, channel)[i] - mean);
      },
      [&] {
        sum.empty();
        product.empty();
      });
  return {sum.whole, product.whole};
}

template <class T>
GRAPEVINE_INLINE void combine(const T* v, const T* h, T* out, Planes planes, std::int64_t channel, T a, T b,
                              T mean, T c) {
  for (std::int64_t n = 0; n < planes.samples; ++n) {
    const T* first = plane(v, planes, n, channel);
    const T* second = plane(h, planes, n, channel);
    T* to = plane(out, planes, n, channel);
    for (std::int64_t i = 0; i < planes.pixels; ++i) to[i] = a * first[i] + b * (second[i] - mean) + c;
  }
}

// 32 bytes of numbers, or of integers as wide: LibTorch's own order of choices needs a select on data, which
// the compiler makes a branch of, guessed wrong half of the time, unless it is told to use vectors.
template <class T>
struct Vector {
  using Whole = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  static constexpr std::int64_t size = 32 / sizeof(T);
  typedef T Numbers __attribute__((vector_size(32)));
  typedef Whole Places __attribute__((vector_size(32)));
};

// One place of several windows of a row at a time; the last window again where fewer are left.
template <class T>
GRAPEVINE_INLINE void pool(const T* h, T* y, std::uint8_t* choice, Windows w) {
  using V = Vector<T>;
  const std::int64_t columns = w.columns();
  for (std::int64_t row = 0; row < w.rows(); ++row)
    for (std::int64_t first = 0; first < columns; first += V::size) {
      const std::int64_t here = std::min(V::size, columns - first);
      const T* const corner = h + row * w.stride * w.width + first * w.stride;
      typename V::Numbers best{}, value{};
      typename V::Places chosen{};
      for (std::int64_t place = 0; place < w.kernel * w.kernel; ++place) {
        const T* const from = corner + place / w.kernel * w.width + place % w.kernel;
        for (std::int64_t x = 0; x < V::size; ++x) value[x] = from[std::min(x, here - 1) * w.stride];
        if (place == 0) {
          best = value;
          continue;
        }
        const typename V::Places better = (value > best) | (value != value);
        chosen = better ? typename V::Places{} + static_cast<typename V::Whole>(place) : chosen;
        best = better ? value : best;
      }
      for (std::int64_t x = 0; x < here; ++x) {
        y[row * columns + first + x] = best[x];
        choice[row * columns + first + x] = static_cast<std::uint8_t>(chosen[x]);
      }
    }
}

// Where a window's places lie from its corner.
struct Offsets {
  explicit GRAPEVINE_INLINE Offsets(Windows w) {
    for (std::int64_t place = 0; place < w.kernel * w.kernel; ++place)
      of[place] = place / w.kernel * w.width + place % w.kernel;
  }
  std::int64_t of[256];
};

template <class T>
GRAPEVINE_INLINE void gather(const T* v, const std::uint8_t* choice, T* out, Windows w) {
  const Offsets offsets(w);
  for (std::int64_t row = 0; row < w.rows(); ++row) {
    const T* from = v + row * w.stride * w.width;
    for (std::int64_t x = 0; x < w.columns(); ++x) *out++ = from[x * w.stride + offsets.of[*choice++]];
  }
}

template <class T>
GRAPEVINE_INLINE void scatter(const T* v, const std::uint8_t* choice, T* out, Windows w) {
  const Offsets offsets(w);
  std::fill_n(out, w.height * w.width, T{0});
  for (std::int64_t row = 0; row < w.rows(); ++row) {
    T* to = out + row * w.stride * w.width;
    for (std::int64_t x = 0; x < w.columns(); ++x) to[x * w.stride + offsets.of[*choice++]] += *v++;
  }
}

}  // namespace

// Each twice: a template can't be compiled for two processors.
#define GRAPEVINE_FOR(T)                                                                                     \
  GRAPEVINE_VECTOR Moments channel_moments(const T* h, Planes planes, std::int64_t channel) {                \
    return moments_of(h, planes, channel);                                                                   \
  }                                                                                                          \
  GRAPEVINE_VECTOR void normalise_channel(const T* h, T* y, Planes planes, std::int64_t channel,             \
                                          double mean, double scale, double shift) {                         \
    normalise(h, y, planes, channel, static_cast<T>(mean), static_cast<T>(scale), static_cast<T>(shift));    \
  }                                                                                                          \
  GRAPEVINE_VECTOR Products channel_products(const T* v, const T* h, Planes planes, std::int64_t channel,    \
                                             double mean) {                                                  \
    return products_of(v, h, planes, channel, static_cast<T>(mean));                                         \
  }                                                                                                          \
  GRAPEVINE_VECTOR void combine_channel(const T* v, const T* h, T* out, Planes planes, std::int64_t channel, \
                                        double a, double b, double mean, double c) {                         \
    combine(v, h, out, planes, channel, static_cast<T>(a), static_cast<T>(b), static_cast<T>(mean),          \
            static_cast<T>(c));                                                                              \
  }                                                                                                          \
  GRAPEVINE_VECTOR void pool_plane(const T* h, T* y, std::uint8_t* choice, Windows windows) {                \
    pool(h, y, choice, windows);                                                                             \
  }                                                                                                          \
  GRAPEVINE_VECTOR void gather_plane(const T* v, const std::uint8_t* choice, T* out, Windows windows) {      \
    gather(v, choice, out, windows);                                                                         \
  }                                                                                                          \
  GRAPEVINE_VECTOR void scatter_plane(const T* v, const std::uint8_t* choice, T* out, Windows windows) {     \
    scatter(v, choice, out, windows);                                                                        \
  }
GRAPEVINE_FOR(float)
GRAPEVINE_FOR(double)
#undef GRAPEVINE_FOR

}  // namespace grapevine
