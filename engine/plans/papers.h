// The papers' tables as data (resources/papers/results.json). Immutable once read; any thread.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace grapevine {

/// One number of one table.
struct PublishedResult {
  std::string paper;   ///< "grape-2026", "grape-2025"
  std::string table;   ///< "1"
  std::string metric;  ///< "accuracy_percent" or "perplexity"
  double mean = 0;
  double spread = std::numeric_limits<double>::quiet_NaN();  ///< standard deviation; NaN where none is given
};

/// Where a number is.
struct PublishedCell {
  std::string data, model;  ///< as in the tables: "cifar10", "cnn"
  std::string feedback;     ///< of a Transformer: "macro" or "micro"
  std::string method;       ///< "dfa"
  int calibration = 0;      ///< T, epochs between two calibrations; 0 = none
};

/// What the two papers say of a cell, the later paper first. Throws RunError when the tables are missing or
/// damaged.
std::vector<PublishedResult> published_results(const PublishedCell& cell);

/// Table 5 of the 2026 text: milliseconds a batch of a Transformer of this depth, on its one A100; NaN where
/// it has none.
double published_milliseconds(const std::string& method, int depth);

}  // namespace grapevine
