// The user's own images, one folder per class: train/CLASS/*, test/CLASS/*, or one folder of classes, of
// which data.validation holds out a part. PNG, JPEG, PPM; classes are numbered in the order of their names.
#include <algorithm>
#include <map>
#include <mutex>

#include "engine/data/class_folders.h"
#include "engine/data/data_set.h"
#include "engine/data/image_tree.h"
#include "engine/data/own_files.h"
#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

FoundFiles find(const DataRequest& request) {
  const ClassParts parts = class_parts(request);
  return {0, own_place(request), {parts.train, parts.test}};
}

ClassParts parts_of(const FoundFiles& found) {
  return {found.files[0], found.files[1]};
}

/// Test images without classes: nothing could be right or wrong.
void demand_sorted_test_images(const DataRequest& request, const std::string& unsorted) {
  if (unsorted.empty() || request.validation > 0) return;
  throw InputError("data set images: " + unsorted +
                   "; sort them into one folder per class, or hold a part of the training data out with "
                   "data.validation, as data.validation=0.1");
}

void add_note(std::string& notes, const std::string& note) {
  if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
}

std::vector<std::vector<std::string>> files_of(const std::string& part,
                                               const std::vector<std::string>& classes) {
  std::vector<std::vector<std::string>> files;
  for (const std::string& name : classes)
    files.push_back(part.empty() ? std::vector<std::string>{} : pictures_of_class(part + "/" + name));
  return files;
}

/// Sizes that images have, each with how many do, and one of them.
class Sizes {
 public:
  void add(const PictureSize& size, const std::string& file) {
    const std::lock_guard lock(mutex_);
    Seen& seen = seen_[{size.height, size.width}];
    ++seen.count;
    if (seen.example.empty() || file < seen.example) seen.example = file;
    colour_ = colour_ || size.channels == 3;
  }
  /// The one size, with colours where any image has them; `resize` > 0 makes it square.
  PictureSize common(std::int64_t resize) const {
    const int channels = colour_ ? 3 : 1;
    if (resize > 0) return {channels, static_cast<int>(resize), static_cast<int>(resize)};
    if (seen_.size() > 1)
      throw InputError("data set images: the images have different sizes: " + words() +
                       "; set data.resize to the side that all are to get, as data.resize=64");
    return {channels, seen_.begin()->first.first, seen_.begin()->first.second};
  }

 private:
  struct Seen {
    std::int64_t count = 0;
    std::string example;
  };
  std::string words() const {
    std::vector<std::pair<std::pair<int, int>, Seen>> often(seen_.begin(), seen_.end());
    std::stable_sort(often.begin(), often.end(),
                     [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
    std::string text;
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < std::min(most, often.size()); ++i)
      text += (text.empty() ? "" : ", ") + std::to_string(often[i].first.second) + "×" +
              std::to_string(often[i].first.first) + " (" + with_separators(often[i].second.count) + ", as " +
              often[i].second.example + ")";
    return often.size() > most ? text + " and " + std::to_string(often.size() - most) + " more" : text;
  }

  std::mutex mutex_;
  std::map<std::pair<int, int>, Seen> seen_;
  bool colour_ = false;
};

void measure(const Listing& listing, Sizes& sizes, const WorkHooks& hooks) {
  const WorkProgress now{"looking at", "images", 0, std::ssize(listing.files), 0, "images"};
  on_all_cores(listing.files.size(), now, hooks,
               [&](std::size_t i) { sizes.add(read_picture_size(listing.files[i]), listing.files[i]); });
}

ImageData read(const DataRequest& request, const DataDescriptor&, const FoundFiles& found,
               const WorkHooks& hooks) {
  const std::vector<std::string> classes = class_names(request, parts_of(found));
  Listing train = in_turn(files_of(found.files[0], classes)),
          test = in_turn(files_of(found.files[1], classes));
  if (train.files.empty()) throw InputError("data set images: there are no images in " + found.files[0]);
  const std::string unsorted = test.files.empty() ? unsorted_test_images(parts_of(found)) : "";
  demand_sorted_test_images(request, unsorted);  // before the long work
  demand_test_data(request, !test.files.empty());
  Sizes sizes;
  measure(train, sizes, hooks);
  measure(test, sizes, hooks);
  const PictureSize size = sizes.common(request.resize);
  const bool resized = request.resize > 0;
  ImageData data;
  data.train = read_tree(std::move(train), request,
                         {found.folder, "train", request.train_limit, size, resized}, hooks);
  if (!test.files.empty())
    data.test =
        read_tree(std::move(test), request, {found.folder, "test", request.test_limit, size, resized}, hooks);
  data.train.classes = data.test.classes = static_cast<int>(classes.size());
  add_note(data.train.note, left_out_note(found.files[0]));
  add_note(data.train.note, not_files_note_of(found.files[0]));
  if (!found.files[1].empty()) add_note(data.test.note, not_files_note_of(found.files[1]));
  if (!unsorted.empty()) add_note(data.train.note, unsorted + ": they are left out");
  add_note(data.train.note, other_parts_note(parts_of(found)));
  return data;
}

/// By the first image of each class; the rest is looked at when it is read.
ImageData outline(const DataRequest& request, const FoundFiles& found) {
  const std::vector<std::string> classes = class_names(request, parts_of(found));
  Sizes sizes;
  bool any = false;
  for (const auto& files : files_of(found.files[0], classes)) {
    if (files.empty() || (any && request.resize == 0)) continue;
    sizes.add(read_picture_size(files.front()), files.front());
    any = true;
  }
  if (!any) throw InputError("data set images: there are no images in " + found.files[0]);
  const PictureSize size = sizes.common(request.resize);
  ImageData data;
  data.train.channels = size.channels;
  data.train.height = size.height;
  data.train.width = size.width;
  data.train.classes = static_cast<int>(classes.size());
  return data;
}

}  // namespace

DataDescriptor describe_data_images() {
  return {.key = "images",
          .name = "Own images",
          .help = "Images of your own (PNG, JPEG, PPM), one folder per class: any size and classes",
          .channels = 0,
          .height = 0,
          .width = 0,
          .classes = 0,
          .how_to_get =
              "set data.dir to a folder with train/CLASS/* and test/CLASS/*, or with one folder per class "
              "and data.validation; images of different sizes need data.resize",
          .own = true};
}

DataSet data_set_images() {
  return {.find = find, .read = read, .outline = outline};
}

}  // namespace grapevine
