// Sizes and MD5 sums: those of torchvision (MNIST, Fashion-MNIST), torchtext (WikiText) and the CIFAR page;
// Tiny ImageNet has none of its publisher's, the sum is the one that loaders of it agree on.
#include "engine/data/data_source.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/data/places.h"
#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shell_word.h"

namespace grapevine {
namespace {

constexpr std::int64_t megabyte = 1'000'000;

DataSource idx_source(const char* key, const std::vector<std::string>& folders,
                      const std::int64_t (&sizes)[4], const char* const (&sums)[4]) {
  DataSource source;
  source.key = key;
  const char* const names[] = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                               "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"};
  for (int i = 0; i < 4; ++i) source.files.push_back({names[i], folders, sizes[i], sums[i]});
  return source;
}

DataSource archive(const char* key, const char* name, const std::vector<std::string>& folders,
                   std::int64_t size, const char* sum, std::int64_t unpacked) {
  return {key, {{name, folders, size, sum}}, true, unpacked};
}

std::vector<DataSource> make_table() {
  const std::vector<std::string> toronto{"https://www.cs.toronto.edu/~kriz"};
  const std::vector<std::string> wikitext{"https://wikitext.smerity.com",
                                          "https://s3.amazonaws.com/research.metamind.io/wikitext"};
  return {
      idx_source("mnist",
                 {"https://ossci-datasets.s3.amazonaws.com/mnist",
                  "https://storage.googleapis.com/cvdf-datasets/mnist"},
                 {9912422, 28881, 1648877, 4542},
                 {"f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
                  "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"}),
      idx_source("fashion_mnist",
                 {"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
                  "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"},
                 {26421880, 29515, 4422102, 5148},
                 {"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
                  "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"}),
      archive("cifar10", "cifar-10-binary.tar.gz", toronto, 170052171, "c32a1d4ab5d03f1284b67883e8d87530",
              185 * megabyte),
      archive("cifar100", "cifar-100-binary.tar.gz", toronto, 168513733, "03b5dce01913d631647c71ecec9e9cb8",
              185 * megabyte),
      archive("tiny_imagenet", "tiny-imagenet-200.zip", {"http://cs231n.stanford.edu"}, 248100043,
              "90528d7ca1a48142e341f4ef8d21d0de", 500 * megabyte),  // 120,000 files in blocks of 4 KiB
      archive("wikitext2", "wikitext-2-v1.zip", wikitext, 0, "542ccefacc6c27f945fb54453812b3cd",
              14 * megabyte),
      archive("wikitext103", "wikitext-103-v1.zip", wikitext, 0, "9ddaacaf6af0710eda8c456decff7832",
              550 * megabyte),
  };
}

DataSource from_json(const std::string& key, const nlohmann::json& json) {
  DataSource source;
  source.key = key;
  source.archive = json.value("archive", false);
  source.unpacked = json.value("unpacked", std::int64_t{0});
  for (const auto& file : json.at("files"))
    source.files.push_back({file.at("name"), file.at("folders").get<std::vector<std::string>>(),
                            file.value("size", std::int64_t{0}), file.value("md5", "")});
  return source;
}

/// The table with what the environment puts before it.
std::map<std::string, DataSource, std::less<>> all_sources() {
  std::map<std::string, DataSource, std::less<>> all;
  for (DataSource& source : make_table()) all[source.key] = std::move(source);
  const char* file = std::getenv("GRAPEVINE_DATA_SOURCES");
  if (!file || !*file) return all;
  std::ifstream in(file);
  try {
    const nlohmann::json table = nlohmann::json::parse(in);
    for (const auto& [key, json] : table.items()) all[key] = from_json(key, json);
  } catch (const nlohmann::json::exception& error) {
    throw InputError("GRAPEVINE_DATA_SOURCES=" + std::string(file) +
                     " is no table of data sources: " + error.what());
  }
  return all;
}

}  // namespace

const DataSource* find_source(std::string_view key) {
  static const auto all = all_sources();
  const auto found = all.find(key);
  return found == all.end() ? nullptr : &found->second;
}

std::vector<std::string> source_keys() {
  std::vector<std::string> keys;
  for (const DataDescriptor& data : data_sets())
    if (find_source(data.key)) keys.push_back(data.key);
  return keys;
}

std::string get_command(const std::string& key) {
  if (!find_source(key)) return "";
  return "grapevine-cli datasets get " + key +
         (data_dir().empty() ? "" : " --data-dir " + shell_quoted(data_dir()));
}

}  // namespace grapevine
