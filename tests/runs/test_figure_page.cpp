// A page of figures: lengths as they are typed, panel letters, a grid by arithmetic.
#include <QtTest>

#include "engine/error.h"
#include "engine/runs/figure_page.h"

using namespace grapevine;

class TestFigurePage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lengths_are_read_with_and_without_their_unit() {
    QCOMPARE(read_length("--width", "8.5", 3, 100, "cm"), 8.5);
    QCOMPARE(read_length("--width", "17 cm", 3, 100, "cm"), 17.0);
    QCOMPARE(read_length("--font-size", "8pt", 4, 72, "pt"), 8.0);
    for (const char* bad : {"", "cm", "8,5", "2", "1e9", "nan", "8.5mm", "-8", "8.5 8.5"}) {
      try {
        read_length("--width", bad, 3, 100, "cm");
        QFAIL(bad);
      } catch (const InputError& error) {
        QVERIFY(QString(error.what()).contains("--width"));
        QVERIFY(QString(error.what()).contains("from 3 to 100"));
      }
    }
  }

  void panels_are_lettered_as_columns_of_a_table_are() {
    QCOMPARE(panel_letter(0), std::string("a"));
    QCOMPARE(panel_letter(25), std::string("z"));
    QCOMPARE(panel_letter(26), std::string("aa"));
    QCOMPARE(panel_letter(26 + 26 * 26), std::string("aaa"));
  }

  // Three panels in two columns of (210 − 10) / 2; the first row is as high as its higher panel.
  void a_row_is_as_high_as_its_highest_panel() {
    const PageGrid grid = page_grid(210, 2, 10, {50, 80, 30});
    QCOMPARE(grid.places.size(), std::size_t{3});
    QCOMPARE(grid.places[1].x, 110.0);
    QCOMPARE(grid.places[1].width, 100.0);
    QCOMPARE(grid.places[0].height, 80.0);
    QCOMPARE(grid.places[2].x, 0.0);
    QCOMPARE(grid.places[2].y, 90.0);
    QCOMPARE(grid.height, 120.0);
  }

  // 14 letters of 10 pixels and a gap of 10: 300 pixels take (300 + 10) / 150 = 2 columns, and not three.
  void columns_that_leave_no_room_are_refused() {
    QCOMPARE(panel_width(300, 2, 10, 10), 145.0);
    try {
      panel_width(300, 3, 10, 10);
      QFAIL("three columns fit");
    } catch (const InputError& error) {
      QVERIFY2(QString(error.what()).contains("at most 2 columns"), error.what());
    }
  }

  // Ten letters of 12 pixels are 120: 3.175 cm.
  void panels_that_are_too_low_are_refused() {
    check_panel_height(120, 12);
    for (const double height : {119.0, 1.0, -40.0}) {
      try {
        check_panel_height(height, 12);
        QFAIL("it fits");
      } catch (const InputError& error) {
        QVERIFY2(QString(error.what()).contains("at least 3.2 cm"), error.what());
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestFigurePage)
#include "test_figure_page.moc"
