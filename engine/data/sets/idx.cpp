// The user's own IDX files, of any type and rank: MNIST's relatives (QMNIST, EMNIST, Kuzushiji …). Which file
// is which is recognized by words in its name.
#include <filesystem>

#include "engine/data/array_images.h"
#include "engine/data/data_set.h"
#include "engine/data/idx.h"
#include "engine/data/not_files.h"
#include "engine/data/own_files.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"

namespace grapevine {
namespace {

enum Role { train_images, train_labels, test_images, test_labels, roles };

/// `roles` for what is none of them.
Role role_of(const std::string& name) {
  const std::string low = in_lower_case(name);
  const bool of_labels = name_has(low, {"label", "target"});
  if (!of_labels && !name_has(low, {"image", "img", "data", "pixels"})) return roles;
  const bool of_test = name_has(low, {"t10k", "test", "valid", "-val", "_val"}) && !name_has(low, {"train"});
  return of_test ? (of_labels ? test_labels : test_images) : of_labels ? train_labels : train_images;
}

/// `roles` for what is none of the files, IDX by its name.
Role named_role(const std::string& name) {
  return name_has(in_lower_case(name), {"idx", "ubyte"}) ? role_of(name) : roles;
}

/// Files by role; "" where there is none. A file and its .gz count as one.
std::vector<std::string> roles_in(const std::string& folder) {
  std::vector<std::string> found(roles);
  for (const std::string& name : files_in(folder)) {
    const Role role = named_role(name);
    if (role == roles) continue;
    std::string& place = found[role];
    const std::string file = folder + "/" + name;
    if (place.empty() || place == file + ".gz")
      place = file;
    else if (place + ".gz" != file)
      throw InputError("data set idx: " + folder + " holds several sets, as '" +
                       std::filesystem::path(place).filename().string() + "' and '" + name +
                       "'; put the files of one of them into a folder of their own, and set data.dir to it");
  }
  return found;
}

bool has_training_files(const std::string& folder) {
  try {
    const std::vector<std::string> found = roles_in(folder);
    return !found[train_images].empty() && !found[train_labels].empty();
  } catch (const InputError&) {
    return true;
  }
}

FoundFiles find(const DataRequest& request) {
  const std::string folder = own_place(request);
  const std::vector<std::string> found = roles_in(folder);
  refuse_not_files(request.name, folder, not_files_in(folder), [&](const std::string& name) {
    const Role role = named_role(name);
    return role != roles && found[role].empty();
  });
  if (found[train_images].empty() || found[train_labels].empty())
    nothing_there(request, folder, "IDX files of training images and labels", has_training_files);
  if (found[test_images].empty() != found[test_labels].empty())
    throw InputError("data set idx: " + folder + " has test " +
                     (found[test_images].empty() ? "labels, but no images" : "images, but no labels") +
                     "; put both there, or none");
  return {0, folder, found};
}

ArrayOptions options_of(const DataRequest& request) {
  return {request.transpose, request.label_offset, 0};
}

/// `images` reads an image file: the whole, or its header.
template <class Read, class Make>
ImageData with_arrays(const DataRequest& request, const FoundFiles& found, Read images, Make make) {
  const auto& files = found.files;
  const NumberArray train = images(files[train_images]), labels = read_idx(files[train_labels]);
  if (files[test_images].empty()) return make(ArrayPair{train, labels}, std::nullopt, options_of(request));
  const NumberArray test = images(files[test_images]), others = read_idx(files[test_labels]);
  return make(ArrayPair{train, labels}, std::optional(ArrayPair{test, others}), options_of(request));
}

ImageData read(const DataRequest& request, const DataDescriptor&, const FoundFiles& found, const WorkHooks&) {
  return with_arrays(request, found, read_idx, image_data_from);
}

ImageData outline(const DataRequest& request, const FoundFiles& found) {
  return with_arrays(request, found, read_idx_header, outline_of);
}

}  // namespace

DataDescriptor describe_data_idx() {
  return {.key = "idx",
          .name = "Own IDX files",
          .help = "Images of your own in IDX files, as QMNIST and EMNIST have them: any size and classes",
          .channels = 0,
          .height = 0,
          .width = 0,
          .classes = 0,
          .how_to_get =
              "set data.dir to a folder with files named as train-images-idx3-ubyte, "
              "train-labels-idx1-ubyte, test-images-idx3-ubyte and test-labels-idx1-ubyte (plain or "
              ".gz), or with the first two and data.validation",
          .own = true,
          .of_arrays = true};
}

DataSet data_set_idx() {
  return {.find = find, .read = read, .outline = outline};
}

}  // namespace grapevine
