// Tiny ImageNet's tree: wnids.txt (one class per line), train/<wnid>/images/*.JPEG, val/images/*.JPEG with
// val/val_annotations.txt (file, wnid, box); or, as many have sorted it, val/<wnid>/*.JPEG, and images
// directly in their class's folder. The published test images have no labels: the validation images
// are the test set. Decoded once, then kept as bytes in made_folder(name); classes in turn, so that a limit
// takes as many of each. A limit that is smaller than the set decodes only so many.
#include <algorithm>
#include <filesystem>
#include <string_view>
#include <unordered_map>

#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/image_tree.h"
#include "engine/data/own_files.h"
#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int side = 64;
struct Classes {
  std::vector<std::string> names;  ///< the label is the place
  std::unordered_map<std::string, std::int32_t> labels;
};

/// Calls `use(line, offset)` for every line that isn't empty.
template <class Use>
void each_line(const std::vector<std::uint8_t>& bytes, Use use) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty()) use(line, at);
    at = end + 1;
  }
}

[[noreturn]] void refuse(const std::string& file, std::size_t offset, const std::string& why) {
  throw InputError(file + ": offset " + std::to_string(offset) + ": " + why);
}

Classes read_classes(const std::string& file, int most) {
  Classes classes;
  each_line(read_file(file), [&](std::string_view line, std::size_t offset) {
    const std::string name(line);
    if (name.find('/') != std::string::npos || name == ".." || name == ".")
      refuse(file, offset, "'" + name + "' is not the name of a class");
    if (!classes.labels.emplace(name, static_cast<std::int32_t>(classes.names.size())).second)
      refuse(file, offset, "class " + name + " appears there twice");
    classes.names.push_back(name);
    if (std::ssize(classes.names) > most)
      refuse(file, offset, "there are more than " + std::to_string(most) + " classes");
  });
  if (classes.names.empty()) refuse(file, 0, "the file names no classes; get the data set again");
  return classes;
}

/// Of a class in a part of the tree: in its folder `images`, as published, or directly in the class's.
std::vector<std::string> images_of(const std::string& class_folder) {
  std::vector<std::string> files = pictures_in(class_folder + "/images");
  return files.empty() ? pictures_in(class_folder) : files;
}

Listing list_classes(const std::string& part, const std::string& class_file, const Classes& classes) {
  std::vector<std::vector<std::string>> of_class;
  for (const std::string& name : classes.names) {
    of_class.push_back(images_of(part + "/" + name));
    if (of_class.back().empty())
      throw InputError(part + "/" + name + "/images: no images (*.JPEG) of class " + name +
                       ", which appears in " + class_file +
                       ", nor in the folder above; get the data set again");
  }
  return in_turn(of_class);
}

/// Where an image of the validation data lies: as published, or moved to its class's folder; "" = nowhere.
std::string validation_image(const std::string& folder, const std::string& name, const std::string& wnid) {
  std::error_code none;
  for (const std::string& place :
       {folder + "/images/", folder + "/" + wnid + "/images/", folder + "/" + wnid + "/"})
    if (fs::is_regular_file(place + name, none)) return place + name;
  return "";
}

Listing list_validation(const std::string& folder, const std::string& file, const std::string& class_file,
                        const Classes& classes) {
  Listing listing;
  std::vector<bool> met(classes.names.size());
  each_line(read_file(file), [&](std::string_view line, std::size_t offset) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) refuse(file, offset, "expected an image's name, a tab and its class");
    const std::string name(line.substr(0, tab));
    const std::string wnid(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
    const auto label = classes.labels.find(wnid);
    if (label == classes.labels.end())
      refuse(file, offset, "image " + name + " is of class '" + wnid + "', which wnids.txt doesn't have");
    if (name.find('/') != std::string::npos)
      refuse(file, offset, "'" + name + "' is not the name of an image");
    const std::string image = validation_image(folder + "/val", name, wnid);
    if (image.empty())
      refuse(file, offset, "image " + name + " is not in " + folder + "/val/images; get the data set again");
    listing.files.push_back(image);
    listing.labels.push_back(label->second);
    met[static_cast<std::size_t>(label->second)] = true;
  });
  if (listing.files.empty()) refuse(file, 0, "the file names no images; get the data set again");
  if (const auto missed = std::find(met.begin(), met.end(), false); missed != met.end())
    throw InputError(file + ": no images of class " +
                     classes.names[static_cast<std::size_t>(missed - met.begin())] + ", which appears in " +
                     class_file + "; get the data set again");
  return listing;
}

constexpr std::size_t annotated = 0, sorted = 1;  // the layouts

/// By the list of annotations, else by the folders that the validation images were sorted into.
FoundFiles find(const DataRequest& request) {
  std::error_code none;
  const Layout published{{{"wnids.txt"}, {"val/val_annotations.txt"}}};
  for (const std::string& folder : data_folders(request)) {
    if (!fs::is_regular_file(folder + "/wnids.txt", none)) continue;
    if (fs::is_regular_file(folder + "/val/val_annotations.txt", none)) break;
    for (const std::string& name : folders_in(folder + "/val"))
      if (name != "images") return {sorted, folder, {folder + "/wnids.txt"}};
  }
  return find_files(request, {published});
}

ImageData read(const DataRequest& request, const DataDescriptor& about, const FoundFiles& found,
               const WorkHooks& hooks) {
  const std::string& folder = found.folder;
  const std::string class_file = folder + "/wnids.txt";
  const Classes known = read_classes(class_file, about.classes);
  Listing train = list_classes(folder + "/train", class_file, known);
  Listing test = found.layout == annotated
                     ? list_validation(folder, folder + "/val/val_annotations.txt", class_file, known)
                     : list_classes(folder + "/val", class_file, known);
  const std::int64_t train_count = std::ssize(train.files), test_count = std::ssize(test.files);
  const PictureSize size{3, side, side};
  ImageData data;
  data.train = read_tree(std::move(train), request, {folder, "train", request.train_limit, size}, hooks);
  data.test = read_tree(std::move(test), request, {folder, "val", request.test_limit, size}, hooks);
  put_slice_before(data.train.note, train_count, about.train_count);
  put_slice_before(data.test.note, test_count, about.test_count);
  data.train.classes = data.test.classes = about.classes;
  return data;
}

}  // namespace

DataDescriptor describe_data_tiny_imagenet() {
  return {.key = "tiny_imagenet",
          .name = "Tiny ImageNet",
          .help = "Natural images, 64×64 colour, 200 classes",
          .channels = 3,
          .height = side,
          .width = side,
          .classes = 200,
          .train_count = 100000,
          .test_count = 10000,
          .how_to_get =
              "set data.dir to the folder that holds wnids.txt, train and val (tiny-imagenet-200, unpacked)"};
}

// Its publisher tells no sum: this is the one that loaders of it agree on.
DataSet data_set_tiny_imagenet() {
  constexpr std::int64_t unpacked = 500'000'000;  // 120,000 files in blocks of 4 KiB
  return {.layouts = {Layout{{{"wnids.txt"}, {"val/val_annotations.txt"}}}},
          .source = DataSource{"tiny_imagenet",
                               {{"tiny-imagenet-200.zip",
                                 {"http://cs231n.stanford.edu"},
                                 248100043,
                                 "90528d7ca1a48142e341f4ef8d21d0de"}},
                               true,
                               unpacked},
          .find = find,
          .read = read,
          .takes_long = true};
}

}  // namespace grapevine
