#include "engine/data/class_folders.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "engine/data/image_tree.h"
#include "engine/data/not_files.h"
#include "engine/data/own_files.h"
#include "engine/data/picture.h"
#include "engine/data/surroundings.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 3;  // folders within a class's
constexpr std::size_t most_classes = 65536, most_looked_at = 500;

using Words = std::vector<std::string>;
const Words train_words{"train", "training"};
const Words test_words{"test", "testing", "val", "valid", "validation"};

std::string name_of(const std::string& path) {
  return fs::path(path).filename().string();
}

bool is_one_of(const std::string& name, const Words& words) {
  return std::find(words.begin(), words.end(), in_lower_case(name)) != words.end();
}

void add_pictures(const std::string& folder, int depth, std::vector<std::string>& files) {
  const std::vector<std::string> here = pictures_in(folder);
  files.insert(files.end(), here.begin(), here.end());
  if (depth == deepest) return;
  for (const std::string& below : folders_in(folder)) add_pictures(folder + "/" + below, depth + 1, files);
}

bool has_a_picture(const std::string& folder, int depth = 0) {
  if (!pictures_in(folder).empty()) return true;
  const std::vector<std::string> below = depth < deepest ? folders_in(folder) : std::vector<std::string>{};
  return std::any_of(below.begin(), below.end(),
                     [&](const std::string& name) { return has_a_picture(folder + "/" + name, depth + 1); });
}

/// Are there two folders directly with images in it?
bool has_classes(const std::string& folder) {
  const std::vector<std::string> classes = folders_in(folder);
  return std::count_if(classes.begin(), classes.end(), [&](const std::string& name) {
           return !pictures_in(folder + "/" + name).empty();
         }) >= 2;
}

/// The folder of a part, whatever the case of its name; the first by the words that has classes, else the
/// first of all; "" where there is none.
std::string part_in(const std::string& folder, const Words& words) {
  std::string first;
  for (const std::string& word : words)
    for (const std::string& name : folders_in(folder)) {
      if (in_lower_case(name) != word) continue;
      const std::string place = folder + "/" + name;
      if (!folders_in(place).empty()) return place;
      if (first.empty()) first = place;
    }
  return first;
}

// A class may be called train, too: then images lie directly in it.
ClassParts parts_of(const std::string& folder) {
  const std::string train = part_in(folder, train_words);
  if (train.empty() || folders_in(train).empty()) return {folder, ""};
  return {train, part_in(folder, test_words)};
}

/// Is it the folder of a whole set, with training data in a folder of their own?
bool is_set(const std::string& folder) {
  const ClassParts parts = parts_of(folder);
  return parts.train != folder && has_classes(parts.train);
}

/// The nearest folder below that `fits`; "" where there is none.
template <class Fits>
std::string below(const std::string& folder, Fits fits) {
  std::vector<std::string> level{folder};
  std::size_t looked = 0;
  for (int depth = 0; depth < 2; ++depth) {
    std::vector<std::string> next;
    for (const std::string& place : level)
      for (const std::string& name : folders_in(place)) {
        if (++looked > most_looked_at) return "";
        next.push_back(place + "/" + name);
        if (fits(next.back())) return next.back();
      }
    level = std::move(next);
  }
  return "";
}

[[noreturn]] void move_to(const std::string& place) {
  throw InputError("data set images: the files are in " + place + ": set data.dir=" + place);
}

/// "cat" of cat.0.png: the class that the name of an image begins with; "" where it begins with a number.
std::string class_in_name(const std::string& picture) {
  const std::string name = name_of(picture);
  return name.substr(0, name.find_first_of("._- 0123456789"));
}

bool names_say_classes(const std::vector<std::string>& pictures) {
  return std::any_of(pictures.begin(), pictures.end(), [&](const std::string& picture) {
    return class_in_name(picture) != class_in_name(pictures.front());
  });
}

[[noreturn]] void refuse_unsorted(const std::string& folder, const std::vector<std::string>& pictures) {
  const std::string stem = class_in_name(pictures.front());
  throw InputError("data set images: " + with_separators(std::ssize(pictures)) +
                   (pictures.size() == 1 ? " image lies" : " images lie") + " directly in " + folder +
                   ", in no class folders; sort them into one folder per class, as " +
                   (stem.empty() ? "CLASS" : stem) + "/" + name_of(pictures.front()));
}

/// "6 GIF images, as cat/0.gif": pictures of formats that are not read, in a folder and those in it.
std::string other_formats(const std::string& folder) {
  static constexpr std::array<std::pair<const char*, const char*>, 9> endings{{{".gif", "GIF"},
                                                                               {".webp", "WebP"},
                                                                               {".bmp", "BMP"},
                                                                               {".tif", "TIFF"},
                                                                               {".tiff", "TIFF"},
                                                                               {".heic", "HEIC"},
                                                                               {".avif", "AVIF"},
                                                                               {".jp2", "JPEG 2000"},
                                                                               {".svg", "SVG"}}};
  std::int64_t count = 0;
  std::string format, example;
  const auto look = [&](const std::string& place, const std::string& before) {
    for (const std::string& file : files_in(place)) {
      const std::string low = in_lower_case(file);
      const auto* known = std::find_if(endings.begin(), endings.end(),
                                       [&](const auto& ending) { return low.ends_with(ending.first); });
      if (known == endings.end() || (count > 0 && format != known->second)) continue;
      if (count++ == 0) format = known->second, example = before + file;
    }
  };
  look(folder, "");
  for (const std::string& name : folders_in(folder)) look(folder + "/" + name, name + "/");
  if (count == 0) return "";
  return with_separators(count) + " " + format + (count == 1 ? " image" : " images") + ", as " + example;
}

/// Images directly in train, and nothing next to it but other parts.
void refuse_unsorted_parts(const std::string& folder) {
  const std::string train = part_in(folder, train_words);
  if (train.empty()) return;
  const std::vector<std::string> pictures = pictures_in(train), names = folders_in(folder);
  const bool others_are_classes = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !is_one_of(name, train_words) && !is_one_of(name, test_words) &&
           has_a_picture(folder + "/" + name);
  });
  if (!pictures.empty() && folders_in(train).empty() && !others_are_classes) refuse_unsorted(train, pictures);
}

[[noreturn]] void refuse_other_formats(const std::string& folder, const std::string& found) {
  throw InputError("data set images: " + folder + " holds " + found +
                   "; PNG, JPEG and PPM are read: convert them");
}

void demand_pictures(const DataRequest& request, const std::string& folder, const std::string& train) {
  const std::vector<std::string> classes = folders_in(train);
  if (std::any_of(classes.begin(), classes.end(),
                  [&](const std::string& name) { return has_a_picture(train + "/" + name); }))
    return;
  // The folder above is meant where this one is a class's.
  const std::vector<std::string> here = pictures_in(folder);
  const auto fits = [&](const std::string& other) {
    return (!here.empty() || other.starts_with(folder)) && has_classes(parts_of(other).train);
  };
  if (!here.empty() && (names_say_classes(here) || !fits(folder_above(folder))))
    refuse_unsorted(folder, here);
  if (const std::string found = other_formats(train); !found.empty()) refuse_other_formats(train, found);
  nothing_there(request, folder, "folders with images, one per class", fits);
}

/// "test holds 6 images in no class folder, without labels"; "" where it doesn't.
std::string images_without_labels(const std::string& part) {
  if (!folders_in(part).empty()) return "";
  const auto count = std::ssize(pictures_in(part));
  if (count == 0) return "";
  return part + " holds " + with_separators(count) + (count == 1 ? " image" : " images") +
         " in no class folder, without labels";
}

/// Those of a class, by their way from the part's folder.
void add_not_files(const std::string& part, const std::string& name, int depth,
                   std::vector<NotAFile>& found) {
  for (NotAFile& entry : not_files_in(part + "/" + name))
    found.push_back({name + "/" + entry.name, std::move(entry.what)});
  if (depth == deepest) return;
  for (const std::string& below : folders_in(part + "/" + name))
    add_not_files(part, name + "/" + below, depth + 1, found);
}

/// A class must not go missing: neither its folder, nor all of its images.
void refuse_lost_classes(const DataRequest& request, const std::string& part) {
  refuse_not_files(request.name, part, not_files_in(part),
                   [](const std::string& name) { return name.find('.') == std::string::npos; });
  for (const std::string& name : folders_in(part)) {
    if (has_a_picture(part + "/" + name)) continue;
    std::vector<NotAFile> lost;
    add_not_files(part, name, 0, lost);
    refuse_not_files(request.name, part, lost, is_picture_name);
  }
}

}  // namespace

ClassParts class_parts(const DataRequest& request) {
  const std::string folder = own_place(request);
  refuse_not_files(request.name, folder, not_files_in(folder), [](const std::string& name) {
    return is_one_of(name, train_words) || is_one_of(name, test_words);
  });
  const ClassParts parts = parts_of(folder);
  if (parts.train == folder) {
    refuse_unsorted_parts(folder);
    if (const std::string place = below(folder, is_set); !place.empty()) move_to(place);
  }
  for (const std::string& part : {parts.train, parts.test})
    if (!part.empty()) refuse_lost_classes(request, part);
  demand_pictures(request, folder, parts.train);
  return parts;
}

std::vector<std::string> pictures_of_class(const std::string& folder) {
  std::vector<std::string> files;
  add_pictures(folder, 0, files);
  return files;
}

std::vector<std::string> class_names(const DataRequest& request, const ClassParts& parts) {
  std::set<std::string> names;
  for (const std::string& part : {parts.train, parts.test})
    if (!part.empty())
      for (const std::string& name : folders_in(part))
        if (has_a_picture(part + "/" + name)) names.insert(name);
  if (names.size() > most_classes)
    throw InputError("data set " + request.name + ": " + parts.train + " has " +
                     std::to_string(names.size()) + " folders, more than the " +
                     std::to_string(most_classes) + " classes that there may be");
  if (names.size() >= 2) return {names.begin(), names.end()};
  if (const std::string place = below(parts.train, has_classes); !place.empty()) move_to(place);
  if (const std::string found = other_formats(parts.train); !found.empty())
    refuse_other_formats(parts.train, found);
  throw InputError("data set " + request.name + ": " + parts.train + " has " +
                   (names.empty() ? "no class" : "a single class, '" + *names.begin() + "'") +
                   "; one folder per class is expected, as cat/1.png and dog/1.png");
}

std::string unsorted_test_images(const ClassParts& parts) {
  return parts.test.empty() ? "" : images_without_labels(parts.test);
}

std::string other_parts_note(const ClassParts& parts) {
  std::string note;
  if (parts.test.empty()) return note;
  const std::string folder = parts.train.substr(0, parts.train.rfind('/'));
  for (const std::string& name : folders_in(folder)) {
    const std::string part = folder + "/" + name;
    if (part == parts.test || !is_one_of(name, test_words) || !has_a_picture(part)) continue;
    const std::string unlabelled = images_without_labels(part);
    note += (note.empty() ? "" : "; ") + (unlabelled.empty() ? part : unlabelled + ": it") +
            " is left out, and " + parts.test + " is what is tested on";
  }
  return note;
}

std::string not_files_note_of(const std::string& part) {
  std::vector<NotAFile> found = not_files_in(part);
  for (const std::string& name : folders_in(part)) add_not_files(part, name, 0, found);
  return not_files_note(found);
}

std::string left_out_note(const std::string& part) {
  std::int64_t count = 0;
  std::string example;
  for (const std::string& name : folders_in(part))
    for (const std::string& file : files_in(part + "/" + name)) {
      if (is_picture_name(file)) continue;
      if (count++ == 0) example = name + "/" + file;
    }
  if (count == 0) return "";
  return with_separators(count) + (count == 1 ? " file that is" : " files that are") +
         " not PNG, JPEG or PPM left out, as " + example;
}

}  // namespace grapevine
