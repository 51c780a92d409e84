#include "engine/experiment/other_names.h"

#include <algorithm>
#include <map>

#include "engine/experiment/nearest.h"
#include "engine/experiment/settings.h"

namespace grapevine {

std::string key_meant(std::string_view given) {
  // Without what tells spellings apart: --batch-size, batch_size, batchSize.
  const auto bare = [](std::string_view word) {
    std::string low = in_lower_case(word);
    std::erase_if(low, [](char c) { return c == '-' || c == '_' || c == ' '; });
    return low;
  };
  static const std::map<std::string, std::string> elsewhere{{"lr", "optimizer.lr"},
                                                            {"learningrate", "optimizer.lr"},
                                                            {"stepsize", "optimizer.lr"},
                                                            {"batchsize", "train.batch"},
                                                            {"bs", "train.batch"},
                                                            {"minibatch", "train.batch"},
                                                            {"epochs", "train.epochs"},
                                                            {"epoch", "train.epochs"},
                                                            {"numepochs", "train.epochs"},
                                                            {"nepochs", "train.epochs"},
                                                            {"maxepochs", "train.epochs"},
                                                            {"steps", "train.max_steps"},
                                                            {"iterations", "train.max_steps"},
                                                            {"wd", "optimizer.weight_decay"},
                                                            {"dataset", "data.name"},
                                                            {"datadir", "data.dir"},
                                                            {"dataroot", "data.dir"},
                                                            {"network", "model.name"},
                                                            {"architecture", "model.name"},
                                                            {"arch", "model.name"},
                                                            {"hiddensizes", "model.hidden"},
                                                            {"scheduler", "schedule.name"},
                                                            {"randomseed", "seed"},
                                                            {"numthreads", "threads"},
                                                            {"gpu", "device"},
                                                            {"learningrule", "rule.name"}};
  const std::string word = bare(given);
  if (word.empty()) return "";
  if (const auto known = elsewhere.find(word); known != elsewhere.end()) return known->second;
  for (const Setting& setting : experiment_settings())
    if (setting.key.ends_with(".name") && bare(setting.key.substr(0, setting.key.rfind('.'))) == word)
      return setting.key;
  return "";
}

}  // namespace grapevine
