// Tiny ImageNet's tree: wnids.txt (a class a line), train/<wnid>/images/*.JPEG, val/images/*.JPEG with
// val/val_annotations.txt (file, wnid, box). The published test images have no labels: the validation images
// are the test set. Decoded once, then kept as bytes in made_folder(name); classes in turn, so that a limit
// takes as many of each. A limit that is smaller than the set decodes only so many.
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "engine/data/cache_file.h"
#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/jpeg.h"
#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

constexpr int side = 64;
constexpr std::size_t image_bytes = 3 * side * side;

/// Files to decode, with their labels, in the order of the set.
struct Listing {
  std::vector<std::string> files;
  std::vector<std::int32_t> labels;
};

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
      refuse(file, offset, "'" + name + "' is no class's name");
    if (!classes.labels.emplace(name, static_cast<std::int32_t>(classes.names.size())).second)
      refuse(file, offset, "class " + name + " stands there twice");
    classes.names.push_back(name);
    if (std::ssize(classes.names) > most)
      refuse(file, offset, "there are more than " + std::to_string(most) + " classes");
  });
  if (classes.names.empty()) refuse(file, 0, "the file names no classes; get the data set again");
  return classes;
}

/// A class's images: n01_2.JPEG comes before n01_10.JPEG.
std::vector<std::string> images_of(const std::string& folder) {
  std::error_code failed, none;
  std::vector<std::string> files;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    if (const std::string extension = entry->path().extension().string();
        (extension == ".JPEG" || extension == ".jpg" || extension == ".jpeg") && entry->is_regular_file(none))
      files.push_back(entry->path().string());
  std::sort(files.begin(), files.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return files;
}

/// Class by class in turn, so that any first part of it has all classes.
Listing list_training(const std::string& folder, const std::string& class_file, const Classes& classes) {
  std::vector<std::vector<std::string>> of_class;
  std::size_t most = 0;
  for (const std::string& name : classes.names) {
    const std::string place = folder + "/train/" + name + "/images";
    of_class.push_back(images_of(place));
    if (of_class.back().empty())
      throw InputError(place + ": no images (*.JPEG) of class " + name + ", which stands in " + class_file +
                       "; get the data set again");
    most = std::max(most, of_class.back().size());
  }
  Listing listing;
  for (std::size_t i = 0; i < most; ++i)
    for (std::size_t c = 0; c < of_class.size(); ++c) {
      if (i >= of_class[c].size()) continue;
      listing.files.push_back(of_class[c][i]);
      listing.labels.push_back(static_cast<std::int32_t>(c));
    }
  return listing;
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
    if (name.find('/') != std::string::npos) refuse(file, offset, "'" + name + "' is no image's name");
    const std::string image = folder + "/val/images/" + name;
    std::error_code none;
    if (!fs::is_regular_file(image, none))
      refuse(file, offset, "image " + name + " is not in " + folder + "/val/images; get the data set again");
    listing.files.push_back(image);
    listing.labels.push_back(label->second);
    met[static_cast<std::size_t>(label->second)] = true;
  });
  if (listing.files.empty()) refuse(file, 0, "the file names no images; get the data set again");
  if (const auto missed = std::find(met.begin(), met.end(), false); missed != met.end())
    throw InputError(file + ": no images of class " +
                     classes.names[static_cast<std::size_t>(missed - met.begin())] + ", which stands in " +
                     class_file + "; get the data set again");
  return listing;
}

/// All cores decode; the calling thread says how far they are.
void decode(const Listing& listing, const char* split, std::uint8_t* pixels, const WorkHooks& hooks) {
  const std::size_t count = listing.files.size();
  // Where the others are quick, the calling thread may find nothing left to do: it asks before they begin.
  if (hooks.stopped()) throw WorkStopped{};
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t first_bad = count;
  std::string words;
  bool stopped = false;  // the calling thread's
  const auto decode_one = [&](std::size_t i) {
    try {
      read_jpeg(listing.files[i], side, side, pixels + i * image_bytes);
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      if (i < first_bad) first_bad = i, words = error.what();
      next = count;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) decode_one(i);
    });
  for (std::size_t i = next++; i < count; i = next++) {
    hooks.tell(
        {"decoding", split, static_cast<std::int64_t>(i), static_cast<std::int64_t>(count), 0, "images"});
    if (hooks.stopped())
      stopped = true, next = count;
    else
      decode_one(i);
  }
  for (std::thread& thread : threads) thread.join();
  if (stopped) throw WorkStopped{};
  if (!words.empty()) throw InputError(words);
}

/// Changes with any file's name, size or time, and with the labels.
std::string listing_key(const Listing& listing, const std::string& folder) {
  std::vector<std::uint8_t> all;
  const auto add = [&](const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    all.insert(all.end(), from, from + size);
  };
  for (std::size_t i = 0; i < listing.files.size(); ++i) {
    const std::string& file = listing.files[i];
    struct stat about {};
    ::stat(file.c_str(), &about);
    const std::int64_t numbers[] = {about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec,
                                    listing.labels[i]};
    add(file.data() + folder.size(), file.size() - folder.size());
    add(numbers, sizeof numbers);
  }
  return content_key(all);
}

bool read_kept(const std::string& stem, ImageSet& set) {
  auto pixels = read_cache_file(stem + ".pixels");
  const auto labels = read_cache_file(stem + ".labels");
  if (!pixels || !labels || labels->size() != set.labels.size() * sizeof(std::int32_t) ||
      pixels->size() != set.labels.size() * image_bytes ||
      std::memcmp(labels->data(), set.labels.data(), labels->size()) != 0)
    return false;
  set.pixels = std::move(*pixels);
  return true;
}

std::string keep(const std::string& stem, const ImageSet& set) {
  const std::string trouble = write_cache_file(stem + ".pixels", set.pixels.data(), set.pixels.size());
  if (!trouble.empty()) return trouble;
  return write_cache_file(stem + ".labels", set.labels.data(), set.labels.size() * sizeof(std::int32_t));
}

/// With a limit only so many are decoded, and not kept.
ImageSet read_set(Listing listing, const DataRequest& request, const std::string& folder, const char* split,
                  std::int64_t most, std::int64_t published, const WorkHooks& hooks) {
  ImageSet set;
  set.channels = 3;
  set.height = set.width = side;
  note_slice(set.note, std::ssize(listing.files), published);
  const std::string stem = made_folder(request.name) + "/" + split + "-" + listing_key(listing, folder);
  set.labels = listing.labels;
  if (read_kept(stem, set)) return set;
  const bool part = most > 0 && most < std::ssize(listing.files);
  if (part) {
    listing.files.resize(static_cast<std::size_t>(most));
    set.labels.resize(static_cast<std::size_t>(most));
  }
  set.pixels.resize(listing.files.size() * image_bytes);
  decode(listing, split, set.pixels.data(), hooks);
  if (part) return set;
  if (const std::string trouble = keep(stem, set); !trouble.empty())
    set.note += (set.note.empty() ? "" : "; ") +
                ("the decoded images could not be kept in " + made_folder(request.name) + " (" + trouble +
                 "), so that they will be decoded anew each time");
  return set;
}

ImageData read(const DataRequest& request, const DataDescriptor& about, const FoundFiles& found,
               const WorkHooks& hooks) {
  const std::string& folder = found.folder;
  const std::string class_file = folder + "/wnids.txt";
  const Classes known = read_classes(class_file, about.classes);
  Listing train = list_training(folder, class_file, known);
  Listing test = list_validation(folder, folder + "/val/val_annotations.txt", class_file, known);
  ImageData data;
  data.train =
      read_set(std::move(train), request, folder, "train", request.train_limit, about.train_count, hooks);
  data.test = read_set(std::move(test), request, folder, "val", request.test_limit, about.test_count, hooks);
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
          .read = read,
          .takes_long = true};
}

}  // namespace grapevine
