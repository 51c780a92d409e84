// datasets: which are there, where they were looked for, and how to get the others.
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/data_sets.h"
#include "app/cli/fetch_data_set.h"
#include "app/cli/table.h"
#include "engine/data/data_set.h"
#include "engine/data/locate.h"
#include "engine/data/text_set.h"
#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/registry.h"

namespace grapevine::cli {
namespace {

nlohmann::json document_of(const DataSetState& state) {
  const DataDescriptor& known = *find_data(state.key);
  nlohmann::json document = {{"name", known.key},
                             {"title", known.name},
                             {"help", known.help},
                             {"present", state.present},
                             {"folder", state.folder},
                             {"looked_in", state.folders},
                             {"kind", known.text ? "text" : "images"},
                             {"train", known.train_count},
                             {"test", known.test_count},
                             {"command", state.command},
                             {"how_to_get", state.how_to_get}};
  if (known.text) {
    document["validation"] = known.validation_count;
  } else {
    document["shape"] = {known.channels, known.height, known.width};
    document["classes"] = known.classes;
  }
  if (known.own) document["own"] = true;
  if (!state.trouble.empty()) document["trouble"] = state.trouble;
  return document;
}

void look_at(const DataDescriptor& known, DataSetState& state, bool through, const WorkHooks& hooks) {
  DataRequest request;
  request.name = known.key;
  const bool large = find_data_set(known.key)->takes_long;
  if (!through || !large) request.train_limit = request.test_limit = 1;
  try {
    state.folder = locate_data(request);
    if (through && known.text)
      check_text(request, hooks);
    else if (through || !large)
      load_images(request, hooks);
    state.present = true;
  } catch (const RunError& error) {  // the machine's trouble, which another copy would not mend
    if (through) throw;
    state.trouble = error.what();
  } catch (const Error& error) {
    state.trouble = error.what();
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

DataSetState look_for_data_set(const DataDescriptor& known, bool through, const WorkHooks& hooks) {
  DataSetState state;
  state.key = known.key;
  state.command = get_command(known.key);
  state.how_to_get = (state.command.empty() ? "" : state.command + ", or ") + known.how_to_get;
  DataRequest request;
  request.name = known.key;
  if (known.train_count > 0) state.folders = data_folders(request);
  if (!known.own) look_at(known, state, through, hooks);  // where own files lie, data.dir will say
  return state;
}

std::vector<DataSetState> look_for_data_sets() {
  std::vector<DataSetState> states;
  for (const DataDescriptor& known : data_sets()) states.push_back(look_for_data_set(known));
  return states;
}

namespace {

int run(const Options& options, const DatasetsOptions& own) {
  if (!own.action.empty()) return fetch_data_set(options, own);
  if (!own.from.empty()) throw InputError("--from goes with get: grapevine-cli datasets get NAME --from URL");
  const std::vector<DataSetState> states = look_for_data_sets();
  if (options.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const DataSetState& state : states) list.push_back(document_of(state));
    print_json({{"datasets", list}});
    return 0;
  }
  Table table({key_of(&DataSettings::name), "there", "", ""}, {});
  for (const DataSetState& state : states) {
    const DataDescriptor& known = *find_data(state.key);
    const std::string count =
        known.train_count > 0 ? with_thousands(known.train_count) + " + " + with_thousands(known.test_count)
                              : "";
    table.add({known.key, known.own ? "own" : state.present ? "yes" : "no", count, known.help});
  }
  print(table.text());
  for (const DataSetState& state : states) {
    if (state.present && state.folder.empty()) continue;
    print("\n" + state.key + ": ");
    if (state.present)
      print("in " + clean(state.folder) + "\n");
    else if (find_data(state.key)->own)
      print(clean(state.how_to_get) + "\n");
    else if (state.folder.empty())
      print("looked for in " + clean(joined(state.folders)) + "\n  to get it: " + clean(state.how_to_get) +
            "\n");
    else
      print(clean(state.trouble) + "\n");
  }
  return 0;
}

void describe(Usage& usage, DatasetsOptions& own) {
  usage.add("ACTION", &own.action, "Without an action: which are there, and where they were looked for")
      .one_of({{"get", "NAME", "fetch, check and unpack a data set"}});
  usage.add("NAME", &own.name, "get: the data set (data.name)").completed_by(Completes::data_set);
  usage.add("--from", &own.from, "get: fetch the files from this folder of a mirror instead").shown_as("URL");
}

}  // namespace

Command datasets_command() {
  return make_command<DatasetsOptions>(
      {"datasets", "List the data sets and where they are; get NAME downloads one",
       "Data sets are fetched into the cache folder (~/.cache/grapevine/NAME, or cache/NAME below the folder "
       "of "
       "--data-dir). A download that was interrupted continues from where it stopped. Files are checked "
       "against the "
       "published MD5 sums and unpacked next to their place: under its name a data set is complete."},
      describe, run);
}

}  // namespace grapevine::cli
