// Arrays of numbers become labelled images: which extent is what, which level a number is, which class a
// label. IDX and NumPy's files both go this way. Plain C++; one thread.
#pragma once

#include <optional>
#include <string>

#include "engine/data/image_set.h"
#include "engine/data/number_array.h"

namespace grapevine {

/// Images and their labels. Images are N×H×W (grey), N×C×H×W or N×H×W×C (distinguished by which of the two is
/// few), N×D (square where D is a square or three, else a row of D numbers), or N numbers. Labels are N, N×1,
/// one column per class (one of them 1, the others 0), or N×K with the class in the first column.
struct ArrayPair {
  const NumberArray& images;
  const NumberArray& labels;
};

struct ArrayOptions {
  bool transpose = false;                    ///< rows and columns of the images change places
  std::optional<std::int64_t> label_offset;  ///< the label that is class 0; nothing = the least, where that
                                             ///< is not 0
  int classes = 0;                           ///< as published; 0 = as many as the labels say
};

/// Of the published kind: bytes are levels as they are, labels count from 0.
ImageSet images_from(const ArrayPair& pair, const ArrayOptions& options);
/// Training and test data together: both have the levels of the training images and the classes of all
/// labels. Without `test` there is none. Throws InputError naming the array and the record.
ImageData image_data_from(const ArrayPair& train, const std::optional<ArrayPair>& test,
                          const ArrayOptions& options);
/// What the images will be, from shapes and labels alone: counts, channels, height, width, classes.
ImageData outline_of(const ArrayPair& train, const std::optional<ArrayPair>& test,
                     const ArrayOptions& options);

}  // namespace grapevine
