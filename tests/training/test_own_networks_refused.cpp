// Networks that an experiment lists itself, and whose layers don't fit: refused, with the place.
#include <QtTest>
#include <cstring>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/training/race.h"
#include "tests/training/own_data.h"

namespace grapevine {
namespace {

std::string refusal(const std::string& segments, const char* data = "shapes") {
  Experiment experiment = with_data(Experiment("dfa"));
  experiment.set_text("data.name", data);
  experiment.set_text("model.name", "custom");
  experiment.set_text("model.segments", segments);
  try {
    build_model(experiment, data_shape(experiment));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

class TestOwnNetworksRefused : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Shapes that don't fit: the message names the segment, the layer, and what there is instead.
  void what_does_not_fit_is_refused_at_its_place_data() {
    QTest::addColumn<QString>("segments");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("wrong in") << R"([[{"type":"flatten"},{"type":"linear","in":99,"out":10}]])"
                              << QStringList{"segment 1, layer 2 (linear)", "99 features", "784"};
    QTest::newRow("no image") << R"([[{"type":"flatten"}],[{"type":"conv2d","out":4,"kernel":3}]])"
                              << QStringList{"segment 2, layer 1 (conv2d)", "784"};
    QTest::newRow("too small") << R"([[{"type":"max_pool2d","kernel":29}]])"
                               << QStringList{"segment 1, layer 1 (max_pool2d)", "29 pixels"};
    QTest::newRow("in a body")
        << R"([[{"type":"residual","body":[{"type":"relu"},{"type":"linear","in":7,"out":28}]}]])"
        << QStringList{"segment 1, layer 1, body layer 2 (linear)", "7 features"};
    QTest::newRow("unequal branches")
        << R"([[{"type":"residual","body":[{"type":"conv2d","out":2,"kernel":1}]}],[{"type":"flatten"}]])"
        << QStringList{"segment 1, layer 1 (residual)", "2×28×28"};
    QTest::newRow("other classes") << R"([[{"type":"flatten"},{"type":"linear","out":12}]])"
                                   << QStringList{"12 numbers", "10 classes"};
    QTest::newRow("no vector") << R"([[{"type":"conv2d","out":4,"kernel":3}]])"
                               << QStringList{"one number per class"};
    QTest::newRow("fewer channels")
        << R"([[{"type":"conv2d","out":4,"kernel":1}],[{"type":"subsample_pad","out":2}]])"
        << QStringList{"segment 2, layer 1 (subsample_pad)", "out=2"};
    QTest::newRow("words of images") << R"([[{"type":"embedding","out":4}]])"
                                     << QStringList{"segment 1, layer 1 (embedding)", "no words"};
    QTest::newRow("words of images, inside")
        << R"([[{"type":"flatten"},{"type":"residual","body":[{"type":"embedding","out":4}]}]])"
        << QStringList{"segment 1, layer 2 (residual)", "no words"};
    QTest::newRow("a join alone") << R"([[{"type":"flatten"},{"type":"join"}]])"
                                  << QStringList{"segment 1, layer 2 (join)", "fork"};
  }

  void what_does_not_fit_is_refused_at_its_place() {
    QFETCH(QString, segments);
    QFETCH(QStringList, words);
    const QString message = QString::fromStdString(refusal(segments.toStdString()));
    for (const QString& word : words) QVERIFY2(message.contains(word), qPrintable(message));
    QVERIFY2(message.contains("model.segments") && message.contains("shapes"), qPrintable(message));
  }

  void what_does_not_fit_text_is_refused_at_its_place_data() {
    QTest::addColumn<QString>("segments");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("all rows in one")
        << R"([[{"type":"embedding","out":4},{"type":"residual","body":[{"type":"rms_norm"}]}]])"
        << QStringList{"segment 1, layer 2 (residual)", "come after it"};
    QTest::newRow("not embedded") << R"([[{"type":"linear","out":4}]])"
                                  << QStringList{"segment 1, layer 1 (linear)", "embedding"};
    QTest::newRow("embedded twice") << R"([[{"type":"embedding","out":4}],[{"type":"embedding","out":4}]])"
                                    << QStringList{"segment 2, layer 1 (embedding)", "first layer"};
    QTest::newRow("other words") << R"([[{"type":"embedding","in":7,"out":4}]])"
                                 << QStringList{"in=7", "32000"};
    QTest::newRow("no queries") << R"([[{"type":"embedding","out":4},{"type":"attention"}]])"
                                << QStringList{"layer 2 (attention)", "queries, keys, values"};
    QTest::newRow("uneven heads") << R"([[{"type":"embedding","out":12},{"type":"attention","heads":3}]])"
                                  << QStringList{"layer 2 (attention)", "3 heads"};
    QTest::newRow("no rows") << R"([[{"type":"embedding","out":4},{"type":"flatten"}]])"
                             << QStringList{"segment 1, layer 2 (flatten)", "come after it"};
  }

  void what_does_not_fit_text_is_refused_at_its_place() {
    QFETCH(QString, segments);
    QFETCH(QStringList, words);
    const QString message = QString::fromStdString(refusal(segments.toStdString(), "wikitext2"));
    for (const QString& word : words) QVERIFY2(message.contains(word), qPrintable(message));
    QVERIFY2(message.contains("model.segments") && message.contains("wikitext2"), qPrintable(message));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestOwnNetworksRefused)
#include "test_own_networks_refused.moc"
