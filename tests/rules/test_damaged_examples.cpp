// A worked example that is damaged, or asks for nonsense, is refused with its place.
#include <QDir>
#include <QFile>
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/checks/verify.h"
#include "engine/experiment/registry.h"
#include "engine/rules/rule.h"

#include "tests/rules/worked_examples.h"

namespace grapevine {

class TestDamagedExamples : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_example_that_is_damaged_is_refused_data() {
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("named");
    QTest::newRow("a newer format") << QByteArray("\"format\": 1") << QByteArray("\"format\": 2") << "format";
    QTest::newRow("an unknown rule") << QByteArray("\"dfa\"") << QByteArray("\"dfb\"") << "dfb";
    QTest::newRow("a wrong shape") << QByteArray("\"shape\": [") << QByteArray("\"shape\": [7, ") << "shape";
    QTest::newRow("no batch") << QByteArray("\"batch\"") << QByteArray("\"batches\"") << "batch";
    QTest::newRow("a number that no double holds")
        << QByteArray("\"loss\": ") << QByteArray("\"loss\": 1e999, \"loss\": ") << "can't be read";
    QTest::newRow("cut short") << QByteArray("\"tolerance\"") << QByteArray() << "JSON";
  }

  void an_example_that_is_damaged_is_refused() {
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, named);
    QByteArray text = QByteArray::fromStdString(read(folder().filePath("dfa_mlp.json")));
    const qsizetype at = text.indexOf(from);
    QVERIFY(at >= 0);
    if (to.isEmpty())
      text.truncate(at);
    else
      text.replace(at, from.size(), to);
    const VerifyLine line = verify("dfa.json", text.toStdString(), "cpu");
    QVERIFY(!line.passed);
    QVERIFY2(line.trouble.find(named.toStdString()) != std::string::npos, line.trouble.c_str());
    QVERIFY2(line.trouble.find("dfa.json") != std::string::npos, line.trouble.c_str());
  }

  void an_example_that_asks_for_nonsense_is_refused_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("patch");  // RFC 6902
    QTest::addColumn<QString>("named");
    const auto row = [](const char* file, const char* patch, const char* named) {
      QTest::newRow(patch) << QString(file) << QByteArray(patch) << QString(named);
    };
    const auto add = [&](const char* file, const char* path, const char* value, const char* named) {
      row(file, qPrintable(QString(R"([{"op": "add", "path": "%1", "value": %2}])").arg(path, value)), named);
    };
    add("dfa_cnn", "/network/segments/0/0/stride", "0", "segment 1, layer 1 (conv2d): stride=0");
    add("dfa_cnn", "/network/segments/0/0/kernel", "0", "kernel=0");
    add("dfa_cnn", "/network/segments/0/0/dilation", "2", "no field 'dilation'");
    add("dfa_mlp", "/network/segments/0/1/type", "\"tahn\"", "did you mean tanh");
    add("dfa_mlp", "/network/input", "[0]", "network.input");
    add("dfa_mlp", "/rule/nonsense", "3", "rule.nonsense: dfa has no such setting");
    add("dfa_mlp", "/rule/align_rate", "0.1", "rule.align_rate: dfa has no such setting");
    add("dfa_mlp", "/rule/lr", "0.1", "rule.lr");
    add("dfa_mlp", "/rule/name", "\"bp\"", "rule.name");
    add("grape_shared", "/rule/align_rat", "0.1", "did you mean align_rate");
    add("grape_shared", "/rule/directions", "1.5", "rule.directions=1.5");
    add("dfa_mlp", "/expect/signals/1/shape", "[8, 4]",
        "expect.signals.1 has the shape 8×4, the step gives 4×8");
    add("dfa_mlp", "/expect/signals/1abc", R"({"shape": [0], "data": []})", "1abc");
    add("dfa_mlp", "/expect/singals", "{}", "singals");
    add("dfa_mlp", "/expect/measures/cos_delta/9", "0", "'9'");
    add("dfa_mlp", "/batch/x/shape", "[4, 1, 5]", "batch.x");
    row("dfa_mlp", R"([{"op": "replace", "path": "/batch/y/0", "value": 17}])", "class 17");
    row("dfa_mlp", R"([{"op": "replace", "path": "/batch/y/0", "value": 1.5}])", "1.5");
    row("dfa_mlp", R"([{"op": "remove", "path": "/state/feedback/2"}])", "state.feedback has no '2'");
    row("fa_mlp", R"([{"op": "remove", "path": "/state/transport/3.0"}])", "state.transport has no '3.0'");
    row("pepita_mlp", R"([{"op": "remove", "path": "/state/projection"}])", "state has no 'projection'");
    add("dfa_mlp", "/state/feedback/3", R"({"shape": [0], "data": []})", "state.feedback has '3'");
    add("dfa_mlp", "/state/feedbak", "{}", "feedbak");
    add("dfa_mlp", "/network/sizes", "[]", "'sizes'");
    row("dfa_mlp", R"([{"op": "replace", "path": "/batch/y/0", "value": 1e300}])", "1e+300");
    row("dfa_mlp", R"([{"op": "add", "path": "/rule/structure", "value": "low_rank"},
                       {"op": "add", "path": "/rule/rank", "value": 2}])",
        "state.feedback");
    add("brsf_mlp", "/state/magnitude", R"({"2.0": {"shape": [1], "data": [1]}})", "draws.magnitude");
    add("dfa_mlp", "/state", "null", "state must be an object");
    add("dfa_mlp", "/draws/perturbations", "[]", "perturbations");
    add("dfa_mlp", "/parameters/9.0.weight", R"({"shape": [0], "data": []})", "9.0.weight");
  }

  void an_example_that_asks_for_nonsense_is_refused() {
    QFETCH(QString, file);
    QFETCH(QByteArray, patch);
    QFETCH(QString, named);
    const auto whole = nlohmann::json::parse(read(folder().filePath(file + ".json")));
    QVERIFY(verify("it.json", whole.dump(), "cpu").passed);
    const auto changed = whole.patch(nlohmann::json::parse(patch.toStdString()));
    const VerifyLine line = verify("it.json", changed.dump(), "cpu");
    QVERIFY(!line.passed);
    QVERIFY2(line.trouble.find(named.toStdString()) != std::string::npos, line.trouble.c_str());
    QVERIFY2(line.trouble.find("it.json: ") == 0, line.trouble.c_str());
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestDamagedExamples)
#include "test_damaged_examples.moc"
