// How many numbers a feedback matrix keeps (rule.structure): arithmetic only. Plain C++; any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/bound_settings.h"

namespace grapevine {

/// rule.structure and what belongs to it.
struct StructureSettings {
  static constexpr const char* key = "structure";
  enum class Kind { dense, per_channel, grid, kernel, low_rank };
  static WordsOf<Kind> words() {
    return {{"dense", Kind::dense},
            {"per_channel", Kind::per_channel},
            {"grid", Kind::grid},
            {"kernel", Kind::kernel},
            {"low_rank", Kind::low_rank}};
  }
  Kind kind = Kind::dense;
  std::int64_t grid = 4;    ///< cells per side
  std::int64_t kernel = 3;  ///< taps a side, odd
  std::int64_t rank = 8;

  /// Dense for a rule without these settings.
  static StructureSettings of(const Experiment& experiment);
  void bind(Binder& to) {
    const auto structure =
        to.choice(kind, key, words(),
                  "feedback to a convolution's map: one number per feature, channel or cell of a grid, or a "
                  "transposed convolution of the spread error; low_rank, a product of two thin matrices, "
                  "serves vectors too, which else stay dense");
    to.integer(grid, "grid", at_least(1).at_most(256), "cells per side of the map")
        .only_where(structure.is({Kind::grid}));
    to.integer(kernel, "kernel", at_least(1).at_most(31), "taps a side, an odd number")
        .only_where(structure.is({Kind::kernel}));
    to.integer(rank, "rank", at_least(1).at_most(4096), "rank of the feedback matrices, at most the classes")
        .only_where(structure.is({Kind::low_rank}));
  }
  /// "grid 4×4", "low_rank 8": as it is shown to users.
  std::string name() const;
};

/// Where the cells of one side of a map begin, and behind them the side's length. The cells of a grid are as
/// even as adaptive pooling's (from ⌊iL/g⌋), but none overlap; a kernel of k taps separates (k−1)/2 pixels at
/// either end and makes one cell of the rest. A side that is too short for that gets one cell per pixel.
std::vector<std::int64_t> cell_edges(const StructureSettings& settings, std::int64_t length);

/// What B_l of one feedback point keeps: `rows`×`columns` numbers that learn, and `basis` ones that don't.
/// Only points with a map (channels, height, width) have cells; the others are dense under every kind but
/// low_rank.
struct StructureSize {
  std::int64_t rows = 0, columns = 0, basis = 0;

  StructureSize(const StructureSettings& settings, std::int64_t classes,
                const std::vector<std::int64_t>& point);
  /// All of them. So many multiply-adds per sample takes each of the products e B, p Bᵀ and żᵀp as well.
  double numbers() const { return static_cast<double>(rows * columns + basis); }
};

/// Is this a map that can have cells?
bool has_cells(const StructureSettings& settings, const std::vector<std::int64_t>& point);

}  // namespace grapevine
