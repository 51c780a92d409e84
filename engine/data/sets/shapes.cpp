// A synthetic image set for machines that have no data at all: ten outlines, each with position, size,
// rotation, stroke, contrast, background texture, a distracting second stroke and noise of its own. With 100
// classes the outline gets one of ten fillings. Every image depends on (seed, index) alone.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/data/data_set.h"

namespace grapevine {
namespace {

constexpr int side = 28;
constexpr double pi = std::numbers::pi;

// SplitMix64 (Steele, Lea, Flood 2014).
class Generator {
 public:
  Generator(std::int64_t seed, std::int64_t index)
      : state_(static_cast<std::uint64_t>(seed) * 0x9e3779b97f4a7c15ULL ^
               static_cast<std::uint64_t>(index) * 0xd1342543de82ef95ULL) {
    next();
  }
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(next() >> 11) * 0x1.0p-53;
  }
  // The sum of four uniforms: near enough to a Gaussian of deviation 1 for pixel noise.
  double noise() {
    const std::uint64_t word = next();
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += static_cast<double>((word >> (16 * i)) & 0xffff) / 65535.0;
    return (sum - 2) * std::sqrt(3.0);
  }

 private:
  std::uint64_t state_;
};

double box(double x, double y, double half_x, double half_y) {
  const double dx = std::abs(x) - half_x, dy = std::abs(y) - half_y;
  return std::hypot(std::max(dx, 0.0), std::max(dy, 0.0)) + std::min(std::max(dx, dy), 0.0);
}

double polygon(double x, double y, int corners, double radius) {
  const double sector = 2 * pi / corners;
  double angle = std::fmod(std::atan2(y, x) + 4 * pi, sector) - sector / 2;
  return std::hypot(x, y) * std::cos(angle) - radius * std::cos(sector / 2);
}

// Signed distance to the outline of a class, in units of the shape's radius; negative inside.
double outline(int form, double x, double y) {
  const double r = std::hypot(x, y);
  switch (form) {
    case 0:
      return r - 0.9;
    case 1:
      return polygon(x, y, 3, 1.05);
    case 2:
      return box(x, y, 0.75, 0.75);
    case 3:
      return polygon(x, y, 5, 1.0);
    case 4:  // cross
      return std::min(box(x, y, 0.95, 0.3), box(x, y, 0.3, 0.95));
    case 5:  // star
      return r - (0.72 + 0.26 * std::cos(5 * std::atan2(y, x)));
    case 6:  // ring
      return std::abs(r - 0.7) - 0.2;
    case 7:  // crescent
      return std::max(r - 0.9, 0.75 - std::hypot(x - 0.45, y));
    case 8:  // bars
      return std::min(box(x, y - 0.5, 0.9, 0.2), box(x, y + 0.5, 0.9, 0.2));
    default:  // L
      return std::min(box(x + 0.5, y, 0.25, 0.9), box(x, y - 0.65, 0.75, 0.25));
  }
}

// The filling inside the outline, in [0, 1].
double filling(int kind, double x, double y) {
  switch (kind) {
    case 1:
      return std::sin(7 * x) > 0 ? 1 : 0.35;
    case 2:
      return std::sin(7 * y) > 0 ? 1 : 0.35;
    case 3:
      return std::sin(5 * (x + y)) > 0 ? 1 : 0.35;
    case 4:
      return std::sin(6 * x) * std::sin(6 * y) > 0 ? 1 : 0.35;
    case 5:
      return std::clamp(0.5 + 0.6 * x, 0.1, 1.0);
    case 6:
      return std::clamp(0.5 + 0.6 * y, 0.1, 1.0);
    case 7:
      return std::sin(9 * std::hypot(x, y)) > 0 ? 1 : 0.35;
    case 8:
      return std::hypot(x, y) < 0.4 ? 0.2 : 1;
    case 9:
      return std::hypot(x, y) < 0.4 ? 1 : 0.3;
    default:
      return 1;
  }
}

struct Line {
  double angle, offset, width, strength;
};

void paint(Generator& random, int label, std::uint8_t* pixels) {
  const int form = label % 10, fill = label / 10;
  const double radius = random.uniform(5.5, 9.0), turn = random.uniform(-0.5, 0.5);
  const double cx = random.uniform(9.5, 17.5), cy = random.uniform(9.5, 17.5),
               stretch = random.uniform(0.85, 1.18);
  const bool outlined = fill == 0 && random.uniform(0, 1) < 0.5;
  const double stroke = random.uniform(0.16, 0.3);
  const double ground = random.uniform(40, 110), contrast = random.uniform(70, 130);
  const double sign = random.uniform(0, 1) < 0.3 ? -1 : 1;
  const double wave = random.uniform(4, 14), wave_x = random.uniform(-0.8, 0.8),
               wave_y = random.uniform(-0.8, 0.8);
  const double phase = random.uniform(0, 2 * pi), noise = random.uniform(8, 22);
  std::array<Line, 2> lines{};
  for (Line& line : lines)
    line = {random.uniform(0, pi), random.uniform(-9, 9), random.uniform(0.6, 1.3), random.uniform(20, 70)};

  const double c = std::cos(turn), s = std::sin(turn);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const double dx = column - cx, dy = row - cy;
      const double x = (c * dx + s * dy) / (radius * stretch), y = (-s * dx + c * dy) / radius * stretch;
      const double distance =
          outlined ? std::abs(outline(form, x, y) + stroke) - stroke : outline(form, x, y);
      // A pixel's edge is one pixel wide: coverage falls from 1 to 0 over it.
      const double coverage = std::clamp(0.5 - distance * radius, 0.0, 1.0);
      double value = ground + wave * std::sin(wave_x * column + wave_y * row + phase);
      for (const Line& line : lines) {
        const double d =
            std::abs(std::cos(line.angle) * (column - 14) + std::sin(line.angle) * (row - 14) - line.offset);
        value += line.strength * std::clamp(line.width - d + 0.5, 0.0, 1.0);
      }
      value += sign * contrast * coverage * filling(fill, x, y) + noise * random.noise();
      if (sign < 0) value += 60;  // dark shapes stand on a lighter ground
      pixels[row * side + column] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
}

constexpr std::int64_t train_images = 10000, test_images = 2000;

ImageData make(const DataRequest& request, const DataDescriptor& data, const FoundFiles&, const WorkHooks&) {
  const int classes = request.classes > 0 ? request.classes : data.classes;
  const std::int64_t train = request.train_limit > 0 ? request.train_limit : train_images;
  const std::int64_t test = request.test_limit > 0 ? request.test_limit : test_images;
  // Test images lie far behind all training images of the same seed: nothing is shared.
  constexpr std::int64_t test_begins = std::int64_t{1} << 40;
  return {make_shapes(request.seed, 0, train, classes),
          make_shapes(request.seed, test_begins, test, classes)};
}

}  // namespace

DataDescriptor describe_data_shapes() {
  return {
      .key = "shapes",
      .name = "Shapes",
      .help = "Synthetic shapes with noise, 28×28 grey, 10 or 100 classes; made on the fly, needs no files",
      .how_to_get = "nothing to get: it is made on the fly",
      .class_counts = {10, 100}};
}

DataSet data_set_shapes() {
  return {.read = make};
}

ImageSet make_shapes(std::int64_t seed, std::int64_t first, std::int64_t count, int classes) {
  ImageSet set;
  set.height = set.width = side;
  set.classes = classes;
  set.pixels.resize(static_cast<std::size_t>(count * side * side));
  set.labels.resize(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    Generator random(seed, first + i);
    const int label = static_cast<int>(random.next() % static_cast<std::uint64_t>(classes));
    set.labels[static_cast<std::size_t>(i)] = label;
    paint(random, label, set.pixels.data() + i * side * side);
  }
  return set;
}

}  // namespace grapevine
