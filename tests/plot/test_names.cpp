// Names where there is little room.
#include <QtTest>

#include "tests/plot/recording_painter.h"
#include "ui/plot/names.h"

namespace grapevine {

class TestNames : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_tells_racers_apart_stays() {
    RecordingPainter painter;
    const auto named = [&](const char* name, double width) {
      return QString::fromStdString(short_name(painter, name, TextSize::small, width));
    };
    const double all = painter.measure("GrAPE (align_rate=0.001)", TextSize::small).width;
    QCOMPARE(named("GrAPE (align_rate=0.001)", all), QStringLiteral("GrAPE (align_rate=0.001)"));
    const double without_key = painter.measure("GrAPE (0.001)", TextSize::small).width;
    QCOMPARE(named("GrAPE (align_rate=0.001)", without_key), QStringLiteral("GrAPE (0.001)"));
    QCOMPARE(named("GrAPE (align_rate=0.01, norm=column)", all), QStringLiteral("GrAPE (0.01, column)"));
    QCOMPARE(named("GrAPE (align_rate=0.001)", 66), QStringLiteral("GrAPE 0.001"));
    QCOMPARE(named("GrAPE (align_rate=0.001)", 36), QStringLiteral("0.001"));
    QCOMPARE(named("DFA · lr 0.01", 66), QStringLiteral("DFA lr 0.01"));
    QCOMPARE(named("GrAPE · align_rate 0.01", 66), QStringLiteral("GrAPE 0.01"));
    QCOMPARE(named("GrAPE · align_rate 0.01", 30), QStringLiteral("0.01"));
    QCOMPARE(named("DFA · seed 2", 66), QStringLiteral("DFA seed 2"));
    QVERIFY(named("DFA · seed 2", 55).endsWith("seed 2"));  // a 2 alone would be anything
    for (double width = all; width > 66; width -= 7) {
      const QString one = named("GrAPE (align_rate=0.001)", width),
                    other = named("GrAPE (align_rate=0.003)", width);
      QVERIFY(painter.measure(one.toStdString(), TextSize::small).width <= width);
      QVERIFY2(one != other, qPrintable(one));
      QVERIFY(one.startsWith(QLatin1Char('G')));
    }
    QVERIFY(named("BP · when never, test_limit 0", 66).startsWith("BP when"));
    QCOMPARE(named("BP", 1000), QStringLiteral("BP"));
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestNames)
#include "test_names.moc"
