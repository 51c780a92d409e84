// The user's own arrays in NumPy's .npz file: x_train, y_train, x_test, y_test, or other usual names.
#include <algorithm>
#include <filesystem>

#include "engine/data/array_images.h"
#include "engine/data/data_set.h"
#include "engine/data/not_files.h"
#include "engine/data/npz.h"
#include "engine/data/own_files.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"

namespace grapevine {
namespace {

enum Role { train_images, train_labels, test_images, test_labels, roles };

bool is_npz(const std::string& name) {
  return in_lower_case(name).ends_with(".npz");
}

bool is_one_of(const std::string& word, const std::vector<const char*>& words) {
  return std::any_of(words.begin(), words.end(), [&](const char* known) { return word == known; });
}

/// A name's part: "train", "test", "val" or "" where it says none; the rest stays in `name`.
std::string take_part(std::string& name) {
  static const std::vector<std::pair<const char*, const char*>> words{
      {"training", "train"}, {"train", "train"}, {"testing", "test"}, {"test", "test"},
      {"validation", "val"}, {"valid", "val"},   {"val", "val"},      {"dev", "val"}};
  for (const auto& [word, part] : words)
    if (const std::size_t at = name.find(word); at != std::string::npos) {
      name.erase(at, std::string_view(word).size());
      return part;
    }
  return "";
}

struct Meaning {
  std::string part;
  bool labels = false, known = false;
};

Meaning meaning_of(const std::string& array) {
  std::string name = in_lower_case(array);
  std::erase_if(name, [](char c) { return c == '_' || c == '-' || c == '.' || c == ' ' || c == '/'; });
  Meaning meaning;
  meaning.part = take_part(name);
  meaning.labels = is_one_of(name, {"y", "label", "labels", "target", "targets", "class", "classes"});
  meaning.known = meaning.labels || is_one_of(name, {"x", "image", "images", "img", "imgs", "data", "input",
                                                     "inputs", "feature", "features", "pixels"});
  return meaning;
}

/// The arrays' names by role, "" where there is none.
std::vector<std::string> roles_among(const std::vector<NpzEntry>& entries) {
  std::vector<std::string> found(roles);
  bool has_test = false;
  for (const NpzEntry& entry : entries) {
    const Meaning meaning = meaning_of(entry.name);
    has_test = has_test || (meaning.known && meaning.part == "test");
  }
  for (const NpzEntry& entry : entries) {
    const Meaning meaning = meaning_of(entry.name);
    if (!meaning.known) continue;
    // Validation data are tested on where nothing else is.
    const bool of_test = meaning.part == "test" || (meaning.part == "val" && !has_test);
    if (meaning.part == "val" && has_test) continue;
    found[of_test ? (meaning.labels ? test_labels : test_images)
                  : (meaning.labels ? train_labels : train_images)] = entry.name;
  }
  // As numpy.savez names arrays that were given none.
  const auto unnamed = [&](std::size_t i) { return entries[i].name == "arr_" + std::to_string(i); };
  if (found[train_images].empty() && (entries.size() == 2 || entries.size() == 4))
    for (std::size_t i = 0; i < entries.size() && unnamed(i); ++i) found[i] = entries[i].name;
  return found;
}

std::string contents(const std::vector<NpzEntry>& entries) {
  std::string text;
  for (const NpzEntry& entry : entries)
    text += (text.empty() ? "" : ", ") + entry.name +
            (entry.trouble.empty() ? " (" + shape_text(entry.array.shape) + ")" : ", which " + entry.trouble);
  return text.empty() ? "no arrays" : text;
}

bool has_npz(const std::string& folder) {
  const std::vector<std::string> files = files_in(folder);
  return std::any_of(files.begin(), files.end(), is_npz);
}

FoundFiles find(const DataRequest& request) {
  const std::string place = own_place(request, true);
  std::error_code none;
  if (std::filesystem::is_regular_file(place, none))
    return {0, std::filesystem::path(place).parent_path().string(), {place}};
  refuse_not_files(request.name, place, not_files_in(place), is_npz);
  std::vector<std::string> files;
  for (const std::string& name : files_in(place))
    if (is_npz(name)) files.push_back(name);
  if (files.empty()) nothing_there(request, place, ".npz files", has_npz);
  if (files.size() > 1)
    throw InputError("data set npz: " + place + " holds '" + files[0] + "' and '" + files[1] +
                     "'; name one of them, as data.dir=" + place + "/" + files[0]);
  return {0, place, {place + "/" + files.front()}};
}

struct Arrays {
  std::vector<std::string> names;   ///< by role
  std::vector<NumberArray> arrays;  ///< by role; those that `wanted` says are read
};

/// Labels are read; of images only the headers unless `pixels`.
Arrays read_arrays(const std::string& file, bool pixels) {
  const std::vector<NpzEntry> entries = list_npz(file);
  Arrays result{roles_among(entries), std::vector<NumberArray>(roles)};
  const auto& names = result.names;
  if (names[train_images].empty() || names[train_labels].empty())
    throw InputError(file + ": it holds " + contents(entries) +
                     "; expected x_train and y_train, and x_test and y_test or data.validation (or "
                     "train_images, train_labels, test_images, test_labels)");
  if (names[test_images].empty() != names[test_labels].empty())
    throw InputError(file + ": it holds " + contents(entries) + ": test " +
                     (names[test_images].empty() ? "labels without images" : "images without labels"));
  std::vector<std::string> wanted;
  for (const NpzEntry& entry : entries) {
    const auto role = std::find(names.begin(), names.end(), entry.name) - names.begin();
    if (role >= roles) continue;
    if (!entry.trouble.empty()) throw InputError(file + ": array " + entry.name + " " + entry.trouble);
    result.arrays[static_cast<std::size_t>(role)] = entry.array;
    if (pixels || role == train_labels || role == test_labels) wanted.push_back(entry.name);
  }
  std::vector<NumberArray> read = read_npz(file, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto role = std::find(names.begin(), names.end(), wanted[i]) - names.begin();
    result.arrays[static_cast<std::size_t>(role)] = std::move(read[i]);
  }
  return result;
}

template <class Make>
ImageData from_arrays(const DataRequest& request, const Arrays& file, Make make) {
  const auto& arrays = file.arrays;
  const ArrayOptions options{request.transpose, request.label_offset, 0};
  const ArrayPair train{arrays[train_images], arrays[train_labels]};
  if (file.names[test_images].empty()) return make(train, std::nullopt, options);
  return make(train, std::optional(ArrayPair{arrays[test_images], arrays[test_labels]}), options);
}

ImageData read(const DataRequest& request, const DataDescriptor&, const FoundFiles& found, const WorkHooks&) {
  return from_arrays(request, read_arrays(found.files.front(), true), image_data_from);
}

ImageData outline(const DataRequest& request, const FoundFiles& found) {
  return from_arrays(request, read_arrays(found.files.front(), false), outline_of);
}

}  // namespace

DataDescriptor describe_data_npz() {
  return {
      .key = "npz",
      .name = "Own NumPy file",
      .help = "Arrays of your own in NumPy's .npz: x_train, y_train, x_test, y_test; any size and classes",
      .channels = 0,
      .height = 0,
      .width = 0,
      .classes = 0,
      .how_to_get =
          "set data.dir to an .npz file, or to the folder with it, that holds x_train and y_train, "
          "and x_test and y_test or data.validation",
      .own = true,
      .of_arrays = true};
}

DataSet data_set_npz() {
  return {.find = find, .read = read, .outline = outline};
}

}  // namespace grapevine
