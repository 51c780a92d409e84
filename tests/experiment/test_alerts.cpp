// The lines that `alerts` names, and what is wrong with those that it can't.
#include <QtTest>

#include "engine/experiment/alert.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "tests/support/refusal.h"

using namespace grapevine;

class TestAlerts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lines_are_read_with_their_layers() {
    const std::vector<Alert> alerts = parse_alerts("cos_b_j[2]<0.2, test_accuracy > 9e-1,cos_delta<0");
    QCOMPARE(alerts.size(), std::size_t{3});
    QCOMPARE(alerts[0].measure, measure_index("cos_b_j"));
    QCOMPARE(alerts[0].point, 2);
    QVERIFY(!alerts[0].above && alerts[0].line == 0.2);
    QCOMPARE(alerts[1].measure, measure_index("test_accuracy"));
    QVERIFY(alerts[1].point == -1 && alerts[1].above && alerts[1].line == 0.9);
    QVERIFY(alerts[2].point == -1 && alerts[2].line == 0);
    QVERIFY(parse_alerts("").empty() && parse_alerts("  ").empty());
  }

  void what_is_no_line_is_refused_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("no sign") << "cos_b_j"
                             << "says no line";
    QTest::newRow("no number") << "cos_b_j<low"
                               << "no number";
    QTest::newRow("not finite") << "loss>inf"
                                << "no number";
    QTest::newRow("misspelt") << "test_acuracy>0.9"
                              << "did you mean test_accuracy?";
    QTest::newRow("a layer of a whole run's") << "test_accuracy[1]>0.9"
                                              << "is of the whole run";
    QTest::newRow("no layer") << "cos_b_j[]<0.2"
                              << "layer's number";
    QTest::newRow("layer 0") << "cos_b_j[0]<0.2"
                             << "layer's number";
    QTest::newRow("empty part") << "cos_b_j<0.2,,loss>1"
                                << "says no line";
  }
  void what_is_no_line_is_refused() {
    QFETCH(QString, text);
    QFETCH(QString, says);
    const std::string words = refusal([&] { parse_alerts(text.toStdString()); });
    QVERIFY2(has(words, says.toStdString()), words.c_str());
    // So is an experiment that asks for it, where it stands.
    Experiment experiment;
    experiment.set("alerts", text.toStdString());
    const auto complaints = experiment.complaints();
    QVERIFY(!complaints.empty());
    QCOMPARE(complaints.front().key, std::string("alerts"));
  }
};

QTEST_GUILESS_MAIN(TestAlerts)
#include "test_alerts.moc"
