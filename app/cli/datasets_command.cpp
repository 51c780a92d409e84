// datasets: which are there, and how to get the others. A set is there if its first records can be read.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/data_sets.h"
#include "app/cli/table.h"
#include "engine/data/image_set.h"
#include "engine/data/text_set.h"
#include "engine/error.h"
#include "engine/training/registry.h"

namespace grapevine::cli {
namespace {

nlohmann::json document_of(const DataSetState& state) {
  const DataDescriptor& known = *find_data(state.key);
  nlohmann::json document = {{"name", known.key},
                             {"title", known.name},
                             {"help", known.help},
                             {"present", state.present},
                             {"kind", known.text ? "text" : "images"},
                             {"train", known.train_count},
                             {"test", known.test_count},
                             {"how_to_get", state.how_to_get}};
  if (known.text) {
    document["validation"] = known.validation_count;
  } else {
    document["shape"] = {known.channels, known.height, known.width};
    document["classes"] = known.classes;
  }
  if (!state.trouble.empty()) document["trouble"] = state.trouble;
  return document;
}

}  // namespace

std::vector<DataSetState> look_for_data_sets() {
  std::vector<DataSetState> states;
  for (const DataDescriptor& known : data_sets()) {
    DataSetState state{known.key, false, "", known.how_to_get};
    try {
      DataRequest request;
      request.name = known.key;
      request.train_limit = request.test_limit = 1;
      if (known.text)
        find_text_files(request);
      else if (known.key == "tiny_imagenet")
        find_tiny_imagenet(request);
      else
        load_images(request);
      state.present = true;
    } catch (const Error& error) {
      state.trouble = error.what();
    }
    states.push_back(std::move(state));
  }
  return states;
}

int datasets_command(const Options& options) {
  const std::vector<DataSetState> states = look_for_data_sets();
  if (options.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const DataSetState& state : states) list.push_back(document_of(state));
    print_json({{"datasets", list}});
    return 0;
  }
  Table table({"data.name", "there", "", ""}, {});
  for (const DataSetState& state : states) {
    const DataDescriptor& known = *find_data(state.key);
    const std::string count =
        known.train_count > 0 ? with_thousands(known.train_count) + " + " + with_thousands(known.test_count)
                              : "";
    table.add({known.key, state.present ? "yes" : "no", count, known.help});
  }
  print(table.text());
  for (const DataSetState& state : states) {
    if (!state.present) print("\n" + state.key + ": " + clean(state.how_to_get) + "\n");
  }
  return 0;
}

}  // namespace grapevine::cli
