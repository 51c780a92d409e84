// The settings data.*: which records, and what is done to them. Plain C++, a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/experiment/entry_keys.h"

namespace grapevine {

class Binder;
class Experiment;

enum class LimitOrder { first, balanced };
enum class LabelKind { fine, coarse };

struct DataSettings {
  std::string name = data_keys::fashion_mnist;
  std::string dir;                               ///< "" = the default locations
  std::int64_t train_limit = 0, test_limit = 0;  ///< 0 = all
  LimitOrder limit_order = LimitOrder::first;
  double validation = 0;                     ///< a count, or below 1 a share
  std::int64_t classes = 10;                 ///< of data made on the fly
  LabelKind labels = LabelKind::fine;        ///< of CIFAR-100
  std::optional<std::int64_t> label_offset;  ///< label of the first class; nothing = the least there is
  bool transpose = false;                    ///< rows and columns of images in arrays
  bool crops = false, flips = false;         ///< augmentation
  std::int64_t resize = 0;                   ///< side in pixels, 0 = as they are
  bool normalize = true;
  std::int64_t vocabulary = 32000, context = 128;  ///< of text

  static constexpr const char* group = "data.";
  void bind(Binder& to);
  static DataSettings of(const Experiment& experiment);
};

}  // namespace grapevine
