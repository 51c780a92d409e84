// slurm: a sweep as a job array. Every job trains its share of the cells into a database of its own; a line
// merges them.
#include <algorithm>
#include <climits>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "engine/error.h"
#include "engine/experiment/shell_word.h"
#include "engine/files/careful_file.h"
#include "engine/files/home.h"
#include "engine/plans/sweep.h"
#include "engine/plans/sweep_presets.h"

namespace grapevine::cli {
namespace {

namespace fs = std::filesystem;

/// Slurm's own limit to an array's size, unless an administrator changed it.
constexpr int most_jobs = 1000;

struct SlurmOptions {
  std::string grid, folder;
  int jobs = 0;  ///< 0 = one a cell, as far as Slurm takes so many
};

std::string own_program() {
  std::error_code trouble;
  const fs::path program = fs::read_symlink("/proc/self/exe", trouble);
  return trouble ? "grapevine-cli" : program.string();
}

/// --set and the options like it, as they were given here: what they say belongs to the sweep.
std::string settings_of(const Options& options) {
  std::string text;
  for (const std::string& set : options.overrides().sets) {
    if (set.starts_with("threads=")) continue;  // a job has what Slurm gives it
    text += " --set " + shell_quoted(set);
  }
  return text;
}

std::string batch_script(const Options& options, const fs::path& folder, int jobs) {
  const std::string task = "\"$SLURM_ARRAY_TASK_ID\"";
  return "#!/bin/bash\n"
         "# Submit this file with sbatch.\n"
         "#SBATCH --job-name=grapevine\n"
         "#SBATCH --array=1-" +
         std::to_string(jobs) +
         "\n"
         "#SBATCH --cpus-per-task=1\n"
         "set -euo pipefail\n"
         "# Started again, a job continues where it stopped.\n"
         "cd " +
         shell_quoted(fs::current_path().string()) + "\nfolder=" + shell_quoted(folder.string()) +
         "\nprogram=" + shell_quoted(own_program()) +
         "\n"
         "exec \"${GRAPEVINE_CLI:-$program}\" sweep \"$folder/grid.json\" --cells " +
         task + "/" + std::to_string(jobs) + settings_of(options) +
         " \\\n  --threads \"${SLURM_CPUS_PER_TASK:-1}\" --db \"$folder/databases/$SLURM_ARRAY_TASK_ID.db\" "
         "--quiet\n";
}

std::string merge_line(const Options& options, const fs::path& folder) {
  std::string line = "grapevine-cli db merge " + shell_quoted((folder / "databases").string()) + "/*.db";
  if (!options.database.empty())
    line += " --db " + shell_quoted(fs::absolute(options.database_path()).string());
  return line;
}

/// Made with what leads to it; what was made goes again, unless it is kept.
class NewFolder {
 public:
  explicit NewFolder(const fs::path& folder) {
    std::error_code trouble, none;
    for (fs::path each = folder; !fs::exists(fs::symlink_status(each, none)) && each.has_relative_path();
         each = each.parent_path())
      made_.push_back(each);
    fs::create_directories(folder, trouble);
    if (!trouble) return;
    remove();
    const std::string why = "can't make the folder " + folder.string() + ": " + trouble.message();
    if (is_of_the_disk(trouble.value())) throw RunError(why);
    throw InputError(why);
  }
  ~NewFolder() { remove(); }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  void keep() { made_.clear(); }

 private:
  void remove() {
    std::error_code none;
    for (const fs::path& each : made_) fs::remove(each, none);  // unless something is in it by now
  }
  std::vector<fs::path> made_;
};

/// All of them or none: half a job array could be sent off.
void write_together(const std::vector<std::pair<std::string, std::string>>& contents) {
  std::vector<std::unique_ptr<CarefulFile>> files;
  std::vector<CarefulFile*> all;
  for (const auto& [path, content] : contents) {
    refuse_to_replace_data(path);
    files.push_back(std::make_unique<CarefulFile>(path));
    files.back()->put(content);
    all.push_back(files.back().get());
  }
  place_together(all);
}

int run(const Options& options, const SlurmOptions& own) {
  if (own.folder.empty()) throw InputError("slurm: --output names no folder; name the one to write to");
  const std::string file = with_home(own.grid);
  const std::string grid = sweep_document(file);  // once: it may be a pipe
  const Sweep sweep = make_sweep(grid, file, options.overrides());
  const int cells = static_cast<int>(std::min<std::size_t>(sweep.cells.size(), INT_MAX));
  const int jobs = own.jobs > 0 ? std::min(own.jobs, cells) : std::min(most_jobs, cells);
  const fs::path folder = fs::absolute(with_home(own.folder)).lexically_normal();
  NewFolder made(folder / "databases");
  const std::string script = (folder / "sweep.sbatch").string(), merge = merge_line(options, folder);
  write_together({{(folder / "grid.json").string(), grid},
                  {script, batch_script(options, folder, jobs)},
                  {(folder / "merge.sh").string(),
                   "#!/bin/sh\n# Brings the results home; twice is harmless.\n" + merge + "\n"}});
  made.keep();
  if (options.json) {
    print_json({{"folder", folder.string()},
                {"script", script},
                {"cells", cells},
                {"jobs", jobs},
                {"submit", "sbatch " + shell_quoted(script)},
                {"merge", merge}});
  } else {
    print(with_thousands(cells) + (cells == 1 ? " cell, " : " cells, ") + with_thousands(jobs) +
          (jobs == 1 ? " job\n" : " jobs\n") + "Submit:  sbatch " + clean(shell_quoted(script)) +
          "\nMerge:   " + clean(merge) + "\n");
  }
  return 0;
}

void describe(Usage& usage, SlurmOptions& own) {
  usage.add("GRID.json", &own.grid, "A sweep, as for the command sweep")
      .completed_by(Completes::sweep)
      .must_be_given();
  usage.add("-o,--output", &own.folder, "The folder for the script, the grid and the jobs' databases")
      .shown_as("DIR", Completes::folder)
      .must_be_given();
  usage
      .add("--jobs", &own.jobs,
           "Number of jobs, each with its part of the cells; 0 = one per cell, 1,000 at most")
      .shown_as("N")
      .between(0, 1000000);
}

}  // namespace

Command slurm_command() {
  return make_command<SlurmOptions>(
      {"slurm", "Write a sweep as a job array for Slurm, and the line that merges its results",
       "Each job trains its cells into a database of its own in DIR/databases with as many threads as Slurm "
       "gives it; "
       "DIR/merge.sh takes all of them in. Edit the #SBATCH lines as your cluster needs them.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
