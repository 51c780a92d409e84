// How each data set's files may lie.
#include "engine/data/locate.h"

namespace grapevine {
namespace {

std::vector<std::string> idx_names(const std::string& stem) {
  std::string dotted = stem;  // some copies write "train-images.idx3-ubyte"
  dotted[dotted.rfind("-idx")] = '.';
  return {stem, stem + ".gz", dotted, dotted + ".gz"};
}

/// CIFAR: the binary version, and python's pickles, whose names have no ending.
std::vector<Layout> cifar_layouts(const std::vector<std::string>& stems) {
  Layout binary, pickles;
  for (const std::string& stem : stems) {
    binary.roles.push_back({stem + ".bin"});
    pickles.roles.push_back({stem});
  }
  return {binary, pickles};
}

std::vector<Layout> layouts_of(const std::string& name) {
  if (name == "mnist" || name == "fashion_mnist")
    return {Layout{{idx_names("train-images-idx3-ubyte"), idx_names("train-labels-idx1-ubyte"),
                    idx_names("t10k-images-idx3-ubyte"), idx_names("t10k-labels-idx1-ubyte")}}};
  if (name == "cifar10")
    return cifar_layouts(
        {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"});
  if (name == "cifar100") return cifar_layouts({"train", "test"});
  if (name == "tiny_imagenet") return {Layout{{{"wnids.txt"}, {"val/val_annotations.txt"}}}};
  if (name == "wikitext2" || name == "wikitext103")
    return {Layout{{{"wiki.train.tokens"}, {"wiki.valid.tokens"}, {"wiki.test.tokens"}}}};
  return {};
}

}  // namespace

FoundFiles find_data_files(const DataRequest& request) {
  const std::vector<Layout> layouts = layouts_of(request.name);
  return layouts.empty() ? FoundFiles{} : find_files(request, layouts);
}

std::string locate_data(const DataRequest& request) {
  return find_data_files(request).folder;
}

}  // namespace grapevine
