#include "engine/feedback/cosine_kernels.h"

#include <cmath>

#include "engine/random/vector_code.h"

namespace grapevine {
namespace {

template <class T>
struct Sums {
  T bb[cosine_tile_width] = {}, jj[cosine_tile_width] = {}, bj[cosine_tile_width] = {};
};
/// What a column's step is made of: G = back B − along Ĵ; live is 1 where there is one, else 0.
template <class T>
struct Factors {
  T along[cosine_tile_width], back[cosine_tile_width], live[cosine_tile_width];
};

template <class T>
GRAPEVINE_INLINE void add_up(const CosineTile<T>& tile, Sums<T>& sums) {
  for (std::int64_t c = 0; c < tile.classes; ++c) {
    const T* b = tile.b + c * tile.n + tile.first;
    const T* j = tile.j + c * tile.n + tile.first;
    for (std::int64_t k = 0; k < tile.width; ++k) {
      sums.bb[k] += b[k] * b[k];
      sums.jj[k] += j[k] * j[k];
      sums.bj[k] += b[k] * j[k];
    }
  }
}

template <class T>
GRAPEVINE_INLINE void prepare(const Sums<T>& sums, std::int64_t width, T share, Factors<T>& factors) {
  for (std::int64_t k = 0; k < width; ++k) {
    const bool moves = sums.jj[k] > 0 && sums.bb[k] > 0;
    const T norms = moves ? std::sqrt(sums.bb[k]) * std::sqrt(sums.jj[k]) : T{1};
    factors.live[k] = moves ? T{1} : T{0};
    factors.along[k] = moves ? share / norms : T{0};
    factors.back[k] = moves ? share * sums.bj[k] / (sums.bb[k] * norms) : T{0};
  }
}

// A column that has no estimate keeps its momentum too. Returns the moved columns' squares in `squares`.
template <class T>
GRAPEVINE_INLINE void turn(const CosineTile<T>& tile, const Factors<T>& factors, T momentum, T rate,
                           T* squares) {
  for (std::int64_t c = 0; c < tile.classes; ++c) {
    T* __restrict b = tile.b + c * tile.n + tile.first;
    T* __restrict v = tile.v + c * tile.n + tile.first;
    const T* __restrict j = tile.j + c * tile.n + tile.first;
    for (std::int64_t k = 0; k < tile.width; ++k) {
      const T g = factors.back[k] * b[k] - factors.along[k] * j[k];
      const T next = momentum * v[k] + g;
      const bool moves = factors.live[k] > 0;
      v[k] = moves ? next : v[k];
      b[k] = moves ? b[k] - rate * next : b[k];
      squares[k] += b[k] * b[k];
    }
  }
}

template <class T>
GRAPEVINE_INLINE void give_norm(const CosineTile<T>& tile, const Sums<T>& sums, const Factors<T>& factors,
                                bool of_jacobian, T* squares) {
  for (std::int64_t k = 0; k < tile.width; ++k) {
    T target = 1;
    if (of_jacobian) {
      T& m = tile.m[tile.first + k];
      const T size = std::sqrt(sums.jj[k]);
      if (factors.live[k] > 0) m = m > 0 ? T(0.99) * m + T(0.01) * size : size;
      target = m;
    }
    squares[k] = factors.live[k] > 0 && squares[k] > 0 ? target / std::sqrt(squares[k]) : T{1};
  }
  for (std::int64_t c = 0; c < tile.classes; ++c) {
    T* b = tile.b + c * tile.n + tile.first;
    for (std::int64_t k = 0; k < tile.width; ++k) b[k] *= squares[k];
  }
}

template <class T>
GRAPEVINE_INLINE void step_columns(const CosineTile<T>& tile, const CosineStep& step, double features) {
  Sums<T> sums;
  Factors<T> factors;
  T squares[cosine_tile_width] = {};
  add_up(tile, sums);
  prepare(sums, tile.width, static_cast<T>(step.mean ? 1 / features : 1), factors);
  turn(tile, factors, static_cast<T>(step.momentum), static_cast<T>(step.rate), squares);
  if (step.norm == ColumnNorm::column || step.norm == ColumnNorm::jacobian)
    give_norm(tile, sums, factors, step.norm == ColumnNorm::jacobian, squares);
}

}  // namespace

GRAPEVINE_VECTOR void step_tile(const CosineTile<float>& tile, const CosineStep& step, double features) {
  step_columns(tile, step, features);
}
GRAPEVINE_VECTOR void step_tile(const CosineTile<double>& tile, const CosineStep& step, double features) {
  step_columns(tile, step, features);
}

}  // namespace grapevine
