// How a run began is stored and kept, wherever it is resumed; and what a run is judged by.
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/runs/export.h"
#include "engine/runs/stored_beginning.h"
#include "tests/runs/support.h"

namespace grapevine {
namespace {

constexpr const char* started =
    "{\"device\":\"cpu\",\"threads\":2,\"library\":\"LibTorch 1\",\"data_digest\":\"abc\",\"probe_every\":7,"
    "\"measures\":[\"cos_b_j\",\"norms\"],\"asked\":{\"threads\":\"0\",\"device\":\"auto\"}}";
constexpr const char* resumed_elsewhere =
    "{\"device\":\"cuda:0\",\"threads\":8,\"library\":\"LibTorch 2\",\"data_digest\":\"abc\","
    "\"probe_every\":9,\"measures\":[\"cos_delta\"],\"asked\":{\"threads\":\"8\",\"device\":\"cuda\"}}";

/// Stores a run that began on two threads and was resumed on another machine.
std::int64_t store(const Folder& folder) {
  StoredRace race = single();
  race.racers.front().set("threads", std::int64_t{2});
  RunWriter writer(folder.database(), race);
  Observations news;
  news.events = {event_of(0, 0, "started", "", started), event_of(0, 50, "resumed", "", resumed_elsewhere)};
  news.step = 60;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  return writer.ids().front();
}

RunData with(std::initializer_list<std::tuple<const char*, std::int64_t, double>> values) {
  RunData run;
  Observations news;
  for (const auto& [measure, step, value] : values)
    news.samples.push_back(sample(0, measure, 0, step, value));
  std::vector<RunData> runs{run};
  absorb(runs, news);
  return runs.front();
}

}  // namespace

class TestBeginnings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_run_keeps_its_machine_and_data() {
    const Folder folder;
    const std::int64_t id = store(folder);
    QCOMPARE(ask(folder.database(), "SELECT device || threads || data_digest FROM runs"),
             std::string("cpu2abc"));
    QCOMPARE(ask(folder.database(), "SELECT json_extract(experiment, '$.threads') FROM runs"),
             std::string("2"));
    QCOMPARE(ask(folder.database(), "SELECT json_extract(versions, '$.library') FROM runs"),
             std::string("LibTorch 1"));
    QCOMPARE(ask(folder.database(), "SELECT json_extract(versions, '$.arithmetic') FROM runs"),
             std::to_string(arithmetic_version));
    RunReader reader(folder.database());
    const RunData run = reader.load(id);
    QCOMPARE(run.data_digest, std::string("abc"));
    QCOMPARE(run.threads, 2);
    const nlohmann::json result = run_result(run);
    QCOMPARE(result.at("data_digest").get<std::string>(), std::string("abc"));
    QCOMPARE(result.at("threads").get<int>(), 2);
    QCOMPARE(result.at("versions").at("library").get<std::string>(), std::string("LibTorch 1"));
  }

  void a_run_goes_on_being_measured_as_it_began() {
    const Folder folder;
    const std::int64_t id = store(folder);
    const RunData run = RunReader(folder.database()).load(id);
    const Beginning beginning = stored_beginning(run);
    QVERIFY(!beginning.rise_within_schedule);
    QCOMPARE(beginning.probe_every, std::int64_t{7});
    QCOMPARE(beginning.measures, (std::vector<std::string>{"cos_b_j", "norms"}));
    QCOMPARE(asked_of_machine(run).at("threads"), std::string("0"));
    QCOMPARE(asked_of_machine(run).at("device"), std::string("auto"));
  }

  void a_run_of_the_first_version_keeps_its_rise() {
    RunData run;
    run.versions = "{\"grapevine\":\"0.1.0\",\"library\":\"LibTorch 1.13.1\",\"sqlite\":\"3.40.1\"}";
    run.events = {event_of(0, 0, "started", "", "{\"device\":\"cpu\",\"threads\":1}")};
    Beginning beginning = stored_beginning(run);
    QVERIFY(beginning.rise_within_schedule);
    QCOMPARE(beginning.probe_every, std::int64_t{-1});
    QVERIFY(beginning.measures.empty());
    // From its first resumption on it is known how it is measured.
    run.events.push_back(event_of(0, 50, "resumed", "", "{\"probe_every\":9,\"measures\":[\"angle\"]}"));
    beginning = stored_beginning(run);
    QCOMPARE(beginning.probe_every, std::int64_t{9});
    QCOMPARE(beginning.measures, std::vector<std::string>{"angle"});
    // What others wrote is read with care.
    run.events = {
        event_of(0, 0, "started", "", "{\"probe_every\":\"x\",\"measures\":{\"a\":[1]},\"asked\":3}")};
    beginning = stored_beginning(run);
    QCOMPARE(beginning.probe_every, std::int64_t{-1});
    QVERIFY(beginning.measures.empty());
    QVERIFY(asked_of_machine(run).empty());
    run.versions = "nothing like JSON";
    QVERIFY(stored_beginning(run).rise_within_schedule);
  }

  void a_run_is_judged_by_validation_where_it_has_any() {
    const RunData tested = with({{"test_accuracy", 10, 0.5}, {"test_accuracy", 20, 0.7}});
    QCOMPARE(judged_by(tested).key, std::string("test_accuracy"));
    const RunData held_out = with({{"test_accuracy", 10, 0.9},
                                   {"validation_accuracy", 10, 0.6},
                                   {"validation_accuracy", 20, 0.8},
                                   {"validation_accuracy", 30, 0.8}});
    const auto best = best_of(held_out);
    QVERIFY(best.has_value());
    QCOMPARE(best->measure->key, std::string("validation_accuracy"));
    QCOMPARE(best->step, std::int64_t{20});  // the earliest of equals
    const nlohmann::json result = run_result(held_out);
    QCOMPARE(result.at("best").at("measure").get<std::string>(), std::string("validation_accuracy"));
    QCOMPARE(result.at("best").at("value").get<double>(), 0.8);
    QCOMPARE(result.at("best").at("step").get<int>(), 20);
    QCOMPARE(result.at("best_validation_accuracy").get<double>(), 0.8);
    QCOMPARE(result.at("best_test_accuracy").get<double>(), 0.9);
    const RunData text = with({{"test_perplexity", 10, 50.0}, {"test_perplexity", 20, 40.0}});
    QCOMPARE(best_of(text)->value, 40.0);
    QCOMPARE(run_result(text).at("best").at("measure").get<std::string>(), std::string("test_perplexity"));
    QVERIFY(run_result(with({{"loss", 1, 2.0}})).at("best").is_null());
    QVERIFY(!best_of(with({{"test_accuracy", 1, std::nan("")}})).has_value());
  }

  void epochs_tell_of_every_phase_there_is() {
    const nlohmann::json with_validation = run_result(with({{"train_loss", 10, 2.0},
                                                            {"validation_loss", 10, 2.1},
                                                            {"validation_accuracy", 10, 0.4},
                                                            {"test_loss", 10, 2.2},
                                                            {"training_seconds", 10, 3.0},
                                                            {"evaluation_seconds", 10, 1.0}}))
                                               .at("epochs")
                                               .at(0);
    QCOMPARE(with_validation.at("validation_loss").get<double>(), 2.1);
    QCOMPARE(with_validation.at("validation_accuracy").get<double>(), 0.4);
    QCOMPARE(with_validation.at("seconds").get<double>(), 3.0);
    QCOMPARE(with_validation.at("evaluation_seconds").get<double>(), 1.0);
    // Version 0.1.0's seconds stand in for what is not known, and the document says what they hold.
    const nlohmann::json old = run_result(with({{"test_loss", 10, 2.2}, {"epoch_seconds", 10, 5.0}}));
    QCOMPARE(old.at("epochs").at(0).at("seconds").get<double>(), 5.0);
    QVERIFY(old.at("epochs").at(0).at("evaluation_seconds").is_null());
    QVERIFY(!old.at("epochs").at(0).contains("validation_loss"));
    QCOMPARE(old.at("notes").size(), std::size_t{1});
    QVERIFY(old.at("notes").at(0).get<std::string>().find("0.1.0") != std::string::npos);
    QVERIFY(!run_result(with({{"test_loss", 10, 2.2}})).contains("notes"));
  }

  // A cosine is never beyond 1, even where its estimate is; nor is one that was stored before.
  void an_estimate_is_never_shown_beyond_one() {
    const Folder folder;
    RunWriter writer(folder.database(), single());
    Observations news;
    news.samples = {sample(0, "cos_b_j", 1, 10, 1.01), sample(0, "cos_b_j", 2, 10, -1.2),
                    sample(0, "norm_weights", 1, 10, 1.5), sample(0, "cos_update", 1, 10, 1.0000002)};
    news.step = 10;
    post(writer, news);
    writer.finish(RunStatus::finished, "");
    const RunData stored = RunReader(folder.database()).load(writer.ids().front());
    std::vector<RunData> live(1);
    absorb(live, news);
    for (const RunData* run : {&stored, &std::as_const(live.front())}) {
      QCOMPARE(run->last("cos_b_j", 1), 1.0);
      QCOMPARE(run->last("cos_b_j", 2), -1.0);
      QCOMPARE(run->last("norm_weights", 1), 1.5);
      QCOMPARE(run->last("cos_update", 1), 1.0000002);  // no estimate: as it was computed
    }
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestBeginnings)
#include "test_beginnings.moc"
