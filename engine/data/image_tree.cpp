#include "engine/data/image_tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

#include "engine/data/cache_file.h"
#include "engine/data/limits.h"
#include "engine/data/places.h"
#include "engine/data/resample.h"
#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

std::string size_text(const PictureSize& size) {
  return std::to_string(size.width) + "×" + std::to_string(size.height);
}

std::size_t bytes_of(const PictureSize& size) {
  return static_cast<std::size_t>(size.channels) * static_cast<std::size_t>(size.height) *
         static_cast<std::size_t>(size.width);
}

void decode_one(const std::string& file, const TreePart& part, std::uint8_t* planes) {
  Picture picture = read_picture(file);
  if (part.resized) picture = square_of(picture, part.size.height);
  if (part.size.channels == 3) picture = in_colour(std::move(picture));
  if (picture.size.height != part.size.height || picture.size.width != part.size.width)
    throw InputError(file + ": the image has " + size_text(picture.size) + " pixels, expected " +
                     size_text(part.size) + "; get the data set again");
  if (picture.size.channels != part.size.channels)
    throw InputError(file + ": the image has colours, expected grey; it has changed while it was read");
  std::copy(picture.planes.begin(), picture.planes.end(), planes);
}

/// Changes with any file's name, size or time, with the labels, and with the form that images get.
std::string listing_key(const Listing& listing, const TreePart& part) {
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
    add(file.data() + part.folder.size(), file.size() - part.folder.size());
    add(numbers, sizeof numbers);
  }
  if (part.resized) add(&part.size, sizeof part.size);
  return content_key(all);
}

bool read_kept(const std::string& stem, ImageSet& set) {
  auto pixels = read_cache_file(stem + ".pixels");
  const auto labels = read_cache_file(stem + ".labels");
  const auto sample = static_cast<std::size_t>(set.sample_size());
  if (!pixels || !labels || labels->size() != set.labels.size() * sizeof(std::int32_t) ||
      pixels->size() != set.labels.size() * sample ||
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

/// All cores decode.
void decode(const Listing& listing, const TreePart& part, ImageSet& set, const WorkHooks& hooks) {
  const std::size_t bytes = bytes_of(part.size), count = listing.files.size();
  if (bytes > 0 && count > static_cast<std::size_t>(memory_for_data()) / bytes)
    throw InputError(std::to_string(count) + " images of " + size_text(part.size) +
                     " take more memory than this machine has for them; set data.train_limit and "
                     "data.test_limit, or a smaller data.resize");
  set.pixels.resize(count * bytes);
  const WorkProgress now{"decoding", part.split, 0, static_cast<std::int64_t>(count), 0, "images"};
  on_all_cores(count, now, hooks,
               [&](std::size_t i) { decode_one(listing.files[i], part, set.pixels.data() + i * bytes); });
}

Listing part_of(const Listing& listing, const std::vector<std::size_t>& chosen) {
  Listing part;
  for (const std::size_t i : chosen) {
    part.files.push_back(listing.files[i]);
    part.labels.push_back(listing.labels[i]);
  }
  return part;
}

}  // namespace

Listing in_turn(const std::vector<std::vector<std::string>>& of_class) {
  std::size_t most = 0;
  for (const auto& files : of_class) most = std::max(most, files.size());
  Listing listing;
  for (std::size_t i = 0; i < most; ++i)
    for (std::size_t c = 0; c < of_class.size(); ++c) {
      if (i >= of_class[c].size()) continue;
      listing.files.push_back(of_class[c][i]);
      listing.labels.push_back(static_cast<std::int32_t>(c));
    }
  return listing;
}

std::vector<std::string> pictures_in(const std::string& folder) {
  std::error_code failed, none;
  std::vector<std::string> files;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && is_picture_name(name) && entry->is_regular_file(none))
      files.push_back(folder + "/" + name);
  }
  std::sort(files.begin(), files.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return files;
}

void on_all_cores(std::size_t count, const WorkProgress& now, const WorkHooks& hooks,
                  const std::function<void(std::size_t)>& work) {
  // Where the others are quick, the calling thread may find nothing left to do: it asks before they begin.
  if (hooks.stopped()) throw WorkStopped{};
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::size_t first_bad = count;
  std::exception_ptr trouble;
  const auto guarded = [&](std::size_t i, const auto& step) {
    try {
      step();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (i < first_bad || !trouble) first_bad = i, trouble = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    guarded(count, [&] {
      try {
        for (int i = 1; i < usable_cores(); ++i)
          threads.emplace_back([&] {
            for (std::size_t i = next++; i < count; i = next++) guarded(i, [&] { work(i); });
          });
      } catch (const std::system_error&) {
        // The system gives no more threads: those that there are do it.
      }
    });
    for (std::size_t i = next++; i < count; i = next++) {
      guarded(i, [&] {
        WorkProgress progress = now;
        progress.done = static_cast<std::int64_t>(i);
        hooks.tell(progress);
        if (hooks.stopped()) throw WorkStopped{};
        work(i);
      });
    }
  }  // the threads end here
  if (trouble) std::rethrow_exception(trouble);
}

ImageSet read_tree(Listing listing, const DataRequest& request, const TreePart& part,
                   const WorkHooks& hooks) {
  ImageSet set;
  set.channels = part.size.channels;
  set.height = part.size.height;
  set.width = part.size.width;
  const std::string stem = made_folder(request.name) + "/" + part.split + "-" + listing_key(listing, part);
  set.labels = listing.labels;
  if (read_kept(stem, set)) return set;
  const bool limited = part.most > 0 && part.most < std::ssize(listing.files);
  if (limited) {
    listing = part_of(listing, chosen_records(listing.labels, part.most, request.balanced));
    set.labels = listing.labels;
  }
  decode(listing, part, set, hooks);
  if (limited) return set;
  if (const std::string trouble = keep(stem, set); !trouble.empty())
    set.note = "the decoded images could not be kept in " + made_folder(request.name) + " (" + trouble +
               "), so that they will be decoded again each time";
  return set;
}

}  // namespace grapevine
