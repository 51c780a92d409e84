// A bold painter widens lines and passes everything else on.
#include <QtTest>
#include <array>

#include "tests/plot/recording_painter.h"
#include "ui/plot/bold_painter.h"

using namespace grapevine;

class TestBoldPainter : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lines_are_wider_and_all_else_stays();
};

void TestBoldPainter::lines_are_wider_and_all_else_stays() {
  RecordingPainter below;
  BoldPainter bold(below, 1.25);
  bold.line({0, 0}, {10, 0}, {.colour = 0xff123456, .width = 2, .dash = Dash::dashed});
  bold.text({1, 2}, "words", {});
  bold.fill_circle({3, 4}, 5, 0xff000000);
  const std::array<Point, 3> corners{Point{0, 0}, Point{1, 0}, Point{1, 1}};
  bold.fill_polygon(corners, 0xff000000);
  QCOMPARE(below.lines.size(), std::size_t{1});
  QCOMPARE(below.lines.front().stroke.width, 2.5);
  QCOMPARE(below.lines.front().stroke.colour, Colour{0xff123456});
  QVERIFY(below.lines.front().stroke.dash == Dash::dashed);
  QVERIFY(below.has_text("words"));
  QCOMPARE(below.circles.front().radius, 5.0);
  QCOMPARE(below.polygons.front().corners.size(), std::size_t{3});
  QCOMPARE(bold.measure("words", TextSize::normal).width, below.measure("words", TextSize::normal).width);
  {
    ClipGuard clip(bold, {});
    QCOMPARE(below.clip_depth, 1);
  }
  QCOMPARE(below.clip_depth, 0);
}

QTEST_GUILESS_MAIN(TestBoldPainter)
#include "test_bold_painter.moc"
