#include "engine/data/data_source.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/data/data_set.h"
#include "engine/data/places.h"
#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/shell_word.h"

namespace grapevine {
namespace {

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

/// The sets' own with what the environment puts before it.
std::map<std::string, DataSource, std::less<>> all_sources() {
  std::map<std::string, DataSource, std::less<>> all;
  for (const DataDescriptor& data : data_sets())
    if (const DataSet* set = find_data_set(data.key); set && set->source) all[data.key] = *set->source;
  const char* file = std::getenv("GRAPEVINE_DATA_SOURCES");
  if (!file || !*file) return all;
  std::ifstream in(file);
  try {
    const nlohmann::json table = nlohmann::json::parse(in);
    for (const auto& [key, json] : table.items()) all[key] = from_json(key, json);
  } catch (const nlohmann::json::exception& error) {
    throw InputError("GRAPEVINE_DATA_SOURCES=" + std::string(file) +
                     " is not a valid table of data sources: " + error.what());
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
