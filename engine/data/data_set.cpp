#include "engine/data/data_set.h"

#include <map>

#include "engine/session/notes.h"

namespace grapevine {

#define GRAPEVINE_DATA(key) DataSet data_set_##key();
#include "engine/data/sets/sets.def"
#undef GRAPEVINE_DATA

const DataSet* find_data_set(std::string_view key) {
  static const std::map<std::string_view, DataSet> all = {
#define GRAPEVINE_DATA(key) {#key, data_set_##key()},
#include "engine/data/sets/sets.def"
#undef GRAPEVINE_DATA
  };
  const auto found = all.find(key);
  return found == all.end() ? nullptr : &found->second;
}

void note_slices(ImageData& images, const DataDescriptor& data) {
  put_slice_before(images.train.note, images.train.count(), data.train_count);
  put_slice_before(images.test.note, images.test.count(), data.test_count);
}

}  // namespace grapevine
