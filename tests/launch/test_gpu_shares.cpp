// Several runs at once on machines with and without GPUs: how many, and which takes which.
#include <QtTest>

#include "engine/launch/gpu_shares.h"

using namespace grapevine;

class TestGpuShares : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cells_are_spread_over_the_gpus() {
    std::vector<int> busy(3, 0);
    std::vector<int> taken;
    for (int cell = 0; cell < 7; ++cell) {
      const GpuShare share = share_for("auto", busy);
      QVERIFY(share.alone);
      ++busy[static_cast<std::size_t>(share.gpu)];
      taken.push_back(share.gpu);
    }
    // One each, then a second one each: no GPU has two more than another.
    QCOMPARE(taken, (std::vector<int>{0, 1, 2, 0, 1, 2, 0}));
    --busy[1];  // one of its cells has ended
    QCOMPARE(share_for("cuda", busy), (GpuShare{1, true}));
  }

  void a_gpu_that_is_named_is_taken() {
    // Its process sees all GPUs: alone with it, that GPU would be cuda:0.
    QCOMPARE(share_for("cuda:1", {0, 5}), (GpuShare{1, false}));
    // That the others keep away from it is in what is busy.
    QCOMPARE(share_for("auto", {1, 0}), (GpuShare{1, true}));
    // There is no such GPU, which the run says itself.
    for (const char* device : {"cuda:2", "cuda:", "cuda:x", "cuda:-1"})
      QCOMPARE(share_for(device, {0, 0}), GpuShare{});
  }

  void without_gpus_there_is_nothing_to_share() {
    for (const char* device : {"auto", "cuda", "cuda:0", "cpu"}) QCOMPARE(share_for(device, {}), GpuShare{});
    QCOMPARE(share_for("cpu", {0, 0}), GpuShare{});
  }

  void as_many_at_once_as_there_is_room_for() {
    QCOMPARE(runs_at_once({"auto", "auto"}, 4, 16, 1), 4);  // one on each GPU
    QCOMPARE(runs_at_once({"cuda:0", "cuda:1", "cuda:1"}, 4, 16, 1), 2);
    QCOMPARE(runs_at_once({"cpu", "auto"}, 2, 16, 1), 2);
    QCOMPARE(runs_at_once({"cpu", "cpu"}, 4, 16, 1), 16);
    QCOMPARE(runs_at_once({"auto"}, 0, 16, 4), 4);  // 16 cores, four threads each
    QCOMPARE(runs_at_once({"auto"}, 0, 2, 4), 1);
    QCOMPARE(runs_at_once({}, 4, 8, 1), 8);
  }
};

QTEST_APPLESS_MAIN(TestGpuShares)
#include "test_gpu_shares.moc"
