// CIFAR's python layout: a pickled dict a file, with "data" (an array of N × 3072 bytes, channel first) and
// "labels" or "fine_labels" (a list of N numbers).
#include "engine/data/image_set.h"
#include "engine/data/pickle.h"
#include "engine/error.h"

namespace grapevine {
namespace {

constexpr std::int64_t image_bytes = 3 * 32 * 32;

void add_file(const std::string& file, const std::string& label_key, ImageSet& set) {
  const Pickle pickle(file);
  const PickleValue* data = Pickle::find(pickle.root(), "data");
  const PickleValue* labels = Pickle::find(pickle.root(), label_key);
  const auto numbers = labels ? Pickle::numbers(*labels) : std::nullopt;
  if (!data || data->kind != PickleValue::Kind::array || !numbers)
    throw InputError(file + ": the pickle is not a dict with an array 'data' and a list '" + label_key +
                     "'; it is damaged or of another data set");
  if (data->element != "u1" && data->element != "uint8")
    throw InputError(file + ": the elements of the array 'data' are '" + data->element +
                     "', expected 'u1' (unsigned bytes)");
  if (data->items.size() != 2 || data->items[1]->number != image_bytes)
    throw InputError(file + ": the array 'data' is not of N × 3072 bytes");
  const auto count = static_cast<std::size_t>(data->items[0]->number);
  if (count == 0) throw InputError(file + ": the array 'data' has no images; put a file with some there");
  if (numbers->size() != count)
    throw InputError(file + ": " + std::to_string(numbers->size()) + " labels for " + std::to_string(count) +
                     " images; the file is damaged");
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t label = (*numbers)[i];
    if (label < 0 || label >= set.classes)
      throw InputError(file + ": record " + std::to_string(i) + ": label " +
                       (label < 0 ? "?" : std::to_string(label)) + " is out of range, expected 0 to " +
                       std::to_string(set.classes - 1) + "; the file is damaged or of another data set");
    set.labels.push_back(static_cast<std::int32_t>(label));
  }
  set.pixels.insert(set.pixels.end(), data->text.begin(), data->text.end());
}

}  // namespace

ImageSet read_cifar_pickles(const std::vector<std::string>& files, const std::string& label_key,
                            int classes) {
  ImageSet set;
  set.channels = 3;
  set.height = set.width = 32;
  set.classes = classes;
  for (const std::string& file : files) add_file(file, label_key, set);
  return set;
}

}  // namespace grapevine
