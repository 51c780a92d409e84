// queue: experiments that wait for their turn, in the database; the window shows the same.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "app/cli/worker_pool.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/launch/queueing.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

struct QueueOptions {
  std::string action;
  std::vector<std::string> what;
  std::string sweep;
  int seeds = 1, jobs = 1;
  bool stay = false;
};

int list(const Options& options) {
  std::vector<QueueEntry> entries;
  if (database_exists(options.database_path())) entries = RunQueue::look(options.database_path());
  const std::vector<std::string> titles = titles_of(entries);
  if (options.json) {
    nlohmann::json all = nlohmann::json::array();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const QueueEntry& entry = entries[i];
      all.push_back({{"id", entry.id},
                     {"state", entry.state.text()},
                     {"what", titles[i]},
                     {"run", entry.run == 0 ? nlohmann::json() : nlohmann::json(entry.run)},
                     {"added", entry.added},
                     {"note", entry.note}});
    }
    print_json({{"queue", all}});
    return 0;
  }
  if (entries.empty()) {
    print("Nothing waits. Queue an experiment: grapevine-cli queue add EXPERIMENT.json\n");
    return 0;
  }
  Table table({"id", "state", "what", "run", "note"},
              {Align::right, Align::left, Align::left, Align::right, Align::left});
  for (std::size_t i = 0; i < entries.size(); ++i)
    table.add({std::to_string(entries[i].id), entries[i].state.text(), titles[i],
               entries[i].run == 0 ? "" : std::to_string(entries[i].run), entries[i].note});
  print(table.text());
  return 0;
}

int add(const Options& options, const QueueOptions& own) {
  if (own.what.empty() && own.sweep.empty())
    throw InputError("queue add needs an experiment file, a preset's name, or --sweep GRID.json");
  if (!own.sweep.empty() && own.what.size() > 1)
    throw InputError("queue add --sweep takes one experiment that the grid is laid over, and " +
                     std::to_string(own.what.size()) + " are named");
  std::vector<Queued> all;
  if (!own.sweep.empty())
    all.push_back(queued_sweep(
        load_sweep_over(own.sweep, own.what.empty() ? "" : own.what.front(), options.overrides())));
  for (const std::string& file : own.sweep.empty() ? own.what : std::vector<std::string>{}) {
    const ExperimentPlan plan = load_plan(file, options.overrides());
    for (const Experiment& racer : plan.racers)
      if (const auto complaints = racer.complaints(); !complaints.empty())
        throw InputError(file + ": " + complaints.front().message);
    all.push_back(queued_plan(plan, own.seeds));
  }
  RunQueue queue(options.database_path());
  std::vector<std::int64_t> ids;
  for (const Queued& queued : all)
    for (const std::int64_t id : add_to_queue(queue, queued)) ids.push_back(id);
  if (options.json)
    print_json({{"queued", ids}});
  else
    print("Queued " + std::to_string(ids.size()) + (ids.size() == 1 ? " experiment" : " experiments") +
          "; grapevine-cli queue run trains what waits.\n");
  return 0;
}

std::vector<std::int64_t> ids_of(const QueueOptions& own) {
  if (own.what.empty()) throw InputError("queue " + own.action + " needs ids, as queue list shows them");
  std::vector<std::int64_t> ids;
  for (const std::string& word : own.what) {
    if (word.empty() || word.size() > 15 || word.find_first_not_of("0123456789") != std::string::npos)
      throw InputError("'" + word + "' is not an entry of the queue: queue list shows their ids");
    ids.push_back(std::stoll(word));
  }
  return ids;
}

void demand_entries(RunQueue& queue, const std::vector<std::int64_t>& ids) {
  const std::vector<QueueEntry> entries = queue.list();
  for (const std::int64_t id : ids)
    if (std::none_of(entries.begin(), entries.end(), [&](const QueueEntry& entry) { return entry.id == id; }))
      throw InputError("'" + std::to_string(id) +
                       "' is not an entry of the queue: queue list shows their ids");
}

/// Trains what waits, until nothing does or a stop is asked for.
class Runner {
 public:
  Runner(const Options& options, const QueueOptions& own)
      : options_(options),
        own_(own),
        console_(options),
        queue_(options.database_path()),
        workers_(own.jobs > 0 ? own.jobs : workers_that_fit(1, devices_that_wait())) {}

  int run() {
    WorkerOrders orders;
    orders.next = [this] { return next(); };
    orders.begun_run = [this](const WorkerJob& job, std::int64_t run) {
      in_queue([&] { queue_.note_run(id_of(job), RunReader(options_.database_path()).summary(run).uuid); });
    };
    orders.idle = [this](int) {
      if (std::chrono::steady_clock::now() - looked_ >= look_every) is_lost();
    };
    orders.ended = [this](const WorkerJob& job, const WorkerEnd& end) { ended(id_of(job), end); };
    orders.wait_for_more = [this] { return own_.stay; };
    const bool all = carry_out_beside(options_, workers_, stops_, orders);
    if (!all) complain("the queue was stopped; grapevine-cli queue run continues it");
    if (is_lost()) return tell_what_was_done();
    return all ? exit_status_ : stopped_status;
  }

 private:
  static constexpr std::chrono::seconds look_every{1};

  /// Of what may come later too, where that is waited for.
  std::vector<std::string> devices_that_wait() {
    std::vector<std::string> devices;
    if (own_.stay) devices.push_back(RunSettings().device);
    for (const QueueEntry& entry : queue_.list())
      if (entry.state == QueueState::waiting) devices.push_back(device_of_plan(entry.plan));
    return devices;
  }

  static std::int64_t id_of(const WorkerJob& job) { return static_cast<std::int64_t>(job.number); }

  /// Whether the queue's database is gone, which is said once. What is in progress is kept by those who train
  /// it; nothing more is begun.
  bool is_lost() {
    if (lost_) return true;
    looked_ = std::chrono::steady_clock::now();
    const std::string fate = queue_.fate();
    if (fate.empty()) return false;
    lost_ = true;
    own_.stay = false;
    console_.warn("the database " + options_.database_path() + " " + fate +
                  " while the queue was running: no more of its entries are begun");
    return true;
  }

  int tell_what_was_done() {
    std::string ids;
    for (const std::int64_t id : done_) ids += (ids.empty() ? "" : ", ") + std::to_string(id);
    if (!ids.empty())
      complain((done_.size() == 1 ? "entry " + ids + " was done and is"
                                  : "entries " + ids + " were done and are") +
               " not in what lies at " + options_.database_path() + " now");
    return 1;
  }

  /// A change of the queue, which is left out where its database is gone.
  template <class Work>
  void in_queue(Work work) {
    if (is_lost()) return;
    try {
      work();
    } catch (const Error&) {
      if (!is_lost()) throw;
    }
  }

  std::optional<QueueTurn> take() {
    std::optional<QueueTurn> turn;
    in_queue([&] { turn = queue_.take(); });
    return turn;
  }

  std::optional<WorkerJob> next() {
    while (const std::optional<QueueTurn> turn = take()) {
      try {
        WorkerJob job{static_cast<std::size_t>(turn->entry.id), request_of(*turn, workers_ > 1),
                      device_of_plan(turn->entry.plan)};
        job.request.database_id = queue_.database_id();
        console_.line("Entry " + std::to_string(turn->entry.id) + ": " +
                      clean(title_of_plan(turn->entry.plan)));
        return job;
      } catch (const Error& error) {
        in_queue([&] { queue_.fail(turn->entry.id, error.what()); });
        console_.warn("entry " + std::to_string(turn->entry.id) + " can't be trained: " + error.what());
        exit_status_ = error.exit_status();
      }
    }
    return std::nullopt;
  }

  void give_back(std::int64_t id) {
    try {
      in_queue([&] { queue_.give_back(id); });
    } catch (const Error&) {
      // As where another program keeps the database locked: what nobody holds any more waits again anyway.
    }
  }

  void ended(std::int64_t id, const WorkerEnd& end) {
    const std::string who = "Entry " + std::to_string(id);
    console_.line(who + ": " + end.status.text() + (end.run != 0 ? ", run " + std::to_string(end.run) : ""));
    if (end.status == RunStatus::finished) {
      done_.push_back(id);
      return in_queue([&] { queue_.finish(id); });
    }
    if (end.exit_status == stopped_status) return give_back(id);
    exit_status_ = 1;
    console_.warn(who + " failed: " + clean(end.failure));
    in_queue([&] { queue_.fail(id, end.failure); });
  }

  const StopRequests stops_;  ///< the first: the rest may take a while to open
  const Options& options_;
  QueueOptions own_;
  Console console_;
  RunQueue queue_;
  const int workers_;
  int exit_status_ = 0;
  bool lost_ = false;
  std::chrono::steady_clock::time_point looked_{};  ///< at the database
  std::vector<std::int64_t> done_;
};

/// What may be in ACTION's place.
struct Action {
  Word word;
  int (*act)(const Options&, const QueueOptions&) = nullptr;
  void (RunQueue::*change)(const std::vector<std::int64_t>&) = nullptr;  ///< of the entries that are named
};

const std::vector<Action>& actions() {
  static const std::vector<Action> all = {
      {{"list", "", "what waits, what is being trained, and how the others ended"},
       [](const Options& options, const QueueOptions&) { return list(options); }},
      {{"add", "EXPERIMENT…", "queue experiments, presets, or with --sweep a grid over one"}, add},
      {{"run", "", "train what waits; Ctrl-C stops, the next run continues"},
       [](const Options& options, const QueueOptions& own) { return Runner(options, own).run(); }},
      {{"skip", "ID…", "skip waiting entries"}, nullptr, &RunQueue::skip},
      {{"retry", "ID…", "queue failed or skipped entries again"}, nullptr, &RunQueue::retry},
      {{"remove", "ID…", "remove entries from the queue; their runs stay"}, nullptr, &RunQueue::remove},
      {{"first", "ID…", "move entries to the front"}, nullptr, &RunQueue::move_to_front}};
  return all;
}

int run(const Options& options, const QueueOptions& own) {
  const std::string wanted = own.action.empty() ? actions().front().word.name : own.action;
  std::string known;
  for (const Action& action : actions()) {
    known += (known.empty() ? "" : ", ") + action.word.name;
    if (action.word.name != wanted) continue;
    if (action.act) return action.act(options, own);
    const std::vector<std::int64_t> ids = ids_of(own);
    RunQueue queue(options.database_path());
    demand_entries(queue, ids);
    (queue.*action.change)(ids);
    return list(options);
  }
  throw InputError("queue does not know '" + own.action + "': it has " + known);
}

void describe(Usage& usage, QueueOptions& own) {
  std::vector<Word> words;
  for (const Action& action : actions()) words.push_back(action.word);
  usage.add("ACTION", &own.action, "What to do; without one: list").one_of(words);
  usage.add("WHAT", &own.what, "Experiments, or ids of the queue").completed_by(Completes::experiment);
  usage
      .add("--sweep", &own.sweep,
           "With add: the cells of a grid; an experiment that is named too replaces the grid's own")
      .shown_as("GRID.json", Completes::sweep);
  usage.add("--seeds", &own.seeds, "With add: queue each experiment with N seeds, from its own on")
      .shown_as("N")
      .between(1, 1000);
  usage
      .add("--jobs", &own.jobs,
           "With run: entries to train at once, each in its own process and on one thread; 0 = one per GPU, "
           "or "
           "without GPUs as many as the cores allow")
      .shown_as("N")
      .between(0, 1000);
  usage.add("--stay", &own.stay, "With run: when the queue is empty, wait for new entries");
}

}  // namespace

Command queue_command() {
  return make_command<QueueOptions>(
      {"queue", "Experiments that wait for their turn",
       "The queue is stored in the database and outlives the program: what a killed "
       "program left is taken up by the "
       "next `queue run`, from its last checkpoint.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
