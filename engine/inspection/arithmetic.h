// Sums of products as a person writes them down. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/session/rehearsal.h"

namespace grapevine {

struct Term {
  double left, right;
};

/// More terms than this are written as the largest of them and the sum of the others.
inline constexpr std::size_t terms_written = 8;

/// Four digits behind the point, or three in all where that shows nothing: "0.25", "−1.3e-05".
std::string written(double number);
/// The same as a factor: "(−0.25)".
std::string as_factor(double number);
/// "0.5·0.25 + 0.1·(−1) + 0.2".
std::string written_sum(const std::vector<Term>& terms, std::optional<double> constant = {});
double sum_of(const std::vector<Term>& terms, double constant = 0);

/// "h₂" of ("h", 2).
std::string with_index(const std::string& sign, int index);
/// "h₂[3]"; with several samples "h₂[n=1, 3]".
std::string entry(const std::string& sign, int index, std::optional<std::int64_t> sample, std::int64_t unit);

}  // namespace grapevine
