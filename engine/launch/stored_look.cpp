#include "engine/launch/stored_look.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/files/sha256.h"
#include "engine/launch/resume.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/stored_beginning.h"
#include "engine/runs/stored_experiment.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

/// What a run is built of. Its device may be another machine's: it is looked into on the processor.
Continuation read_as_stored(RunReader& reader, std::int64_t id) {
  Continuation run;
  const RunData stored = reader.load(id);
  run.plan.racers.push_back(stored_experiment(stored));
  set_machine(run.plan.racers.front(), "cpu", {});
  run.beginnings.push_back(stored_beginning(stored));
  run.trained = id;
  run.data_digest = stored.data_digest;
  CheckpointSet last = reader.checkpoint({id});
  if (last.racers.empty())
    throw InputError("run " + std::to_string(id) +
                     " has no checkpoint, so that its weights are not known: resume it, or train it again, "
                     "and it has one when it pauses or ends");
  run.checkpoint = std::move(last);
  forget_starting_weights(run.plan);
  return run;
}

std::string sum_of(const Checkpoint& state) {
  Sha256 sum;
  sum.add(&state.step, sizeof state.step);
  for (const auto& [name, array] : state.arrays) {
    sum.add(name.data(), name.size());
    sum.add(array.bytes.data(), array.bytes.size());
  }
  return sum.hex();
}

struct Built {
  std::unique_ptr<Stepper> stepper;
  std::string sum;  ///< of the state that it has
  int points = 0;
};

}  // namespace

class StoredLook::Impl {
 public:
  Impl(StepperFactory factory, std::function<void()> wake)
      : factory_(std::move(factory)), wake_(std::move(wake)), thread_([this] { work(); }) {}

  ~Impl() {
    {
      std::lock_guard lock(mutex_);
      over_ = true;
      ++newest_;
    }
    asked_.notify_all();
    thread_.join();
  }

  void ask(StoredQuestion question) {
    {
      std::lock_guard lock(mutex_);
      if (question == question_) return;
      question_ = std::move(question);
      answer_.reset();
      ++newest_;
    }
    asked_.notify_all();
  }

  std::shared_ptr<const StoredAnswer> answer() const {
    std::lock_guard lock(mutex_);
    return answer_;
  }

 private:
  void work() {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex_);
    while (true) {
      asked_.wait(lock, [&] { return newest_ != seen; });
      if (over_) break;
      seen = newest_;
      const StoredQuestion question = question_;
      lock.unlock();
      std::shared_ptr<const StoredAnswer> found = answer_to(question, seen);
      lock.lock();
      if (newest_ != seen || !found) continue;
      answer_ = std::move(found);
      if (wake_) wake_();
    }
    built_.clear();
  }

  /// nullptr where somebody asked something else meanwhile.
  std::shared_ptr<const StoredAnswer> answer_to(const StoredQuestion& question, std::uint64_t serial) {
    if (question.database != database_) built_.clear();
    database_ = question.database;
    std::erase_if(built_, [&](const auto& each) {
      return question.point == 0 ||
             std::find(question.runs.begin(), question.runs.end(), each.first) == question.runs.end();
    });
    if (question.point == 0) return nullptr;
    auto answer = std::make_shared<StoredAnswer>();
    answer->question = question;
    try {
      for (const std::int64_t id : question.runs) {
        answer->layers.push_back(layer_of(id, question.point, serial));
        answer->layers.back().racer = static_cast<int>(answer->layers.size()) - 1;
        if (const auto found = built_.find(id); found != built_.end())
          answer->points = std::max(answer->points, found->second.points);
      }
    } catch (const WorkStopped&) {
      return nullptr;
    }
    return answer;
  }

  /// What is wrong with one run is reported in its place.
  Inspection layer_of(std::int64_t id, int point, std::uint64_t serial) {
    const auto interrupted = [this, serial] { return newest_ != serial; };
    Inspection found;
    found.point = point;
    const Interruptible guard(interrupted);  // a checkpoint may be large
    try {
      const Built& run = build(id, {{}, interrupted});
      InspectionSet seen = run.stepper->inspect({{0}, point}, true, interrupted);
      if (!seen.empty()) found = std::move(seen.front());
    } catch (const Error& error) {
      built_.erase(id);
      found.trouble = error.what();
    } catch (const std::bad_alloc&) {
      built_.erase(id);
      found.trouble = "there is not enough memory to build this run's network";
    }
    return found;
  }

  /// As the last checkpoint is now: the run may have continued since the last look.
  Built& build(std::int64_t id, const WorkHooks& hooks) {
    RunReader reader(database_);
    const Continuation run = read_as_stored(reader, id);
    const std::string sum = sum_of(run.checkpoint->racers.front());
    if (const auto found = built_.find(id); found != built_.end() && found->second.sum == sum)
      return found->second;
    built_.erase(id);
    Built made;
    made.stepper = factory_(run.plan.racers);
    made.stepper->keep(run.beginnings);
    const RaceInfo info = made.stepper->prepare(hooks);
    check_data(run, info);
    made.stepper->restore(*run.checkpoint);
    made.sum = sum;
    made.points = info.feedback_points;
    return built_[id] = std::move(made);
  }

  const StepperFactory factory_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;  ///< guards what follows, up to the thread's own
  std::condition_variable asked_;
  StoredQuestion question_;
  std::shared_ptr<const StoredAnswer> answer_;
  bool over_ = false;
  std::atomic<std::uint64_t> newest_{0};  ///< counts the questions
  // The thread's own.
  std::string database_;
  std::map<std::int64_t, Built> built_;
  std::thread thread_;
};

StoredLook::StoredLook(StepperFactory factory, std::function<void()> wake)
    : impl_(std::make_unique<Impl>(std::move(factory), std::move(wake))) {}
StoredLook::~StoredLook() = default;

void StoredLook::ask(StoredQuestion question) {
  impl_->ask(std::move(question));
}

std::shared_ptr<const StoredAnswer> StoredLook::answer() const {
  return impl_->answer();
}

}  // namespace grapevine
