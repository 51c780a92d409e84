// Which checkpoints stay: the newest two, a run's best, and what other runs begin with; and a racer that
// comes to its end before the others.
#include <QtTest>
#include <cstring>
#include <filesystem>

#include "engine/runs/backup.h"
#include "engine/runs/checkpoint_file.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/write_queue.h"
#include "tests/runs/support.h"

using namespace grapevine;

namespace {

constexpr const char* steps_of_the_first =
    "SELECT coalesce(group_concat(step, ' '), '') FROM (SELECT step FROM checkpoints WHERE run = 1 ORDER BY "
    "step)";

Observations checkpoint_news(std::int64_t step, bool best) {
  Observations news;
  news.checkpoints.emplace_back().racers = {checkpoint_at(step)};
  news.checkpoints.back().racers.front().best = best;
  return news;
}

/// Each is written before the next one comes.
void post_each(RunWriter& writer, const Folder& folder, std::int64_t from, std::int64_t to,
               std::int64_t best) {
  for (std::int64_t step = from; step <= to; ++step) {
    post(writer, checkpoint_news(step, step == best));
    QTRY_COMPARE(ask(folder.database(), "SELECT max(step) FROM checkpoints WHERE run = 1"),
                 std::to_string(step));
  }
}

}  // namespace

class TestKeptCheckpoints : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_latest_best_stays_beside_the_newest() {
    Folder folder;
    RunWriter writer(folder.database(), single());
    post_each(writer, folder, 1, 5, 2);
    QCOMPARE(ask(folder.database(), steps_of_the_first), std::string("2 4 5"));
    post_each(writer, folder, 6, 8, 6);
    QCOMPARE(ask(folder.database(), steps_of_the_first), std::string("6 7 8"));
    writer.finish(RunStatus::finished, "");
    QCOMPARE(ask(folder.database(), steps_of_the_first), std::string("6 7 8"));  // checkpoint.keep is last
  }

  void what_another_run_begins_with_stays() {
    Folder folder;
    RunWriter writer(folder.database(), single());
    post_each(writer, folder, 1, 1, 0);
    StoredRace child = single("22222222-0000-4000-8000-000000000002");
    child.origins = {{single().uuids.front(), 1, ask(folder.database(), "SELECT sha256 FROM checkpoints")}};
    {
      RunWriter further(folder.database(), child);
      further.finish(RunStatus::finished, "");
    }
    post_each(writer, folder, 2, 4, 0);
    QCOMPARE(ask(folder.database(), steps_of_the_first), std::string("1 3 4"));
    const CheckpointSet begun = RunReader(folder.database()).first_state({2});
    QCOMPARE(begun.racers.size(), std::size_t{1});
    QVERIFY(begun.racers.front().step == 1 && origin_step(begun.racers.front()) == 1);
    QVERIFY(RunReader(folder.database()).first_state({1}).racers.empty());  // begins at its own start
    tell(folder.database(), "DELETE FROM runs WHERE id = 2");
    post_each(writer, folder, 5, 5, 0);
    QCOMPARE(ask(folder.database(), steps_of_the_first), std::string("4 5"));
    writer.finish(RunStatus::stopped, "");
  }

  // Its run was changed at that very step afterwards: the row is of the new state, the file of the old one
  // stays.
  void a_state_that_was_changed_stays_for_the_child() {
    Folder folder;
    RunWriter writer(folder.database(), single());
    post_each(writer, folder, 1, 1, 0);
    const std::string start = ask(folder.database(), "SELECT sha256 FROM checkpoints");
    StoredRace child = single("22222222-0000-4000-8000-000000000002");
    child.origins = {{single().uuids.front(), 1, start}};
    child.forks = true;
    {
      RunWriter further(folder.database(), child);
      further.finish(RunStatus::stopped, "");
    }
    Observations again;
    again.checkpoints.emplace_back().racers = {checkpoint_at(1, 0.75f)};
    post(writer, again);
    QTRY_VERIFY(ask(folder.database(), "SELECT sha256 FROM checkpoints WHERE run = 1") != start);
    post_each(writer, folder, 2, 4, 0);
    writer.finish(RunStatus::stopped, "");
    const auto first_weight = [&] {
      const CheckpointSet begun = RunReader(folder.database()).first_state({2});
      float weight = 0;
      std::memcpy(&weight, begun.racers.front().arrays.at("weights/1").bytes.data(), sizeof weight);
      return weight;
    };
    QCOMPARE(first_weight(), 0.5f);
    QCOMPARE(origin_step(RunReader(folder.database()).first_state({2}).racers.front()),
             std::int64_t{0});  // a fork
    {
      RunWriter resumed_parent(folder.database(), resumed(single(), {1}, 4));  // which looks for orphans
      resumed_parent.finish(RunStatus::stopped, "");
    }
    QCOMPARE(first_weight(), 0.5f);
    // Deleting the parent hides it, and giving space back takes no file.
    RunEditor(folder.database()).remove({1});
    vacuum_database(folder.database());
    QCOMPARE(first_weight(), 0.5f);
    // Taken into another database, which has another state of that name, and of the parent knows nothing.
    Folder other;
    {
      RunWriter somebodys(other.database(), single("33333333-0000-4000-8000-000000000003"));
      post_each(somebodys, other, 1, 1, 0);
      somebodys.finish(RunStatus::stopped, "");
    }
    const std::string theirs =
        other.database() + "-checkpoints/" + single().uuids.front() + "-step-1.checkpoint";
    write_checkpoint(theirs, checkpoint_at(1, 0.25f));
    QCOMPARE(merge_database(other.database(), folder.database()).taken.size(), std::size_t{2});
    const CheckpointSet begun = RunReader(other.database()).first_state({3});
    float weight = 0;
    std::memcpy(&weight, begun.racers.front().arrays.at("weights/1").bytes.data(), sizeof weight);
    QCOMPARE(weight, 0.5f);
    QVERIFY(std::filesystem::exists(theirs));  // somebody's, and it stays
  }

  // A database under another name takes the states along that its runs begin with, named by rows or not.
  void a_renamed_database_keeps_what_its_runs_begin_with() {
    Folder folder;
    {
      RunWriter writer(folder.database(), single());
      post_each(writer, folder, 1, 1, 0);
      StoredRace child = single("22222222-0000-4000-8000-000000000002");
      child.origins = {{single().uuids.front(), 1, ask(folder.database(), "SELECT sha256 FROM checkpoints")}};
      child.forks = true;
      RunWriter(folder.database(), child).finish(RunStatus::stopped, "");
      Observations again;
      again.checkpoints.emplace_back().racers = {checkpoint_at(1, 0.75f)};
      post(writer, again);
      post_each(writer, folder, 2, 4, 0);
      writer.finish(RunStatus::stopped, "");
    }
    const std::string renamed = folder.database() + ".renamed.db";
    back_up_database(folder.database(), renamed);
    RunWriter(renamed, resumed(single(), {1}, 4)).finish(RunStatus::stopped, "");
    const CheckpointSet begun = RunReader(renamed).first_state({2});
    float weight = 0;
    std::memcpy(&weight, begun.racers.front().arrays.at("weights/1").bytes.data(), sizeof weight);
    QCOMPARE(weight, 0.5f);
  }

  void a_best_that_waits_is_not_superseded() {
    WriteQueue queue(1);
    for (const auto& [step, best] : {std::pair{1, true}, std::pair{2, false}, std::pair{3, false}}) {
      Observations news = checkpoint_news(step, best);
      queue.add(news);
    }
    QCOMPARE(queue.take_checkpoint()->racers.front().step, 1);
    QCOMPARE(queue.take_checkpoint()->racers.front().step, 3);
    QVERIFY(!queue.has_checkpoint());
    Observations first = checkpoint_news(4, true), better = checkpoint_news(5, true);
    queue.add(first);
    queue.add(better);
    QCOMPARE(queue.take_checkpoint()->racers.front().step, 5);
    QVERIFY(!queue.has_checkpoint());
  }

  void a_racer_that_ends_early_is_finished_where_it_ended() {
    Folder folder;
    RunWriter writer(folder.database(), race_of_two());
    Observations news;
    news.states = {SessionState::running};
    news.events = {event_of(1, 5, "finished", "ended early", "{\"early_stop\": true}")};
    news.step = 6;
    news.epoch = 0.06;
    post(writer, news);
    Observations later;
    later.step = 9;
    later.epoch = 0.09;
    later.states = {SessionState::running};
    post(writer, later);
    QTRY_COMPARE(ask(folder.database(), "SELECT steps FROM runs WHERE id = 1"), std::string("9"));
    QCOMPARE(ask(folder.database(), "SELECT steps || status FROM runs WHERE id = 2"),
             std::string("5finished"));
    QCOMPARE(ask(folder.database(), "SELECT status FROM runs WHERE id = 1"), std::string("running"));
    std::vector<RunData> live(2);
    absorb(live, news);
    absorb(live, later);
    QVERIFY(live[1].step == 5 && live[1].status == RunStatus::finished && live[0].step == 9 &&
            live[0].status == RunStatus::running);
    writer.finish(RunStatus::stopped, "");
    QCOMPARE(ask(folder.database(), "SELECT group_concat(status) FROM runs"),
             std::string("stopped,finished"));
  }
};

QTEST_GUILESS_MAIN(TestKeptCheckpoints)
#include "test_kept_checkpoints.moc"
