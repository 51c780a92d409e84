// Which segments a residual path goes around, as a run tells its drawings.
#include <QtTest>

#include "engine/training/race.h"
#include "tests/training/small_run.h"

namespace grapevine {
namespace {

using Blocks = std::vector<std::pair<int, int>>;

Blocks blocks_of(const char* model, const char* points) {
  const Experiment experiment = small("bp", {{"data.train_limit", "16"},
                                             {"data.test_limit", "16"},
                                             {"train.batch", "8"},
                                             {"probe.batch", "8"},
                                             {"model.name", model},
                                             {"model.feedback_points", points}});
  Race race({experiment});
  return race.prepare().networks.front().blocks;
}

}  // namespace

class TestResidualBlocks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // ResNet-20: a convolution, nine blocks of two convolutions, the output.
  void micro_points_lie_within_blocks() {
    const Blocks blocks = blocks_of("resnet20", "micro");
    QCOMPARE(blocks.size(), std::size_t{9});
    for (int i = 0; i < 9; ++i)
      QCOMPARE(blocks[static_cast<std::size_t>(i)], (std::pair{2 + 2 * i, 3 + 2 * i}));
  }

  void macro_points_end_blocks() {
    const Blocks blocks = blocks_of("resnet20", "macro");
    QCOMPARE(blocks.size(), std::size_t{9});
    for (int i = 0; i < 9; ++i) QCOMPARE(blocks[static_cast<std::size_t>(i)], (std::pair{2 + i, 2 + i}));
  }

  void others_have_none() { QVERIFY(blocks_of("lenet5", "macro").empty()); }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestResidualBlocks)
#include "test_residual_blocks.moc"
