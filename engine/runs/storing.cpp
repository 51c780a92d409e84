// Trying, failing, and where to go then.
#include "engine/runs/storing.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/runs/checkpoint_store.h"
#include "engine/runs/database.h"
#include "engine/runs/run_marks.h"

namespace grapevine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds heartbeat_every{10000};
constexpr milliseconds look_every{2000};  // at the file, when there is nothing to write
constexpr milliseconds look_again{50};
constexpr milliseconds patience_in_place{3000};    // until a side file is begun
constexpr milliseconds patience_at_the_end{1000};  // the same when nothing more comes
constexpr milliseconds patience_for_lock{2000};
constexpr milliseconds pause_before_return{250};
constexpr std::size_t batch = 20000;  // samples a transaction: readers and other writers get their turn

std::string words_of(const std::exception& error) {
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) return explain(*sqlite);
  return error.what();
}

/// With the lock in hand: from here on nobody else changes the run. What was read of it may be older, and
/// what came after that would be deleted.
void refuse_if_trained_meanwhile(RunStore& store, const StoredRace& race) {
  if (race.marks.empty() || run_marks(store.connection(), race.resumed_ids) == race.marks) return;
  throw RunError("run " + std::to_string(race.resumed_ids.front()) +
                 " was trained by another program while it was being prepared here: nothing was changed; "
                 "resume it again to continue from where it is now");
}

}  // namespace

Storing::Storing(const std::string& path, std::size_t racers, std::function<void()> ring)
    : path_(path), place_(path), queue_(racers), checkpoint_(std::move(ring)) {}

/// Lock first, rows then: a program that sees the row marked running finds the lock held.
void Storing::take_over(StoredRace race) {
  const bool resumes = !race.resumed_ids.empty();
  if (race.racers.empty() || (resumes ? race.resumed_ids.size() : race.uuids.size()) != race.racers.size()) {
    throw InputError("the store needs one uuid or one row for each of the " +
                     std::to_string(race.racers.size()) + " racers");
  }
  RunStore& store = place_.store();
  const RunIdentity first = resumes ? store.identity(race.resumed_ids.front())
                                    : RunIdentity{race.uuids.front(), race.group_uuid, race.group_kind};
  lock_.emplace(path_, first.uuid, first.group_uuid, first.group_kind);
  if (!lock_->take(patience_for_lock)) {
    throw InputError(
        "run " + (resumes ? std::to_string(race.resumed_ids.front()) : first.uuid) + " is in use by " +
        (resumes ? store.holder(race.resumed_ids.front()) : "another program") + ": stop it there first");
  }
  if (resumes) {
    refuse_if_trained_meanwhile(store, race);
    ids_ = race.resumed_ids;
    for (const std::int64_t id : ids_) uuids_.push_back(store.identity(id).uuid);
    store.resume_runs(ids_,
                      race.from_start          ? RunStore::before_all_steps
                      : race.resumed_step >= 0 ? race.resumed_step
                                               : store.latest_step(ids_),
                      race.script);
    store.remove_orphans(uuids_);
  } else {
    uuids_ = race.uuids;
    ids_ = store.insert_runs(race);
  }
  for (const Experiment& racer : race.racers)
    best_alone_.push_back(CheckpointSettings::of(racer).keep == KeptCheckpoints::best);
  race.uuids = uuids_;
  race.group_uuid = first.group_uuid;
  race.group_kind = first.group_kind;
  place_.begin(std::move(race), ids_);
  if (resumes) {
    StoredPast past = store.past(queue_.room() / 2);
    known_sets_ = std::move(past.checkpoints);
    queue_.remember(std::move(past));
  }
  const auto statuses = store.statuses();
  for (std::size_t racer = 0; racer < ids_.size(); ++racer) {
    queue_.start_with(racer, statuses[racer].first, statuses[racer].second);
  }
}

/// Whatever the disk says, nothing is thrown and nothing forgotten: what was not committed stays in the
/// queue.
void Storing::attempt() {
  try {
    if (place_.may_return() && back_.due()) come_back();
    if (!look_at_database()) return;
    commit_all();
    serve_checkpoints();
    rows_.clear();
  } catch (const std::exception& error) {
    place_.close();  // its cached row numbers may be of the transaction that was undone
    rows_.fail(words_of(error));
    if (rows_.lasts(ending_ ? patience_at_the_end : patience_in_place))
      go_beside("can't be written: " + rows_.words, {});
  }
  if (files_.lasts(patience_at_the_end) && ending_ && !place_.beside() && !rows_.failing() &&
      !std::exchange(left_for_files_, true))
    go_beside("has no place for checkpoints: " + files_.words, {});
}

/// At every commit: nothing is written into what is not our file. False while that can't be said.
bool Storing::look_at_database() {
  last_look_ = Clock::now();
  const DatabaseFate fate = place_.look();
  if (fate.gone() || fate.kind == DatabaseFate::Kind::log_lost) return go_beside(fate.words, fate);
  if (fate.kind == DatabaseFate::Kind::in_place && !place_.beside() && lock_ && !lock_->keep())
    return go_beside("has this run in use by another program, which found its lock file removed",
                     {DatabaseFate::Kind::taken, "is in use by another program", ""});
  unsure_ = fate.kind == DatabaseFate::Kind::unsure;
  if (!unsure_ && place_.is_damaged())
    return go_beside("was overwritten in part and can't be read any more",
                     {DatabaseFate::Kind::replaced, "was overwritten", ""});
  return !unsure_;
}

/// From now on everything goes to a side file, what was stored before included. False when none could be
/// begun.
bool Storing::go_beside(const std::string& why, const DatabaseFate& fate) {
  const bool leaves_database = !place_.beside();
  if (leaves_database) why_beside_ = why;
  try {
    carry_checkpoint_over();
    place_.go_beside(fate);
  } catch (const std::exception& error) {
    rows_.fail("it " + why + ", and no side file can be written: " + words_of(error));
    rows_.since = Clock::now();  // a while until the next try
    return false;
  }
  queue_.rewind();
  // Once: a database that takes the rows back and a checkpoint that no place takes would never end.
  if (ending_ && leaves_database && std::exchange(more_time_, false)) deadline_ = Clock::now() + patience_;
  rows_.clear();
  files_.clear();
  back_.fail("later");
  try {
    bring_known_sets();
    commit_all();
  } catch (const std::exception& error) {
    place_.close();
    rows_.fail(words_of(error));
  }
  return !rows_.failing();
}

/// The set that is just being written lands where the last one did.
void Storing::carry_checkpoint_over() {
  if (!checkpoint_.busy()) return;
  while (!checkpoint_.done()) checkpoint_.wait(look_again);
  try {
    if (queue_.undone() == undone_) note_set(checkpoint_.result());
    checkpoint_.clear();
  } catch (const std::exception&) {
    queue_.give_back(checkpoint_.take_back());
  }
}

void Storing::note_set(const WrittenSet& set) {
  const auto has_best = [](const KnownSet& known) {
    return std::find(known.set.best.begin(), known.set.best.end(), true) != known.set.best.end();
  };
  known_sets_.push_back({set, covered_commands_});
  const auto best = std::find_if(known_sets_.rbegin(), known_sets_.rend(), has_best);
  std::vector<KnownSet> kept;
  if (best != known_sets_.rend() && best != known_sets_.rbegin()) kept.push_back(*best);
  kept.push_back(known_sets_.back());
  known_sets_ = std::move(kept);
}

/// Checkpoints that were stored into a side file, as far as their files are still there.
void Storing::bring_known_sets() {
  if (known_sets_.empty()) return;
  commit_all();  // the commands first
  RunStore& store = place_.store();
  const auto is_there = [](const CheckpointFile& file) {
    std::error_code none;
    return std::filesystem::is_regular_file(file.path, none);
  };
  for (const KnownSet& known : known_sets_) {
    const auto& files = known.set.files;
    if (!std::all_of(files.begin(), files.end(), is_there)) continue;
    WrittenSet set = known.set;
    set.covered = store.command_at(known.commands);
    store.bring_in(std::move(set));
  }
}

void Storing::come_back() {
  if (checkpoint_.busy()) return;  // into the side file's folder
  if (place_.try_to_return()) {
    why_beside_.clear();
    rows_.clear();
    back_.clear();
  } else {
    back_.fail("later");
  }
}

void Storing::commit_all() {
  const bool beat = Clock::now() - last_commit_ >= heartbeat_every;
  if (!beat && queue_.empty()) return;
  RunStore& store = place_.store();
  if (durable_) store.make_durable();
  if (queue_.empty()) store.write({}, nullptr);
  while (!queue_.empty()) {
    const auto samples = queue_.samples(batch);
    first_samples_stored_ = first_samples_stored_ || !samples.empty();
    store.write(samples, queue_.rest(batch));
    queue_.drop(batch);
  }
  last_commit_ = Clock::now();
}

/// After commit_all: every sample up to a checkpoint's step is stored before the checkpoint is.
void Storing::serve_checkpoints() {
  if (checkpoint_.done()) finish_checkpoint();
  if (checkpoint_.busy() || !files_.due()) return;
  auto set = queue_.take_checkpoint();
  if (!set || set->racers.empty()) return;
  std::string folder;
  try {
    // A command is carried out before a checkpoint of its step, and commit_all has stored what came with the
    // set.
    covered_ = place_.store().last_command();
    covered_commands_ = queue_.commands();
    undone_ = queue_.undone();
    folder = place_.checkpoint_folder();
  } catch (const Error& error) {
    files_.fail(words_of(error));
    queue_.give_back(std::move(*set));
    return;
  } catch (...) {
    queue_.give_back(std::move(*set));
    throw;
  }
  checkpoint_.start(folder, uuids_, std::move(*set));
}

void Storing::finish_checkpoint() {
  WrittenSet written;
  try {
    written = checkpoint_.result();
  } catch (const std::exception& error) {
    files_.fail(words_of(error));
    queue_.give_back(checkpoint_.take_back());
    return;
  }
  // It may hold what was taken back since: the set after that is on its way.
  if (queue_.undone() != undone_) {
    std::vector<std::string> files;
    for (const CheckpointFile& file : written.files) files.push_back(file.path);
    remove_files(files);
    checkpoint_.clear();
    return;
  }
  written.covered = covered_;
  place_.store().add_checkpoint(written);
  note_set(written);
  checkpoint_.clear();
  files_.clear();
}

std::string Storing::trouble() const {
  if (over_ && !whole_) return what_is_lost();
  if (place_.beside()) {
    std::string words = "The database " + path_ + " " + why_beside_ + "; the run is kept in " +
                        place_.side() + ", which is taken in when the database is next opened.";
    if (rows_.failing()) words += " That file can't be written either: " + rows_.words + ".";
    return words;
  }
  if (rows_.failing())
    return "The run can't be stored in " + path_ + ": " + rows_.words +
           ". It is kept in memory and tried again.";
  if (files_.failing())
    return "The run's checkpoint can't be stored: " + files_.words +
           ". It is kept in memory and tried again.";
  return "";
}

std::string Storing::what_is_lost() const {
  const std::int64_t rows = queue_.rows() + queue_.thinned_out();
  const std::string lost = rows > 0 ? std::to_string(rows) + " rows" : std::string("the last checkpoint");
  const std::string& words = rows_.failing() ? rows_.words : files_.words;
  return "Run " + std::to_string(ids_.front()) + " could not be stored to its end in " + path_ + " (" + lost +
         " lost)" + (words.empty() ? "" : ": " + words) + ".";
}

/// Success is the last that is stored: after the samples, the events and the last checkpoint.
void Storing::close_rows(const StatusWord& status, const std::string& failure) {
  unsaved_checkpoint_ = queue_.has_checkpoint() || checkpoint_.busy();
  if (status != RunStatus::failed && (unsaved_checkpoint_ || queue_.thinned_out() > 0))
    queue_.close_as_interrupted();
  else
    queue_.close(status, failure);
  durable_ = true;
}

/// Everything that waits; false where something still does at the deadline.
bool Storing::store_what_waits() {
  for (;;) {
    attempt();
    if (everything_stored()) return true;
    if (checkpoint_.busy() && !rows_.failing()) {
      checkpoint_.wait(look_again);
      continue;
    }
    const auto next = rows_.failing() ? rows_.at : files_.failing() ? files_.at : Clock::now() + look_again;
    if (next > deadline_) return queue_.empty() && unsaved_checkpoint_;
    std::this_thread::sleep_until(next);
  }
}

/// Of a finished run; until then the last state is what it would be resumed from.
void Storing::keep_what_was_asked() {
  try {
    for (std::size_t racer = 0; racer < ids_.size(); ++racer)
      if (best_alone_[racer] && queue_.status(racer) == RunStatus::finished)
        place_.store().keep_the_best_alone(ids_[racer]);
  } catch (const std::exception&) {
    // More is kept than was asked for.
  }
}

void Storing::finish(const StatusWord& status, const std::string& failure, milliseconds patience) {
  ending_ = true;
  patience_ = patience;
  deadline_ = Clock::now() + patience;
  store_what_waits();
  close_rows(status, failure);
  whole_ = store_what_waits() && queue_.thinned_out() == 0 && !unsaved_checkpoint_;
  while (place_.may_return() && Clock::now() < deadline_) {
    std::this_thread::sleep_for(pause_before_return);
    come_back();
  }
  if (whole_ && !place_.beside()) keep_what_was_asked();
  over_ = true;
  place_.settle();
  place_.close();
  lock_.reset();
}

Storing::Clock::time_point Storing::next_attempt() const {
  if (rows_.failing()) return rows_.at;
  const auto next_look = last_look_ + (unsure_ ? look_again : look_every);
  return files_.failing() ? std::min(files_.at, next_look) : next_look;
}

}  // namespace grapevine
