// What the engine knows of a type of layer: its sizes, its cost and how it is made. A type is one header
// (what a file may say of it, plain C++), one source with these and one line in nn/layers/layers.def. Worker
// thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/nn/layer.h"

namespace grapevine {

/// Without the batch axis.
using Shape = std::vector<std::int64_t>;
std::int64_t product(const Shape& shape);
/// "3×32×32"
std::string show(const Shape& shape);

struct LayerCost {
  double multiply_adds = 0;
  std::int64_t parameters = 0;
  double values =
      0;  ///< of one sample that stay for the backward pass: results, and what a layer adds to them
  /// The fewest values of one sample that any norm over the batch takes its statistics of; 0 = there is none.
  std::int64_t least_norm_values = 0;
};

/// What the layers so far say about those that follow.
struct KnownSizes {
  struct Cut {
    Shape part, carried;
  };
  std::int64_t words = 0;       ///< of a text's vocabulary
  std::vector<Cut> forks = {};  ///< those that are not joined yet
};

/// A layer's place in a network whose shapes are followed from the input on.
class Site {
 public:
  Site(std::string path, Shape& shape_here, LayerCost& cost_so_far)
      : shape(shape_here), cost(cost_so_far), path_(std::move(path)) {}

  Shape& shape;     ///< what comes in, and when the layer is measured what goes out
  LayerCost& cost;  ///< to be added to

  /// Throws InputError: the layer expects `want` but gets `got` (the shape here).
  [[noreturn]] void misfit(const LayerSpec& layer, const std::string& want) const {
    misfit(layer, want, shape);
  }
  [[noreturn]] void misfit(const LayerSpec& layer, const std::string& want, const Shape& got) const;
  void need_features(const LayerSpec& layer, std::int64_t features) const;
  /// Of so many channels; 0 = any.
  void need_image(const LayerSpec& layer, std::int64_t channels = 0) const;
  /// What a kernel with stride and padding leaves of an image's sides.
  void slide_window(const LayerSpec& layer) const;
  /// Measures the layers of a layer's part ("body") one after the other; `inner` becomes what goes out.
  void walk(const std::vector<LayerSpec>& layers, const char* part, Shape& inner) const;
  /// The same, and gives them the sizes that follow.
  void infer(std::vector<LayerSpec>& layers, const char* part, Shape& inner, KnownSizes& known) const;

 private:
  std::string path_;
};

/// What becomes of a sample's features.
enum class Features {
  mixed,  ///< new ones, from several of them or by parameters
  kept,   ///< as many in the same order, at most scaled by one factor
  alone,  ///< each by itself, without parameters: the Jacobian is diagonal
};

struct LayerEntry {
  /// Throws InputError for impossible sizes.
  std::unique_ptr<Layer> (*make)(const LayerSpec& layer) = nullptr;
  /// Checks what comes in, and says what goes out and what that takes; nullptr: the same shape for nothing.
  void (*measure)(const LayerSpec& layer, const Site& site) = nullptr;
  /// Fills sizes that were left out (0) from what comes in; nullptr: there are none.
  void (*infer)(LayerSpec& layer, const Site& site, KnownSizes& known) = nullptr;
  /// "linear 784→512"; nullptr: the type's name.
  std::string (*describe)(const LayerSpec& layer) = nullptr;
  Features features = Features::mixed;
  bool embeds = false;             ///< takes token numbers
  bool mixes_tokens = false;       ///< takes all rows of a text as one
  bool carries_its_input = false;  ///< besides its result; only the result is a feedback point's
};

const LayerEntry& layer_entry(LayerKind kind);

/// What a layer makes of a sample's shape. Throws InputError where it does not fit.
Shape shape_behind(const LayerSpec& layer, Shape shape);

/// For make(): throws InputError that names the layer unless it is `fine`.
void demand(const LayerSpec& layer, bool fine, const char* what);

}  // namespace grapevine
