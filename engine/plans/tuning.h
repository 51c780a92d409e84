// A search of one setting in a sweep, the same for every participant: each rule (and whatever else the
// grid varies) tries every value of the list with the first seed, is judged on validation data, and trains
// with the best value and all seeds. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/measure.h"
#include "engine/plans/sweep.h"

namespace grapevine {

/// A way to set the tuned setting, as indices of the sweep's cells.
struct TunedValue {
  std::string value;
  std::size_t search = 0;          ///< the cell with the first seed
  std::vector<std::size_t> seeds;  ///< all of that value's, the search's first
};

/// A participant in the search: cells that are alike but for it and the seed.
struct Contestant {
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<TunedValue> values;  ///< in the order of the list
};

struct Tuning {
  std::string key;
  const MeasureDescriptor* judge = nullptr;  ///< of the validation data; the best value over epochs counts
  std::vector<Contestant> contestants;

  std::vector<std::size_t> search_cells() const;
};

/// Not what is compared (rule, racer) and not what is averaged over (seed).
bool may_be_tuned(const std::string& key);
/// Throws InputError where the key is not swept or can't be tuned, where a cell has no validation data, and
/// where one participant would try fewer values than others.
Tuning make_tuning(const Sweep& sweep, const std::string& key);

/// A search as it is asked for and kept: a sweep's document (sweep.h) and the key that is tuned.
struct TuningOrder {
  std::string document, key;
  bool operator==(const TuningOrder&) const = default;
};
struct OrderedTuning {
  Sweep sweep;  ///< its folders named from the root, as its runs have them
  Tuning tuning;
};
/// Throws InputError as make_sweep() and the other make_tuning().
OrderedTuning make_tuning(const TuningOrder& order);

/// How much work a search is.
struct TuningSize {
  std::size_t contestants = 0, values = 0;  ///< values: of each contestant
  std::size_t seeds = 0;                    ///< of a value, the search's own among them
  std::size_t searched = 0;                 ///< runs of the search
  std::size_t more = 0;                     ///< runs of the chosen values with the other seeds
};
TuningSize size_of(const Tuning& tuning);

/// Which value is chosen, from the judge's numbers in the order of `values` (NaN: no number); the
/// earlier of equals; -1 where none has a number.
int chosen_value(const MeasureDescriptor& judge, const std::vector<double>& numbers);

}  // namespace grapevine
