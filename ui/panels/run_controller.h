// The run in progress, as Qt sees it: a launch, looked at 60 times a second at most after a wake-up
// without payload. The window's thread only, which never waits here.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/launch/launch.h"
#include "ui/panels/pace.h"

namespace grapevine {

class RunController : public QObject {
  Q_OBJECT

 public:
  /// How a new run begins.
  enum class Begin { running, paused };

  explicit RunController(StepperFactory factory, QObject* parent = nullptr);
  /// Stops and stores what is still in progress; only this waits.
  ~RunController() override;

  void set_database(const QString& file) { database_ = file; }
  const QString& database() const { return database_; }

  /// Starts a new run (after the present one is stored, if there is one). `steps` > 0: so many steps, then a
  /// pause.
  void start(ExperimentPlan plan, Begin begin, std::int64_t steps = 0);
  /// Continues a stored run (its whole race) from its last checkpoint.
  void resume(std::int64_t id);
  /// New runs that begin at the last checkpoint of a stored one.
  void fork(const ForkRequest& fork);
  /// Trains a finished run (its whole race) so many epochs further, as a new run.
  void train_further(std::int64_t id, int epochs);
  void play();
  void pause();
  void step(std::int64_t count);
  void stop();
  /// Stops, and returns when all is stored; tells nobody. For the end of the program, where no event comes
  /// any more: in any thread, while the window's own waits.
  void store_without_events() { launch_.reset(); }
  /// A new run with the same settings and seed, playing or paused as this one.
  void reset();
  void calibrate();
  /// Refused ones come back as trouble().
  void change(const LiveChange& change);
  /// Undoes the last change, as long as the run is paused since.
  void undo();
  /// A note at a step of the run in progress; refused ones come back as trouble().
  void note(const StepNote& note);
  /// What would be undone, in words; "" = nothing.
  const QString& undoable() const { return undoable_; }
  void set_live(const QString& key, const QString& value, int racer);
  /// From now on, in this run and the next ones: what inspection() is to hold.
  void inspect(const InspectionRequest& request);
  /// The next step of a paused run, once; rehearsed() reports it.
  void rehearse(const RehearsalRequest& request);

  /// From the first click to the last row on disk.
  bool busy() const { return launch_ != nullptr; }
  /// Training, or waiting to: not yet stopping.
  bool active() const;
  bool has_run() const { return !runs_.empty(); }
  SessionState state() const;
  /// One word or two for people: "Preparing", "Running", "Storing" …
  QString state_text() const;

  /// The run's racers; they stay after its end, until the next start. Without numbers in the database (id 0)
  /// while a new run is being prepared.
  const std::vector<RunView>& runs() const { return runs_; }
  const QStringList& labels() const { return labels_; }
  const ExperimentPlan& plan() const { return plan_; }
  std::vector<std::int64_t> ids() const;

  const std::optional<RaceInfo>& info() const { return info_; }
  /// Long work on the data before the networks are ready, while it lasts.
  const std::optional<WorkProgress>& preparing() const { return preparing_; }
  /// The latest of what inspect() asked for; nullptr = nothing yet.
  const std::shared_ptr<const InspectionSet>& inspection() const { return inspection_; }
  /// The latest of what rehearse() asked for.
  const std::shared_ptr<const Rehearsal>& rehearsal() const { return rehearsal_; }
  std::int64_t step_now() const { return step_; }
  double epoch_now() const { return epoch_; }
  double steps_per_second() const { return state() == SessionState::running ? steps_per_second_ : 0; }
  /// Steps per second over the last minute or so of playing, with measuring and testing; 0 = not known yet.
  double pace() const { return pace_.steps_per_second(); }
  /// What the terminal's program would end with: 0, 1 for a run that failed, 2 for wrong input.
  int exit_status() const { return exit_status_; }
  /// A run of this program's could not be stored in its database to the end.
  bool something_is_missing() const { return something_is_missing_; }
  std::int64_t rows_waiting() const { return launch_ ? launch_->rows_waiting() : 0; }

 Q_SIGNALS:
  void run_changed();  ///< runs() is another run's, or has its numbers in the database now
  void news();         ///< runs() grew
  void state_changed();
  void prepared();  ///< info() is there
  void undoable_changed();
  void changed_by_hand();                      ///< a command changed the run, or was undone
  void inspected();                            ///< inspection() is another one
  void rehearsed();                            ///< rehearsal() is another one
  void stored();                               ///< everything of the run is on disk, or can't be
  void trouble(const QString& sentence);       ///< an error to show
  void trouble_gone(const QString& sentence);  ///< the store has caught up
  void remark(const QString& sentence);        ///< worth knowing, not an error

 private:
  void open(LaunchRequest request);
  void wake_from_other_thread();
  Q_INVOKABLE void woken();
  void fetch();
  void take_in(const Observations& news);
  void follow_phase();
  void hear(const Acknowledgement& answer);
  void look_at_store();
  void close_down();

  StepperFactory factory_;
  QString database_;
  std::unique_ptr<Launch> launch_;
  LaunchPhase phase_ = LaunchPhase::over;
  ExperimentPlan plan_;
  QStringList labels_;
  std::vector<RunView> runs_;
  std::function<void()> next_;  ///< what starts when the present run is stored
  std::optional<RaceInfo> info_;
  std::optional<WorkProgress> preparing_;
  InspectionRequest watched_;
  std::shared_ptr<const InspectionSet> inspection_;
  std::shared_ptr<const Rehearsal> rehearsal_;
  SessionState heard_ = SessionState::idle, state_ = SessionState::idle;
  std::int64_t step_ = 0;
  double epoch_ = 0;
  double steps_per_second_ = 0;
  Pace pace_;
  QString store_trouble_;
  std::map<std::uint64_t, QString> asked_;  ///< commands that may be refused, and what to say then
  int exit_status_ = 0;
  bool something_is_missing_ = false;

  std::atomic<bool> wake_pending_{false};
  QElapsedTimer since_fetch_;
  QTimer frame_;
  QTimer store_watch_;
  QString undoable_;
};

}  // namespace grapevine
