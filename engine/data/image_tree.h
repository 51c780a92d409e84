// Many image files that become one set: decoded by all cores, then kept as bytes in made_folder(name), so
// that the next start decodes nothing. The calling thread says how far they are; one thread may call at a
// time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/data_request.h"
#include "engine/data/image_set.h"
#include "engine/data/picture.h"

namespace grapevine {

/// Files to decode, with their labels, in the order of the set.
struct Listing {
  std::vector<std::string> files;
  std::vector<std::int32_t> labels;
};

/// Lists of files, a class each, put together class by class in turn, so that any first part of it has all
/// classes.
Listing in_turn(const std::vector<std::vector<std::string>>& of_class);
/// Image files directly in a folder: n01_2.JPEG comes before n01_10.JPEG.
std::vector<std::string> pictures_in(const std::string& folder);

struct TreePart {
  std::string folder;     ///< what the files' names begin with
  std::string split;      ///< "train", for progress and the kept files' names
  std::int64_t most = 0;  ///< decode no more than a limit takes; 0 = all
  PictureSize size;       ///< what every image must have, or gets; grey ones become colours where it has them
  bool resized = false;   ///< each image's middle square is brought to that size
};
/// Throws InputError for an image that can't be read or has another size, WorkStopped. With a limit only so
/// many are decoded, and not kept.
ImageSet read_tree(Listing listing, const DataRequest& request, const TreePart& part, const WorkHooks& hooks);

/// Calls work(i) for every number below `count` on all cores, each in turn; the calling thread does its share
/// and looks up in between. What the first (by number) throws is thrown again.
void on_all_cores(std::size_t count, const WorkProgress& now, const WorkHooks& hooks,
                  const std::function<void(std::size_t)>& work);

}  // namespace grapevine
