// Files of data sets: images, pickles, archives, text and its encoding.
#include <vector>

#include "engine/data/bpe.h"
#include "engine/data/idx.h"
#include "engine/data/image_set.h"
#include "engine/data/npz.h"
#include "engine/data/pickle.h"
#include "engine/data/picture.h"
#include "engine/data/text_set.h"
#include "engine/data/unpack.h"
#include "tests/fuzz/fuzz.h"

namespace grapevine::fuzz {
namespace {

void check(const ImageSet& set) {
  require(std::ssize(set.pixels) == set.count() * set.sample_size(), "a set has as many pixels as it says");
  for (const std::int32_t label : set.labels)
    require(label >= 0 && label < set.classes, "labels are classes");
}

void check(const NumberArray& array) {
  require(array.bytes.size() == static_cast<std::size_t>(array.count()) * size_of(array.element),
          "an array has the bytes of its shape");
}

/// Splits the input where its first byte says, in 256ths.
std::pair<std::string_view, std::string_view> two_parts(std::string_view input) {
  if (input.empty()) return {};
  const std::size_t at = (input.size() - 1) * static_cast<unsigned char>(input[0]) / 256;
  return {input.substr(1, at), input.substr(1 + at)};
}

}  // namespace

void idx(std::string_view input) {
  const auto [images, labels] = two_parts(input);
  const std::string image_file = file_of(images, "images"), label_file = file_of(labels, "labels");
  accepts([&] { check(read_idx_pair(image_file, label_file, 10)); });
  accepts([&] { check(read_idx(image_file)); });
}

void cifar_binary(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] { check(read_cifar({file}, 1, 10)); });
  accepts([&] { check(read_cifar({file}, 2, 100)); });
}

void pickle(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] { Pickle::find(Pickle(file).root(), "data"); });
  accepts([&] { check(read_cifar_pickles({file}, "labels", 10)); });
}

void picture(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] { read_picture_size(file); });
  accepts([&] {
    const Picture found = read_picture(file);
    const auto [channels, height, width] = found.size;
    require(read_picture_size(file) == found.size, "a picture has the size that its beginning announces");
    require(std::ssize(found.planes) == std::int64_t{channels} * height * width,
            "a picture has as many bytes as its size says");
  });
}

void npz(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] {
    std::vector<std::string> names;
    for (const NpzEntry& entry : list_npz(file)) {
      if (entry.trouble.empty()) names.push_back(entry.name);
    }
    for (const NumberArray& array : read_npz(file, names)) check(array);
  });
}

void archive(std::string_view input) {
  const std::string file = file_of(input);
  const std::filesystem::path place = folder() / "unpacked";
  std::filesystem::remove_all(place);
  const bool taken = accepts([&] { unpack(file, place.string(), 1 << 20, {}); });
  require(taken == std::filesystem::exists(place), "what is refused leaves nothing");
  std::filesystem::remove_all(place);
}

void text(std::string_view input) {
  for (const char* name : {"wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"})
    file_of(input, name);
  DataRequest request;
  request.name = "wikitext2";
  request.dir = folder().string();
  accepts([&] { check_text(request); });
}

void byte_pairs(std::string_view input) {
  const std::unique_ptr<Encoding> encoding = open_encoding(std::string(input));
  if (!encoding || encoding->vocabulary() == 0) return;
  std::vector<std::int32_t> ids;
  encoding->encode("grapevine", ids);
  for (const std::int32_t id : ids)
    require(id >= 0 && id < encoding->vocabulary(), "tokens are of the vocabulary");
}

}  // namespace grapevine::fuzz
