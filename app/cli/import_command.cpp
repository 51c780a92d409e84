// import: runs from elsewhere taken into the database; or parameters, as the start of a new run.
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/files/home.h"
#include "engine/plans/plan.h"
#include "engine/runs/import_file.h"

namespace grapevine::cli {
namespace {

struct ImportOptions {
  std::vector<std::string> files;
  std::string into;
};

std::string counted(std::int64_t count, const char* one, const char* many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

/// --into: a new run that starts from the parameters in a file.
int start_from_parameters(const Options& options, const ImportOptions& own) {
  if (own.files.size() != 1)
    throw InputError("import --into takes one file of parameters, and not " +
                     std::to_string(own.files.size()));
  Overrides overrides = options.overrides();
  overrides.sets.push_back("model.weights=" + with_home(own.files.front()));
  LaunchRequest request;
  request.plan = load_plan(own.into, overrides);
  return carry_out(options, std::move(request));
}

int take_in_all(const Options& options, const ImportOptions& own) {
  ImportedCurves all;
  for (const std::string& name : own.files) {
    add_import(all, import_file(options.database_path(), with_home(name)));
    if (!all.disk.empty()) break;
  }
  for (const std::string& why : all.left) complain(why);
  if (options.json) {
    print_json({{"runs", all.taken},
                {"known", all.known},
                {"checkpoints", all.checkpoints},
                {"left_out", all.left},
                {"notes", all.notes}});
  } else if (!options.quiet) {
    for (const std::string& note : all.notes) print(clean(note) + "\n");
    std::string ids;
    for (const std::int64_t id : all.taken) ids += (ids.empty() ? ": " : ", ") + std::to_string(id);
    print(counted(static_cast<std::int64_t>(all.taken.size()), "run", "runs") + " taken in" + ids + "; " +
          counted(all.known, "run was", "runs were") + " here already\n");
  }
  return all.left.empty() ? 0 : 1;
}

int run(const Options& options, const ImportOptions& own) {
  if (!own.into.empty()) return start_from_parameters(options, own);
  return stoppable(options, "runs that were taken in whole stay, and importing again takes the rest",
                   [&] { return take_in_all(options, own); });
}

void describe(Usage& usage, ImportOptions& own) {
  usage
      .add("FILE", &own.files,
           "A run file, another Grapevine database, or curves as CSV: a column step and one column per "
           "measure; "
           "with "
           "--into a file of parameters (pt, safetensors or npz, as export and PyTorch write them)")
      .completed_by(Completes::file)
      .must_be_given();
  usage
      .add("--into", &own.into,
           "Start a run from a file of parameters: the experiment file, or preset's name, whose network "
           "takes them")
      .shown_as("EXPERIMENT.json", Completes::experiment);
}

}  // namespace

Command import_command() {
  return make_command<ImportOptions>(
      {"import",
       "Import runs of another database or curves of another program, or start a run from parameters",
       "A run that is here already, by its uuid, stays as it is; importing it twice is harmless. A CSV file "
       "has a line of "
       "names, "
       "then numbers: step, and test_accuracy, train_loss, cos_b_j[2] … (epoch and seconds where they are "
       "known); or "
       "the form that export writes, with a column measure and one value; or what TensorBoard downloads, in "
       "a "
       "file with the measure's name. Fields are separated by commas, semicolons (numbers may have decimal "
       "commas then) or tabs; accuracies in percent are divided by 100. Such runs have curves and no "
       "settings. With --into it is the same as train, or race, of that experiment with --set "
       "model.weights=FILE: "
       "where names or shapes don't fit, what the network wants and what the file has is listed.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
