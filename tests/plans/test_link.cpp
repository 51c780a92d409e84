// Links: what goes into one comes out again, and what must not travel doesn't.
#include <QTest>

#include "engine/error.h"
#include "engine/plans/link.h"

using namespace grapevine;

namespace {

/// JSON with ' for ".
ExperimentPlan plan_of(QString document) {
  return make_plan(document.replace(QLatin1Char('\''), QLatin1Char('"')).toStdString(), "test", {});
}

}  // namespace

class TestLink : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void plans_travel_data();
  void plans_travel();
  void a_link_is_short();
  void what_lies_on_this_machine_stays_here();
  void hostile_links_are_refused_data();
  void hostile_links_are_refused();
  void browsers_may_add_slashes();
};

void TestLink::plans_travel_data() {
  QTest::addColumn<QString>("document");
  QTest::newRow("defaults") << "{}";
  QTest::newRow("one rule") << "{'seed': 7, 'rule': {'name': 'residual', 'align_rate': 0.25}}";
  QTest::newRow("race") << "{'model': {'hidden': [64, 32]}, 'race': [{'rule': {'name': 'bp'}},"
                           "{'name': 'slow & steady', 'rule': {'name': 'grape', 'align_rate': 0.001}},"
                           "{'name': 'quick = 1%', 'rule': {'name': 'grape', 'align_rate': 0.1},"
                           " 'optimizer': {'lr': 0.01}}]}";
  QTest::newRow("race of one") << "{'race': [{'rule': {'name': 'dfa'}}]}";
  QTest::newRow("custom network")
      << "{'data': {'name': 'shapes'}, 'model': {'segments': [[{'type': 'flatten'},"
         "{'type': 'linear', 'out': 8}, {'type': 'tanh'}],"
         "[{'type': 'linear', 'out': 10}]]}}";
}

void TestLink::plans_travel() {
  QFETCH(QString, document);
  const ExperimentPlan plan = plan_of(document);
  const Link back = read_link(link_to(plan, "scope"));
  QCOMPARE(back.plan.is_race, plan.is_race);
  QVERIFY(back.plan.racers == plan.racers);
  QCOMPARE(back.view, std::string("scope"));
}

void TestLink::a_link_is_short() {
  const auto plan = plan_of("{'seed': 3, 'race': [{'rule': {'name': 'bp'}}, {'rule': {'name': 'dfa'}}]}");
  QCOMPARE(link_to(plan, "stage"),
           std::string("grapevine:?seed=3&racer&rule.name=bp&racer&rule.name=dfa&view=stage"));
}

void TestLink::what_lies_on_this_machine_stays_here() {
  const auto plan = plan_of("{'data': {'dir': '/data/mine'}, 'threads': 3, 'device': 'cpu'}");
  const std::string link = link_to(plan);
  QCOMPARE(link, std::string("grapevine:?rule.name=grape"));
  QVERIFY(!key_that_may_not_travel(plan).empty());
  QCOMPARE(key_that_may_not_travel(plan_of("{}")), std::string());
}

void TestLink::hostile_links_are_refused_data() {
  QTest::addColumn<QString>("link");
  QTest::addColumn<QString>("part_of_message");
  QTest::newRow("no link") << "http://example.org"
                           << "begin with grapevine:";
  QTest::newRow("folder") << "grapevine:?data.dir=/etc"
                          << "data.dir";
  QTest::newRow("folder, encoded") << "grapevine:?data%2Edir=%2Fetc"
                                   << "data.dir";
  QTest::newRow("folder of a racer") << "grapevine:?racer&rule.name=bp&data.dir=/etc"
                                     << "data.dir";
  QTest::newRow("device") << "grapevine:?device=cuda:7"
                          << "device";
  QTest::newRow("threads") << "grapevine:?threads=1000"
                           << "threads";
  QTest::newRow("database") << "grapevine:?db=/tmp/x"
                            << "db";
  QTest::newRow("unknown") << "grapevine:?optimiser.lr=1"
                           << "optimizer.lr";
  QTest::newRow("out of range") << "grapevine:?optimizer.lr=-1"
                                << "optimizer.lr";
  QTest::newRow("control character") << "grapevine:?name=%1b[31m"
                                     << "control character";
  QTest::newRow("torn") << "grapevine:?name=%4"
                        << "hexadecimal";
  QTest::newRow("not UTF-8") << "grapevine:?name=%ff%fe"
                             << "UTF-8";
  QTest::newRow("view") << "grapevine:?view=lesson:../../etc/passwd"
                        << "view";
  QTest::newRow("seeds differ") << "grapevine:?racer&seed=1&racer&seed=2"
                                << "differs between racers";
  QTest::newRow("too long") << QStringLiteral("grapevine:?name=") + QString(20000, QLatin1Char('a'))
                            << "longer";
  QString many = QStringLiteral("grapevine:?");
  for (int i = 0; i < 100; ++i) many += QStringLiteral("racer&");
  QTest::newRow("too many racers") << many << "racers";
}

void TestLink::hostile_links_are_refused() {
  QFETCH(QString, link);
  QFETCH(QString, part_of_message);
  try {
    read_link(link.toStdString());
  } catch (const InputError& error) {
    QVERIFY2(QString::fromUtf8(error.what()).contains(part_of_message), error.what());
    return;
  }
  QFAIL("the link was taken");
}

void TestLink::browsers_may_add_slashes() {
  const Link link = read_link(" grapevine://?seed=4 \n");
  QCOMPARE(link.plan.racers.front().integer("seed"), 4);
  QVERIFY(!link.plan.is_race);
  QVERIFY(is_link(" grapevine:?") && !is_link("grape"));
}

QTEST_GUILESS_MAIN(TestLink)
#include "test_link.moc"
