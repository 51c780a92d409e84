#include "engine/data/array_images.h"

#include <algorithm>
#include <cmath>

#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

constexpr std::int64_t most_classes = 65536;
constexpr std::int64_t most_pixels = std::int64_t{1} << 26;  // of one image, all channels

/// How an image lies in its row of numbers.
struct Plan {
  std::int64_t channels = 1, height = 1, width = 1;
  bool channels_last = false;
};

std::int64_t side_of(std::int64_t area) {
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(area))));
  return side * side == area ? side : 0;
}

Plan plan_of_row(std::int64_t size) {
  if (const std::int64_t side = side_of(size)) return {1, side, side};
  if (size % 3 == 0)
    if (const std::int64_t side = side_of(size / 3)) return {3, side, side};
  return {1, 1, size};
}

Plan plan_of(const NumberArray& images) {
  const auto& shape = images.shape;
  Plan plan;
  switch (shape.size()) {
    case 1:
      break;
    case 2:
      plan = plan_of_row(shape[1]);
      break;
    case 3:
      plan = {1, shape[1], shape[2]};
      break;
    case 4:
      // Colours are few: 3×32×32 has them first, 32×32×3 last.
      if (shape[3] < shape[1] && shape[3] <= 4)
        plan = {shape[3], shape[1], shape[2], true};
      else
        plan = {shape[1], shape[2], shape[3]};
      break;
    default:
      throw InputError(images.source + ": the array is " + shape_text(shape) +
                       ", expected images as N×H×W, N×C×H×W, N×H×W×C or N×numbers");
  }
  if (plan.channels < 1 || plan.height < 1 || plan.width < 1)
    throw InputError(images.source + ": the array is " + shape_text(shape) + ": images without pixels");
  if (plan.channels > most_pixels / plan.height / plan.width)
    throw InputError(images.source + ": the array is " + shape_text(shape) +
                     ": more numbers per image than a network takes");
  return plan;
}

/// Which numbers are black and white.
struct Levels {
  double black = 0, white = 255;
  std::string note;
  std::uint8_t of(double number) const {
    const double level = 255 * (number - black) / (white - black);
    return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
  }
};

std::string number_text(double number) {
  std::string text = std::to_string(number);
  while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
    const bool point = text.back() == '.';
    text.pop_back();
    if (point) break;
  }
  return text;
}

// Bytes and what lies within 0 … 255 in whole numbers are levels already.
Levels levels_of(const NumberArray& images) {
  if (images.element == Element::u8) return {};
  double low = INFINITY, high = -INFINITY;
  bool whole = true;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    const double number = images.at(i);
    if (!std::isfinite(number))
      throw InputError(images.source + ": image " + std::to_string(i / images.row_size()) +
                       ": a value that is not a number or infinite; remove it from the data");
    low = std::min(low, number), high = std::max(high, number);
    whole = whole && std::floor(number) == number;
  }
  if (whole && low >= 0 && high <= 255 && high > 1) return {};
  Levels levels{low, high > low ? high : low + 1, ""};
  if (low >= 0 && high <= 1) levels.black = 0, levels.white = 1;
  levels.note = "values from " + number_text(levels.black) + " to " + number_text(levels.white) +
                " became levels from 0 to 255";
  return levels;
}

/// The numbers of labels, before classes are counted.
struct Labels {
  std::vector<std::int64_t> numbers;
  std::string note;
};

bool is_one_hot(const NumberArray& labels) {
  const std::int64_t columns = labels.row_size();
  for (std::int64_t row = 0; row < labels.rows(); ++row) {
    double sum = 0;
    for (std::int64_t column = 0; column < columns; ++column) {
      const double number = labels.at(row * columns + column);
      if (number != 0 && number != 1) return false;
      sum += number;
    }
    if (sum != 1) return false;
  }
  return true;
}

Labels labels_of(const NumberArray& labels) {
  const std::int64_t columns = labels.row_size();
  if (labels.shape.size() > 2)
    throw InputError(labels.source + ": the array is " + shape_text(labels.shape) +
                     ", expected one label per record: N, N×1, or N×classes with a single 1 each");
  const bool one_hot = columns > 1 && is_one_hot(labels);
  Labels result;
  if (columns > 1 && !one_hot)
    result.note = "labels have " + std::to_string(columns) + " columns: the first is the class";
  result.numbers.reserve(static_cast<std::size_t>(labels.rows()));
  for (std::int64_t row = 0; row < labels.rows(); ++row) {
    double number = labels.at(row * columns);
    if (one_hot) {
      std::int64_t column = 0;
      while (labels.at(row * columns + column) == 0) ++column;
      number = static_cast<double>(column);
    }
    if (!(std::abs(number) < 1e15) || std::floor(number) != number)
      throw InputError(labels.source + ": record " + std::to_string(row) + ": label " + number_text(number) +
                       " is not a class; networks here learn classes (or the next token), not values");
    result.numbers.push_back(static_cast<std::int64_t>(number));
  }
  return result;
}

/// Where the label of a record lies in its file.
std::string place_of(const NumberArray& labels, std::size_t record) {
  const auto size = static_cast<std::size_t>(labels.row_size()) * size_of(labels.element);
  return labels.source + ": " +
         (labels.begins > 0 ? "offset " + std::to_string(labels.begins + record * size)
                            : "record " + std::to_string(record));
}

void number_classes(const NumberArray& from, const Labels& labels, std::int64_t offset, int classes,
                    bool published, ImageSet& set) {
  set.classes = classes;
  set.labels.reserve(labels.numbers.size());
  for (std::size_t i = 0; i < labels.numbers.size(); ++i) {
    const std::int64_t label = labels.numbers[i] - offset;
    if (label < 0 || label >= classes)
      throw InputError(place_of(from, i) + ": label " + std::to_string(labels.numbers[i]) +
                       " is out of range, expected " + std::to_string(offset) + " to " +
                       std::to_string(offset + classes - 1) +
                       (published ? "; the file is damaged or of another data set (data.name=idx reads any "
                                    "number of classes)"
                                  : "; set data.label_offset to the first class's label"));
    set.labels.push_back(static_cast<std::int32_t>(label));
  }
}

void fill_pixels(const NumberArray& images, const Plan& plan, const Levels& levels, bool transpose,
                 ImageSet& set) {
  const bool as_they_are =
      images.element == Element::u8 && levels.note.empty() && !plan.channels_last && !transpose;
  if (as_they_are) {
    set.pixels = images.bytes;
    return;
  }
  set.pixels.resize(images.bytes.size() / size_of(images.element));
  const std::int64_t area = plan.height * plan.width, size = area * plan.channels;
  std::size_t to = 0;
  for (std::int64_t row = 0; row < images.rows(); ++row)
    for (std::int64_t c = 0; c < plan.channels; ++c)
      for (std::int64_t y = 0; y < set.height; ++y)
        for (std::int64_t x = 0; x < set.width; ++x) {
          const std::int64_t pixel = transpose ? x * plan.width + y : y * plan.width + x;
          const std::int64_t at = plan.channels_last ? pixel * plan.channels + c : c * area + pixel;
          set.pixels[to++] = levels.of(images.at(row * size + at));
        }
}

ImageSet shaped(const Plan& plan, bool transpose) {
  ImageSet set;
  set.channels = static_cast<int>(plan.channels);
  set.height = static_cast<int>(transpose ? plan.width : plan.height);
  set.width = static_cast<int>(transpose ? plan.height : plan.width);
  return set;
}

void check_pair(const ArrayPair& pair) {
  if (pair.images.rows() == pair.labels.rows()) return;
  throw InputError(pair.labels.source + ": " + std::to_string(pair.labels.rows()) + " labels for the " +
                   std::to_string(pair.images.rows()) + " images of " + pair.images.source +
                   "; put arrays of one set there");
}

void add_note(std::string& notes, const std::string& note) {
  if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
}

/// Everything but the pixels.
struct Outline {
  Plan train_plan, test_plan;
  ImageData data;
};

Outline make_outline(const ArrayPair& train, const std::optional<ArrayPair>& test,
                     const ArrayOptions& options) {
  check_pair(train);
  if (test) check_pair(*test);
  Outline outline;
  outline.train_plan = plan_of(train.images);
  outline.data.train = shaped(outline.train_plan, options.transpose);
  const Labels own = labels_of(train.labels), others = test ? labels_of(test->labels) : Labels{};
  std::vector<std::int64_t> all = own.numbers;
  all.insert(all.end(), others.numbers.begin(), others.numbers.end());
  if (all.empty()) throw InputError(train.labels.source + ": there are no records");
  const auto [least, most] = std::minmax_element(all.begin(), all.end());
  if (options.classes == 0 && *least == *most)
    throw InputError(train.labels.source + ": all " + std::to_string(all.size()) + " labels are " +
                     std::to_string(*least) + ": a single class, which leaves nothing to tell apart; " +
                     "put data of two classes or more there");
  const std::int64_t offset = options.label_offset.value_or(options.classes > 0 ? 0 : *least);
  const std::int64_t classes = options.classes > 0 ? options.classes : *most - offset + 1;
  if (classes > most_classes)
    throw InputError(train.labels.source + ": labels go from " + std::to_string(*least) + " to " +
                     std::to_string(*most) + ", which is more than " + std::to_string(most_classes) +
                     " classes; networks here learn classes, not values");
  number_classes(train.labels, own, offset, static_cast<int>(classes), options.classes > 0,
                 outline.data.train);
  add_note(outline.data.train.note, own.note);
  if (!options.label_offset && options.classes == 0 && offset != 0)
    add_note(outline.data.train.note, "labels count from " + std::to_string(offset) + ", which is class 0");
  if (!test) return outline;
  outline.test_plan = plan_of(test->images);
  outline.data.test = shaped(outline.test_plan, options.transpose);
  const ImageSet& a = outline.data.train;
  const ImageSet& b = outline.data.test;
  if (a.channels != b.channels || a.height != b.height || a.width != b.width)
    throw InputError(test->images.source + ": images of " + shape_text({b.channels, b.height, b.width}) +
                     ", those of " + train.images.source + " are " +
                     shape_text({a.channels, a.height, a.width}) + "; put arrays of one set there");
  number_classes(test->labels, others, offset, static_cast<int>(classes), options.classes > 0,
                 outline.data.test);
  add_note(outline.data.test.note, others.note);
  return outline;
}

}  // namespace

ImageData outline_of(const ArrayPair& train, const std::optional<ArrayPair>& test,
                     const ArrayOptions& options) {
  return make_outline(train, test, options).data;
}

ImageData image_data_from(const ArrayPair& train, const std::optional<ArrayPair>& test,
                          const ArrayOptions& options) {
  Outline outline = make_outline(train, test, options);
  const Levels levels = levels_of(train.images);
  fill_pixels(train.images, outline.train_plan, levels, options.transpose, outline.data.train);
  add_note(outline.data.train.note, levels.note);
  if (test) fill_pixels(test->images, outline.test_plan, levels, options.transpose, outline.data.test);
  return std::move(outline.data);
}

ImageSet images_from(const ArrayPair& pair, const ArrayOptions& options) {
  return image_data_from(pair, std::nullopt, options).train;
}

}  // namespace grapevine
