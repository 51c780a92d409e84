// What feedback takes of memory, by hand, and the refusal to start with too much.
#include <QtTest>

#include "engine/error.h"
#include "engine/nn/device.h"
#include "engine/training/feedback_memory.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

/// Points of 32×14×14, 64×7×7 and 128 features, ten classes.
Experiment lenet(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  for (const auto& [key, value] : {std::pair{"data.name", "shapes"}, std::pair{"model.name", "lenet5"},
                                   std::pair{"data.train_limit", "64"}, std::pair{"data.test_limit", "20"}})
    experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

std::string refusal(const std::vector<Experiment>& racers, double memory) {
  try {
    check_feedback_memory(racers, data_shape(racers.front()), "cpu", memory);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

constexpr double dense = 10 * (32 * 196 + 64 * 49 + 128) * 4, per_channel = 10 * (32 + 64 + 128) * 4,
                 grid = 10 * (96 * 16 + 128) * 4, low_rank = (8 * (32 * 196 + 64 * 49 + 128) + 3 * 80) * 4;

}  // namespace

class TestFeedbackMemory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bytes_are_as_counted_by_hand() {
    QCOMPARE(feedback_bytes(lenet("dfa")).matrices, dense);
    QCOMPARE(feedback_bytes(lenet("dfa")).with_all, dense);
    QCOMPARE(feedback_bytes(lenet("grape")).with_all, 3 * dense);  // and momentum, estimate
    QCOMPARE(feedback_bytes(lenet("dfa", {{"rule.structure", "per_channel"}})).matrices, per_channel);
    QCOMPARE(feedback_bytes(lenet("dfa", {{"rule.structure", "grid"}})).matrices, grid);
    QCOMPARE(feedback_bytes(lenet("dfa", {{"rule.structure", "low_rank"}})).matrices, low_rank);
    QCOMPARE(feedback_bytes(lenet("bp")).with_all, 0.0);
    // A point behind each of ResNet-56's convolutions: 19 maps of 16×32×32, 18 of 32×16×16, 18 of 64×8×8.
    const Experiment deep = [] {
      Experiment experiment = lenet("dfa", {{"data.name", "cifar100"}, {"model.name", "resnet56"}});
      experiment.set_text("model.feedback_points", "micro");
      return experiment;
    }();
    QCOMPARE(feedback_bytes(deep).matrices, 100.0 * (19 * 16 * 1024 + 18 * 32 * 256 + 18 * 64 * 64) * 4);
  }

  void sizes_are_told_in_three_digits() {
    QCOMPARE(size_text(0), std::string("0 bytes"));
    QCOMPARE(size_text(999), std::string("999 bytes"));
    QCOMPARE(size_text(1000), std::string("1.0 kB"));
    QCOMPARE(size_text(999900), std::string("1.0 MB"));
    QCOMPARE(size_text(381440), std::string("381 kB"));
    QCOMPARE(size_text(1.7e9), std::string("1.7 GB"));
  }

  void too_much_is_refused_with_the_alternatives() {
    QCOMPARE(refusal({lenet("dfa")}, 2 * dense), std::string());  // half of it is allowed
    const std::string words = refusal({lenet("dfa")}, 2 * dense - 10);
    for (const std::string& part :
         {size_text(dense), std::string("50 %"), std::string("feedback_memory"),
          "per_channel (" + size_text(per_channel) + ")", "grid 4×4 (" + size_text(grid) + ")",
          "low_rank 8 (" + size_text(low_rank) + ")"})
      QVERIFY2(words.find(part) != std::string::npos, (part + " in " + words).c_str());
    QCOMPARE(refusal({lenet("dfa")}, 0), std::string());  // nobody knows how much there is
    QCOMPARE(refusal({lenet("bp")}, 1), std::string());
    QCOMPARE(refusal({lenet("dfa", {{"feedback_memory", "1"}})}, dense), std::string());
    // What is no smaller is not offered, and a race counts all of its racers.
    const std::string grids = refusal({lenet("dfa", {{"rule.structure", "grid"}})}, 1000);
    QVERIFY(grids.find("low_rank") == std::string::npos && grids.find("per_channel") != std::string::npos);
    QVERIFY(!refusal({lenet("dfa"), lenet("grape")}, 7.9 * dense).empty());
    QVERIFY(refusal({lenet("dfa"), lenet("grape")}, 8.1 * dense).empty());
  }

  void a_run_is_refused_before_anything_is_loaded() {
    Race race({lenet("grape",
                     {{"feedback_memory", "1e-9"}, {"data.name", "mnist"}, {"data.dir", "/no/such/place"}})});
    try {
      race.prepare();
      QFAIL("it started");
    } catch (const InputError& error) {
      QVERIFY2(std::string(error.what()).find("rule.structure") != std::string::npos, error.what());
    }
    QVERIFY(device_memory(at::kCPU) > 1e8);
  }

  void the_start_tells_the_size() {
    Race race({lenet("dfa"), lenet("grape"), lenet("bp")});
    const RaceInfo info = race.prepare();
    bool told = false;
    for (const std::string& note : info.notes)
      told = told || note == "feedback matrices: DFA 381 kB, GrAPE 381 kB (1.1 MB including optimizer state)";
    QVERIFY(told);
  }

  // Each racer keeps the notes: they do not name all the others.
  void the_notes_of_a_large_race_are_short() {
    const std::vector<Experiment> racers(
        40, lenet("dfa", {{"data.name", "tiles"}, {"model.name", "mlp"}, {"model.hidden", "4"}}));
    Race race(racers);
    bool summed = false;
    for (const std::string& note : race.prepare().notes) {
      QVERIFY2(note.size() < 200, note.c_str());
      // Of each 4 × 2 numbers of four bytes, at its one hidden layer.
      summed = summed || note == "feedback matrices: 40 racers 1.3 kB";
    }
    QVERIFY(summed);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestFeedbackMemory)
#include "test_feedback_memory.moc"
