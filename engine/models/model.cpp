#include "engine/models/model.h"

#include "engine/data/image_set.h"
#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/registry.h"
#include "engine/nn/network.h"

namespace grapevine {

#define GRAPEVINE_MODEL(key) NetworkSpec build_##key(const ModelSettings& model, const DataShape& data);
#include "engine/models/models.def"
#undef GRAPEVINE_MODEL

NetworkSpec build_model(const Experiment& experiment, const DataShape& shape) {
  const ModelSettings model = ModelSettings::of(experiment);
  DataShape data = shape;
  data.name = DataSettings::of(experiment).name;
  if (const DataDescriptor* described = find_data(data.name)) data.text = described->text;
  NetworkSpec spec;
#define GRAPEVINE_MODEL(key) \
  if (model.name == #key) spec = build_##key(model, data);
#include "engine/models/models.def"
#undef GRAPEVINE_MODEL
  if (spec.segments.empty()) throw InputError("model.name: there is no model '" + model.name + "'");
  const RuleDescriptor* rule = find_rule(experiment.rule());
  if (rule && rule->scales_inputs)
    for (std::size_t l = 1; l < spec.segments.size(); ++l)
      spec.segments[l].insert(spec.segments[l].begin(), plain_layer(LayerKind::rms_norm));
  try {
    measure_cost(spec);
  } catch (const InputError& error) {
    throw InputError("model.name=" + model.name + " does not fit data.name=" + data.name + ": " +
                     error.what());
  }
  return spec;
}

DataShape data_shape(const Experiment& experiment) {
  const DataSettings asked = DataSettings::of(experiment);
  const DataDescriptor* data = find_data(asked.name);
  if (!data) throw InputError("data.name: there is no data set '" + asked.name + "'");
  if (data->text) return {{asked.context}, asked.vocabulary};
  const ImageFacts facts = image_facts(data_request(asked, 0));
  const std::int64_t side = asked.resize;
  return {{facts.channels, side > 0 ? side : facts.height, side > 0 ? side : facts.width}, facts.classes};
}

LayerSpec plain_layer(LayerKind kind) {
  LayerSpec layer;
  layer.kind = kind;
  return layer;
}

LayerSpec activation_layer(const ModelSettings& model) {
  return plain_layer(model.activation);
}

LayerSpec linear_layer(std::int64_t in, std::int64_t out) {
  LayerSpec layer = plain_layer(LayerKind::linear);
  layer.in = in;
  layer.out = out;
  return layer;
}

LayerSpec conv_layer(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t padding) {
  LayerSpec layer = linear_layer(in, out);
  layer.kind = LayerKind::conv2d;
  layer.kernel = kernel;
  layer.padding = padding;
  return layer;
}

LayerSpec pool_layer(LayerKind kind, std::int64_t kernel, std::int64_t stride) {
  LayerSpec layer = plain_layer(kind);
  layer.kernel = kernel;
  layer.stride = stride;
  return layer;
}

LayerSpec batch_norm_layer(std::int64_t features) {
  LayerSpec layer = plain_layer(LayerKind::batch_norm2d);
  layer.features = features;
  return layer;
}

LayerSpec dropout_layer(double rate) {
  LayerSpec layer = plain_layer(LayerKind::dropout);
  layer.rate = rate;
  return layer;
}

}  // namespace grapevine
