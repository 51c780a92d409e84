// A data set's entry: where its files lie and may be fetched, and how they become images. One file per set in
// data/sets (with its descriptor, which experiment/registry.h lists) and one line in sets.def. Plain C++; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/data_source.h"
#include "engine/data/image_set.h"
#include "engine/data/places.h"
#include "engine/experiment/registry.h"

namespace grapevine {

/// Files that people take for a data set's.
struct Lookalike {
  Layout layout;
  std::string words;  ///< what they are and how they can be read, behind their folder's name
};

/// A text's three parts.
struct TextParts {
  std::vector<std::uint8_t> train, validation, test;
  std::string note;
};

struct DataSet {
  std::vector<Layout> layouts = {};       ///< the ways its files may lie; none: it is made on the fly
  std::vector<std::string> folders = {};  ///< where packages put it, besides downloads
  std::optional<DataSource> source = {};  ///< its key is the data set's
  /// Where names can't be listed beforehand: finds the files in the folder, or throws InputError saying what
  /// is there; nullptr: by the layouts.
  FoundFiles (*find)(const DataRequest& request) = nullptr;
  /// Images read from `found`, or made. Of text there is none: load_text() reads that.
  ImageData (*read)(const DataRequest& request, const DataDescriptor& data, const FoundFiles& found,
                    const WorkHooks& hooks) = nullptr;
  /// Of own images: shape, classes, labels without the pixels, and soon.
  ImageData (*outline)(const DataRequest& request, const FoundFiles& found) = nullptr;
  /// Of own text: its parts, checked (read_text in text_set.h).
  TextParts (*texts)(const DataRequest& request, const FoundFiles& found, const WorkHooks& hooks) = nullptr;
  std::vector<Lookalike> lookalikes = {};
  bool takes_long = false;  ///< reading it through takes a minute: who only looks looks at its names
};

/// nullptr for an unknown one.
const DataSet* find_data_set(std::string_view key);

/// Says of both parts where they are less than what was published.
void note_slices(ImageData& images, const DataDescriptor& data);

}  // namespace grapevine
