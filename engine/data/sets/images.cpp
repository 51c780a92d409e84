// The user's own images, a folder a class: train/CLASS/*, test/CLASS/*, or one folder of classes, of which
// data.validation holds out a part. PNG, JPEG, PPM; classes are numbered in the order of their names.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "engine/data/data_set.h"
#include "engine/data/image_tree.h"
#include "engine/data/own_files.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 3;  // folders within a class's
constexpr std::size_t most_classes = 65536;

/// In a class's folder and those below it.
void add_pictures(const std::string& folder, int depth, std::vector<std::string>& files) {
  const std::vector<std::string> here = pictures_in(folder);
  files.insert(files.end(), here.begin(), here.end());
  if (depth == deepest) return;
  for (const std::string& below : folders_in(folder)) add_pictures(folder + "/" + below, depth + 1, files);
}

std::vector<std::string> pictures_of_class(const std::string& folder) {
  std::vector<std::string> files;
  add_pictures(folder, 0, files);
  return files;
}

bool has_a_picture(const std::string& folder, int depth) {
  if (!pictures_in(folder).empty()) return true;
  const std::vector<std::string> below = depth < deepest ? folders_in(folder) : std::vector<std::string>{};
  return std::any_of(below.begin(), below.end(),
                     [&](const std::string& name) { return has_a_picture(folder + "/" + name, depth + 1); });
}

/// The folder of a part, whatever the case of its name; "" where there is none.
std::string part_in(const std::string& folder, const std::vector<const char*>& words) {
  for (const char* word : words)
    for (const std::string& name : folders_in(folder))
      if (in_lower_case(name) == word) return folder + "/" + name;
  return "";
}

/// Folders with classes: training, and test or "".
struct Parts {
  std::string train, test;
};

// A class may be called train, too: then images lie directly in it.
Parts parts_of(const std::string& folder) {
  const std::string train = part_in(folder, {"train", "training"});
  if (train.empty() || folders_in(train).empty()) return {folder, ""};
  return {train, part_in(folder, {"test", "testing", "val", "valid", "validation"})};
}

bool has_classes(const std::string& folder) {
  const std::vector<std::string> classes = folders_in(folder);
  return std::count_if(classes.begin(), classes.end(), [&](const std::string& name) {
           return !pictures_in(folder + "/" + name).empty();
         }) >= 2;
}

FoundFiles find(const DataRequest& request) {
  const std::string folder = own_place(request);
  const Parts parts = parts_of(folder);
  const std::vector<std::string> classes = folders_in(parts.train);
  const bool any = std::any_of(classes.begin(), classes.end(), [&](const std::string& name) {
    return has_a_picture(parts.train + "/" + name, 0);
  });
  // The folder above is meant where this one is a class's.
  const bool is_class = !pictures_in(folder).empty();
  if (!any)
    nothing_there(request, folder, "folders with images, one a class", [&](const std::string& other) {
      return (is_class || other.starts_with(folder)) && has_classes(parts_of(other).train);
    });
  return {0, folder, {parts.train, parts.test}};
}

/// Classes with images in one part or the other, in the order of their names.
std::vector<std::string> classes_of(const FoundFiles& found) {
  std::set<std::string> names;
  for (const std::string& part : found.files)
    if (!part.empty())
      for (const std::string& name : folders_in(part))
        if (has_a_picture(part + "/" + name, 0)) names.insert(name);
  if (names.size() < 2)
    throw InputError("data set images: " + found.files.front() + " has " +
                     (names.empty() ? "no class" : "a single class, '" + *names.begin() + "'") +
                     "; a folder a class is expected, as cat/1.png and dog/1.png");
  if (names.size() > most_classes)
    throw InputError("data set images: " + found.files.front() + " has " + std::to_string(names.size()) +
                     " folders, more than the " + std::to_string(most_classes) +
                     " classes that there may be");
  return {names.begin(), names.end()};
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

/// Files in class folders that are no images.
std::string others_note(const std::string& part, const std::vector<std::string>& classes) {
  std::int64_t count = 0;
  std::string example;
  for (const std::string& name : classes)
    for (const std::string& file : files_in(part + "/" + name)) {
      if (is_picture_name(file)) continue;
      if (count++ == 0) example = name + "/" + file;
    }
  if (count == 0) return "";
  return with_separators(count) + (count == 1 ? " file that is" : " files that are") +
         " no PNG, JPEG or PPM left out, as " + example;
}

ImageData read(const DataRequest& request, const DataDescriptor&, const FoundFiles& found,
               const WorkHooks& hooks) {
  const std::vector<std::string> classes = classes_of(found);
  Listing train = in_turn(files_of(found.files[0], classes)),
          test = in_turn(files_of(found.files[1], classes));
  if (train.files.empty()) throw InputError("data set images: there are no images in " + found.files[0]);
  demand_test_data(request, !test.files.empty());  // before the long work
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
  if (const std::string note = others_note(found.files[0], classes); !note.empty())
    data.train.note += (data.train.note.empty() ? "" : "; ") + note;
  return data;
}

/// By the first image of each class; the rest is looked at when it is read.
ImageData outline(const DataRequest& request, const FoundFiles& found) {
  const std::vector<std::string> classes = classes_of(found);
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
          .help = "Images of your own (PNG, JPEG, PPM), a folder a class: any size and classes",
          .channels = 0,
          .height = 0,
          .width = 0,
          .classes = 0,
          .how_to_get =
              "set data.dir to a folder with train/CLASS/* and test/CLASS/*, or with one folder a class "
              "and data.validation; images of different sizes need data.resize",
          .own = true};
}

DataSet data_set_images() {
  return {.find = find, .read = read, .outline = outline};
}

}  // namespace grapevine
