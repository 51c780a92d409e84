// The feedback matrix B_l, C×n_l, made of fewer numbers (rule.structure), and every product that the rules,
// probes and calibrations take with it, none of which makes the C×n_l matrix. Worker thread only.
//
// B_l = U V T, V being what learns (its "values"):
//   T, m×n_l, ties features together: one row per cell, that is a channel's features in one rectangle of the
//   map, so
//     that each column of B_l is one of m. per_channel has one cell per map, grid g×g. kernel is BioTorch's
//     feedback to convolutions (Sanfiz & Akrout 2021): e spread over the map and convolved (transposed,
//     stride 1, padding (k−1)/2) with a C×ch×k×k kernel. What comes out is constant but for the (k−1)/2
//     pixels at each border, and the kernels on one side and the values of the k×k border cells on the other
//     map onto each other one to one: the cells' values are kept here, C×ch×k×k of them.
//   U, C×r, has orthonormal columns and is drawn once (low_rank); V is r×n_l. The classes' space is thus
//   reduced to
//     r of its directions, which stay: with U learning too the matrices of rank r would be a curved set, on
//     which neither the cosine step nor the residual one has a projection in closed form.
// Either T or U is absent; without both B_l is dense and its values are B_l itself.
//
// What is projected: the matrices of one structure are a linear space, and the matrix in it nearest to a
// given A (C×n_l) has the values Uᵀ A T⁺, T⁺ taking the mean over each cell. So the estimate (1/N) żᵀp is
// projected before it is made: (1/N) (żU)ᵀ(pT⁺), r×m (`classes_seen`, `features_seen`), and its noise falls
// by the number of tied entries. Tied columns of B and of the projected estimate are equal, and U keeps
// lengths: a step that works column by column (GrAPE's), or is linear (dkp, fdfa, residual), gives on the
// values what the dense step gives on B, projected. Sums over all of n_l need the cells' sizes: `norm`,
// `inner`.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "engine/feedback/structure_settings.h"
#include "engine/random/random.h"

namespace grapevine {

class FeedbackStructure {
 public:
  /// Dense, whatever the sizes.
  FeedbackStructure() = default;
  /// Of a point of so many features or (channels, height, width). U is drawn from `key`. Throws InputError
  /// for a rank above the classes.
  FeedbackStructure(const StructureSettings& settings, std::int64_t classes,
                    const std::vector<std::int64_t>& point, const at::TensorOptions& options, RandomKey key);

  /// Values that an initial draw gives, `rows()`×`draws()` numbers that a dense matrix's entries could be:
  /// scaled so that the entries of B have the draw's variance (a kernel's in the mean over the map, as the
  /// number of taps that reach a pixel falls towards the border).
  at::Tensor begin_from(const at::Tensor& drawn) const;
  std::int64_t rows() const { return size_.rows; }
  std::int64_t draws() const { return draws_; }
  /// U, C×r; undefined where there is none.
  const at::Tensor& basis() const { return basis_; }

  /// e B: `out`, N×n_l, from e, N×C.
  void apply(const at::Tensor& e, const at::Tensor& values, at::Tensor& out) const;
  /// N×C ↦ what the values' rows multiply, N×r: z U.
  at::Tensor classes_seen(const at::Tensor& z) const;
  /// N×n_l ↦ N×m, means over cells: p T⁺.
  at::Tensor features_seen(const at::Tensor& p) const;
  /// p Bᵀ, N×C, from features_seen(p).
  at::Tensor predict(const at::Tensor& p_seen, const at::Tensor& values) const;
  /// out ← out − p Bᵀ, N×C.
  void take_off_prediction(at::Tensor& out, const at::Tensor& p_seen, const at::Tensor& values) const;

  /// The values of the nearest matrix to a dense one (C×n_l); the other way round, B itself.
  at::Tensor project(const at::Tensor& dense) const;
  at::Tensor expand(const at::Tensor& values) const;
  /// ⟨A, B⟩ and ‖B‖_F over all C×n_l entries, from values.
  at::Tensor inner(const at::Tensor& a, const at::Tensor& b) const;
  at::Tensor norm(const at::Tensor& values) const;
  /// n_l of a matrix with these values.
  std::int64_t features(const at::Tensor& values) const;

 private:
  bool tied() const { return cell_sizes_.defined(); }
  void cut_map(const StructureSettings& settings, const std::vector<std::int64_t>& point,
               const at::TensorOptions& options);
  void find_taps(std::int64_t kernel, const at::TensorOptions& options);
  void spread(const at::Tensor& cells, at::Tensor& out) const;

  StructureSize size_{{}, 0, {}};
  std::int64_t draws_ = 0;
  double entry_scale_ = 1;
  at::Tensor basis_;
  // Of a cut map:
  std::int64_t channels_ = 0;
  std::vector<std::int64_t> edges_[2];  ///< of rows and columns of the map
  at::Tensor cell_of_[2];               ///< the cell that each row, column lies in
  at::Tensor cell_sizes_;               ///< 1×m
  at::Tensor taps_[2];                  ///< kernel: k×cells, 1 where a tap reaches a cell
};

}  // namespace grapevine
