#include "engine/experiment/groups/model_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/layer_type.h"
#include "engine/experiment/registry.h"

namespace grapevine {

void ModelSettings::bind(Binder& to) {
  TextList keys;
  for (const ModelDescriptor& model : models()) keys.push_back(model.key);
  WordsOf<LayerKind> activations;
  for (const LayerType& layer : layer_types())
    if (layer.is_activation) activations.emplace_back(layer.name(), layer.kind);
  auto model = to.word(name, "name", keys, "the architecture").labelled("Architecture");
  for (const ModelDescriptor& each : models()) model.choice_named(each.key, each.name, each.help);
  to.integers(hidden, "hidden", at_least(1).at_most(65536), "widths of the hidden layers")
      .only_where(model.is({model_keys::mlp}));
  to.choice(classic, "width", {{"wide", false}, {"classic", true}},
            "32-64-128 channels with padding, or the classic 6-16-120-84 without")
      .only_where(model.is({model_keys::lenet5}));
  to.segments(segments, "segments",
              "the layers of a custom network, one list per segment; what follows from the shape before (in, "
              "features) may be left out")
      .only_where(model.is({model_keys::custom}));
  to.choice(init, "init",
            {{"uniform_fan_in", WeightInit::uniform_fan_in},
             {"he", WeightInit::he},
             {"xavier", WeightInit::xavier},
             {"zero", WeightInit::zero}},
            "how weights start; uniform_fan_in is U(±1/√fan_in); biases start at 0");
  to.text(weights, "weights",
          "a file of parameters to start from (pt, safetensors or npz, as grapevine-cli export and PyTorch "
          "write them) in "
          "place of "
          "model.init; empty = none")
      .labelled("Starting weights");
  to.choice(activation, "activation", activations, "the hidden layers' function")
      .choice_named(LayerKind::relu, "ReLU")
      .choice_named(LayerKind::gelu, "GELU");
  to.toggle(batch_norm, "batch_norm", "batch norm after each convolution")
      .only_where(model.is({model_keys::lenet5, model_keys::alexnet}));
  const Condition transformer = model.is({model_keys::transformer});
  to.integer(d_model, "d_model", at_least(1).at_most(65536), "features of a token")
      .labelled("Token width")
      .only_where(transformer);
  to.integer(d_ff, "d_ff", at_least(1).at_most(65536), "features inside a block's feed-forward part")
      .labelled("Feed-forward width")
      .only_where(transformer);
  to.integer(depth, "depth", at_least(1).at_most(256), "encoder blocks")
      .labelled("Blocks")
      .only_where(transformer);
  to.integer(heads, "heads", at_least(1).at_most(1024), "attention heads; they divide model.d_model evenly")
      .labelled("Attention heads")
      .only_where(transformer);
  to.choice(large_classifier, "classifier", {{"small", false}, {"large", true}},
            "one linear layer, or 4096-4096 with dropout")
      .only_where(model.is({model_keys::vgg16}));
  to.number(dropout, "dropout", at_least(0).below(1), "fraction of hidden activations set to zero");
  to.choice(micro, "feedback_points", {{"macro", false}, {"micro", true}},
            "where feedback arrives in models of blocks: after each block, or inside it too");
}

ModelSettings ModelSettings::of(const Experiment& experiment) {
  return settings_from<ModelSettings>(experiment);
}

}  // namespace grapevine
