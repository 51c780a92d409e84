// slurm: a sweep as a job array. Every job trains its share of the cells into a database of its own; a line
// merges them. A search of a setting's value is two arrays, with a merge between them and one after.
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
#include "engine/plans/tuning.h"

namespace grapevine::cli {
namespace {

namespace fs = std::filesystem;

/// Slurm's own limit to an array's size, unless an administrator changed it.
constexpr int most_jobs = 1000;

struct SlurmOptions {
  std::string grid, folder, tuned;
  int jobs = 0;  ///< 0 = one a cell, as far as Slurm takes so many
  bool dry_run = false;
};

/// How many cells are trained, by how many jobs.
struct Array {
  int cells = 0, jobs = 0;
};

Array array_of(std::size_t cells, const SlurmOptions& own) {
  const int count = static_cast<int>(std::min<std::size_t>(cells, INT_MAX));
  return {count, std::min(own.jobs > 0 ? own.jobs : most_jobs, count)};
}

/// A sweep is one array; a search has a second one, of the chosen values with the other seeds.
struct Jobs {
  Array first, chosen;
};

Jobs jobs_of(const Sweep& sweep, const SlurmOptions& own) {
  if (own.tuned.empty()) return {array_of(sweep.cells.size(), own), {}};
  const TuningSize size = size_of(make_tuning(sweep, own.tuned));
  return {array_of(size.searched, own), array_of(size.more, own)};
}

std::string own_program() {
  std::error_code trouble;
  const fs::path program = fs::read_symlink("/proc/self/exe", trouble);
  return trouble ? "grapevine-cli" : program.string();
}

/// --set and the options like it, as they were given here: what they say belongs to the sweep. Data sets are
/// in the data folder.
std::string settings_of(const Options& options) {
  std::string text;
  for (const std::string& set : options.overrides().sets) {
    if (set.starts_with("threads=")) continue;  // a job has what Slurm gives it
    text += " --set " + shell_quoted(set);
  }
  if (!options.data_dir.empty())
    text += " --data-dir " + shell_quoted(fs::absolute(with_home(options.data_dir)).string());
  return text;
}

std::string script_head(const std::string& what, const fs::path& folder) {
  return "#!/bin/bash\n" + what + "set -euo pipefail\ncd " + shell_quoted(fs::current_path().string()) +
         "\nfolder=" + shell_quoted(folder.string()) + "\nprogram=" + shell_quoted(own_program()) + "\n";
}

/// `more`: options of this sweep; `prefix`: of the names of its jobs' databases.
std::string array_script(const Options& options, const fs::path& folder, int jobs, const std::string& more,
                         const std::string& prefix) {
  return script_head((prefix.empty() ? "# Submit this file with sbatch.\n" : "") +
                         std::string("#SBATCH --job-name=grapevine\n#SBATCH --array=1-") +
                         std::to_string(jobs) +
                         "\n#SBATCH --cpus-per-task=1\n# Started again, a job continues where it stopped.\n",
                     folder) +
         "exec \"${GRAPEVINE_CLI:-$program}\" sweep \"$folder/grid.json\" --cells "
         "\"$SLURM_ARRAY_TASK_ID\"/" +
         std::to_string(jobs) + more + settings_of(options) +
         " \\\n  --threads \"${SLURM_CPUS_PER_TASK:-1}\" --db \"$folder/databases/" + prefix +
         "$SLURM_ARRAY_TASK_ID.db\" --quiet\n";
}

/// Which database the results go to, where it isn't the usual one.
std::string home_option(const Options& options) {
  if (options.database.empty() && options.data_dir.empty()) return "";
  return " --db " + shell_quoted(fs::absolute(options.database_path()).string());
}

std::string merge_line(const Options& options, const fs::path& folder) {
  return "grapevine-cli db merge " + shell_quoted((folder / "databases").string()) + "/*.db" +
         home_option(options);
}

std::string merge_script(const std::string& line) {
  return "#!/bin/sh\n# Brings the results home; twice is harmless.\n" + line + "\n";
}

/// The found values are looked up by the jobs of the second array in one database of the whole search.
std::string collect_script(const fs::path& folder) {
  return script_head("#SBATCH --job-name=grapevine\n", folder) +
         "exec \"${GRAPEVINE_CLI:-$program}\" db merge \"$folder\"/databases/search-*.db "
         "--db \"$folder/search.db\" --quiet\n";
}

/// The same as merge.sh, as a job, which may have another PATH.
std::string home_script(const Options& options, const fs::path& folder) {
  return script_head("#SBATCH --job-name=grapevine\n", folder) +
         "exec \"${GRAPEVINE_CLI:-$program}\" db merge \"$folder\"/databases/*.db" + home_option(options) +
         " --quiet\n";
}

/// sbatch says the job's number, on some clusters with ";" and the cluster's name behind it. What was trained
/// comes home also where a job has failed, and those that wait for its success are taken away.
std::string submit_script(const fs::path& folder, bool has_more) {
  std::string text =
      "#!/bin/bash\n# Submits the search and what comes after it: run this file with bash.\n"
      "set -euo pipefail\nfolder=" +
      shell_quoted(folder.string()) + "\nlast=$(sbatch --parsable \"$folder/search.sbatch\")\n";
  if (has_more)
    for (const char* next : {"collect", "chosen"})
      text += std::string(
                  "last=$(sbatch --parsable --kill-on-invalid-dep=yes --dependency=afterok:\"${last%%;*}\" "
                  "\"$folder/") +
              next + ".sbatch\")\n";
  return text + "sbatch --dependency=afterany:\"${last%%;*}\" \"$folder/home.sbatch\"\n";
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

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// All of them or none: half a job array could be sent off.
void write_together(const fs::path& folder, const NamedTexts& texts) {
  std::vector<std::unique_ptr<CarefulFile>> files;
  std::vector<CarefulFile*> all;
  for (const auto& [name, content] : texts) {
    const std::string path = (folder / name).string();
    refuse_to_replace_data(path);
    files.push_back(std::make_unique<CarefulFile>(path));
    files.back()->put(content);
    all.push_back(files.back().get());
  }
  place_together(all);
}

void add_search(const Options& options, const SlurmOptions& own, const fs::path& folder, const Jobs& jobs,
                NamedTexts& files) {
  const std::string tune = " --tune " + shell_quoted(own.tuned);
  files.emplace_back("search.sbatch", array_script(options, folder, jobs.first.jobs, tune, "search-"));
  if (jobs.chosen.jobs > 0) {
    files.emplace_back("collect.sbatch", collect_script(folder));
    files.emplace_back("chosen.sbatch", array_script(options, folder, jobs.chosen.jobs,
                                                     tune + " --searched \"$folder/search.db\"", "chosen-"));
  }
  files.emplace_back("home.sbatch", home_script(options, folder));
  files.emplace_back("submit.sh", submit_script(folder, jobs.chosen.jobs > 0));
}

std::string array_text(const Array& array, const char* of) {
  return with_thousands(array.cells) + (array.cells == 1 ? " cell" : " cells") + of + ", " +
         with_thousands(array.jobs) + (array.jobs == 1 ? " job" : " jobs");
}

void tell(const Options& options, const SlurmOptions& own, const Jobs& jobs, const fs::path& folder) {
  const bool tuned = !own.tuned.empty();
  const std::string script = (folder / (tuned ? "submit.sh" : "sweep.sbatch")).string();
  const std::string submit = (tuned ? "bash " : "sbatch ") + shell_quoted(script);
  const std::string merge = merge_line(options, folder);
  if (options.json) {
    nlohmann::json document{
        {"folder", folder.string()}, {"cells", jobs.first.cells}, {"jobs", jobs.first.jobs}};
    if (tuned) {
      document["tuned"] = own.tuned;
      document["chosen_cells"] = jobs.chosen.cells;
      document["chosen_jobs"] = jobs.chosen.jobs;
    }
    if (!own.dry_run) document.update({{"script", script}, {"submit", submit}, {"merge", merge}});
    return print_json(document);
  }
  print(array_text(jobs.first, tuned ? " of the search" : "") + "\n" +
        (tuned ? "Then " + array_text(jobs.chosen, " of the chosen values") + "\n" : ""));
  if (!own.dry_run) print("Submit:  " + clean(submit) + "\n" + "Merge:   " + clean(merge) + "\n");
}

int run(const Options& options, const SlurmOptions& own) {
  if (own.folder.empty()) throw InputError("slurm: --output names no folder; name the one to write to");
  const std::string file = with_home(own.grid);
  const std::string grid = sweep_document(file);  // once: it may be a pipe
  const Jobs jobs = jobs_of(make_sweep(grid, file, options.overrides(), own.tuned), own);
  const fs::path folder = fs::absolute(with_home(own.folder)).lexically_normal();
  if (!own.dry_run) {
    NewFolder made(folder / "databases");
    NamedTexts files{{"grid.json", grid}, {"merge.sh", merge_script(merge_line(options, folder))}};
    if (own.tuned.empty())
      files.emplace_back("sweep.sbatch", array_script(options, folder, jobs.first.jobs, "", ""));
    else
      add_search(options, own, folder, jobs, files);
    write_together(folder, files);
    made.keep();
  }
  tell(options, own, jobs, folder);
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
  usage
      .add(
          "--tune", &own.tuned,
          "Search a setting's best value, as sweep --tune: an array for the search, and after it one for the "
          "chosen values")
      .shown_as("KEY", Completes::setting);
  usage.add("--dry-run", &own.dry_run, "Say how many cells and jobs there are; write nothing");
}

}  // namespace

Command slurm_command() {
  return make_command<SlurmOptions>(
      {"slurm", "Write a sweep as a job array for Slurm, and the line that merges its results",
       "Each job trains its cells into a database of its own in DIR/databases with as many threads as Slurm "
       "gives it; "
       "DIR/merge.sh takes all of them in. Edit the #SBATCH lines as your cluster needs them.\nWith --tune, "
       "DIR/submit.sh submits the search, its merge, the chosen values and the last merge, each after the "
       "one before.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
