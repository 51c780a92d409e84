// Parameters leave the program and come back, and a finished run is trained further: the whole way through
// the terminal.
#include "tests/app/terminal.h"

class TestParameters : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    QCOMPARE(terminal_.run(Terminal::small({"train", "--set", "rule.name=grape"})).status, 0);
  }

  void parameters_are_written_in_each_format_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("begins");
    QTest::newRow("safetensors") << "safetensors" << QByteArray();
    QTest::newRow("npz") << "npz" << QByteArray("PK");
    QTest::newRow("pt") << "pt" << QByteArray("PK");
  }
  void parameters_are_written_in_each_format() {
    QFETCH(QString, format);
    QFETCH(QByteArray, begins);
    const QString file = terminal_.path("run." + format);
    const Outcome outcome = terminal_.run({"export", "1", "-o", file, "--json"});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QByteArray content = terminal_.read("run." + format);
    QCOMPARE(outcome.json()["bytes"_L1].toInteger(), content.size());
    QVERIFY(content.startsWith(begins) && content.contains("segments.0.1.weight") &&
            content.contains("feedback.1"));
    QVERIFY(terminal_.run({"export", "1", "--format", format}).status == 2);  // no text for a terminal
  }

  void a_run_starts_from_a_file() {
    const QString file = terminal_.path("start.safetensors");
    QCOMPARE(terminal_.run({"export", "1", "-o", file}).status, 0);
    const QString experiment = terminal_.write("next.json", "{\"rule\": {\"name\": \"dfa\"}}");
    const Outcome outcome =
        terminal_.run(Terminal::small({"import", "start.safetensors", "--into", experiment, "--json"}, 1));
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    // Found again from wherever it is resumed.
    QCOMPARE(outcome.json()["experiment"_L1]["model"_L1]["weights"_L1].toString(), file);
    const Outcome other = terminal_.run(Terminal::small({"import", file, "--into", experiment}, 1) +
                                        QStringList{"--set", "model.hidden=16,8"});
    QCOMPARE(other.status, 2);
    QVERIFY2(is_one_line(other.err) && other.err.contains("segments.1.0.weight, 8×16: the file has 16×16"),
             qPrintable(other.err));
    const Outcome nowhere = terminal_.run({"import", "no.safetensors", "--into", experiment});
    QVERIFY2(nowhere.status == 2 && nowhere.err.contains("no.safetensors"), qPrintable(nowhere.err));
    QCOMPARE(terminal_.run({"import", file}).status, 2);
  }

  void a_finished_run_is_trained_further() {
    const Outcome outcome = terminal_.run({"resume", "1", "--set", "train.epochs=1", "--json"});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonObject run = outcome.json();
    QCOMPARE(run["parent"_L1]["step"_L1].toInt(), 20);
    QCOMPARE(run["steps"_L1].toInt(), 30);
    QCOMPARE(run["status"_L1].toString(), QString("finished"));
    QVERIFY(run["run"_L1].toInt() > 1);
    const QJsonArray epochs = run["epochs"_L1].toArray();
    QVERIFY(epochs.size() == 1 && epochs[0]["epoch"_L1].toInt() == 3);
    QVERIFY(terminal_.run({"show", QString::number(run["run"_L1].toInt())}).out.contains("trained further"));
    const Outcome refused = terminal_.run({"resume", "1"});
    QVERIFY2(refused.status == 2 && refused.err.contains("--set train.epochs=N"), qPrintable(refused.err));
  }

  void an_early_stop_is_told() {
    const Outcome outcome =
        terminal_.run(Terminal::small({"train", "--json"}, 9) +
                      QStringList{"--set", "optimizer.lr=1e-12", "--set", "train.patience=2", "--set",
                                  "train.monitor=test_accuracy"});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QCOMPARE(outcome.json()["steps"_L1].toInt(), 30);
    const QJsonObject last = outcome.json()["events"_L1].toArray().last().toObject();
    QCOMPARE(last["kind"_L1].toString(), QString("finished"));
    QVERIFY(last["data"_L1]["early_stop"_L1].toBool());
    QVERIFY2(last["cause"_L1].toString().contains("no new best for 2 epochs"),
             qPrintable(last["cause"_L1].toString()));
  }

 private:
  const Terminal terminal_;
};

QTEST_GUILESS_MAIN(TestParameters)
#include "test_parameters.moc"
