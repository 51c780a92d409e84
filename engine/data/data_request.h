// What the settings data.* ask for, images or text. Plain C++, a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace grapevine {

struct DataSettings;

/// `dir` "" = the data set's default locations (see places.h). Limits of 0 mean all; a limit takes the first
/// so many records, or as many of each class; of text so many tokens.
struct DataRequest {
  std::string name;
  std::string dir;
  std::int64_t train_limit = 0, test_limit = 0;
  std::int64_t seed = 0;                          ///< for data made on the fly
  int classes = 0;                                ///< of data made on the fly; 0 = as published
  int vocabulary = 32000;                         ///< tokens that text is cut into
  bool balanced = false;                          ///< limits are taken evenly over the classes
  std::int64_t resize = 0;                        ///< side in pixels that images will get; 0 = as they are
  bool coarse_labels = false;                     ///< of CIFAR-100
  bool transpose = false;                         ///< rows and columns of images in arrays change places
  std::optional<std::int64_t> label_offset = {};  ///< label of the first class; nothing = the least
  double validation = 0;  ///< held out of training; used as test data where there is none
};

DataRequest data_request(const DataSettings& settings, std::int64_t seed);

}  // namespace grapevine
