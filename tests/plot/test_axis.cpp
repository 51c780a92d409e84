// Axes: scales and their inverses, ticks at round numbers, labels.
#include <QtTest>
#include <cmath>

#include "ui/plot/axis.h"

namespace grapevine {

class TestAxis : public QObject {
  Q_OBJECT

 private:
  static std::vector<std::string> labels(const std::vector<Tick>& ticks) {
    std::vector<std::string> found;
    for (const Tick& tick : ticks) {
      if (!tick.label.empty()) found.push_back(tick.label);
    }
    return found;
  }

 private Q_SLOTS:
  void linear_log_and_symlog_go_both_ways() {
    const Axis linear{-2, 6, Scale::linear, Unit::number, 1e-3};
    QCOMPARE(linear.to_unit(0), 0.25);
    const Axis log{0.01, 100, Scale::log, Unit::number, 1e-3};
    QVERIFY(std::abs(log.to_unit(1) - 0.5) < 1e-12);
    QVERIFY(std::isnan(log.to_unit(0)) && std::isnan(log.to_unit(-3)));
    const Axis symlog{-10, 10, Scale::symlog, Unit::number, 0.1};
    QVERIFY(std::abs(symlog.to_unit(0) - 0.5) < 1e-12);
    // ±0.1 is one unit from 0, every decade beyond one more: 10 is at 3 units.
    QVERIFY(std::abs(symlog.to_unit(0.1) - (0.5 + 1.0 / 6)) < 1e-12);
    QVERIFY(std::abs(symlog.to_unit(1) - (0.5 + 2.0 / 6)) < 1e-12);
    QVERIFY(std::abs(symlog.to_unit(-1) - (0.5 - 2.0 / 6)) < 1e-12);
    for (const Axis& axis : {linear, log, symlog}) {
      for (double place = 0; place <= 1; place += 0.01) {
        QVERIFY(std::abs(axis.to_unit(axis.from_unit(place)) - place) < 1e-9);
      }
    }
  }

  void cosines_can_be_read_as_angles() {
    const Axis axis{-0.1, 1.03, Scale::linear, Unit::angle, 1e-3};
    QCOMPARE(axis.format(0.5), std::string("60.0°"));
    QCOMPARE(axis.format(-0.5, 2), std::string("120°"));
    const std::vector<Tick> ticks = make_ticks(axis, 140, 16);
    for (const Tick& tick : ticks) QVERIFY(tick.value >= axis.lo && tick.value <= axis.hi);
    const std::vector<std::string> named = labels(ticks);
    for (const char* angle : {"90°", "60°"})
      QVERIFY2(std::count(named.begin(), named.end(), angle) == 1, angle);
    QCOMPARE(ticks.front().value < 1e-9, true);  // the lowest is 90°, whose cosine is 0
  }

  void values_that_stand_apart_are_told_apart() {
    const Axis losses{2.30240, 2.30260, Scale::linear, Unit::number, 1e-3};
    QVERIFY(losses.format(2.30245, 2) != losses.format(2.30250, 2));
    const Axis cosines{-0.1, 1.03, Scale::linear, Unit::number, 1e-3};
    QCOMPARE(cosines.format(0.333, 2), std::string("0.33"));
  }

  void steps_are_1_2_or_5() {
    QCOMPARE(nice_step(0.3), 0.5);
    QCOMPARE(nice_step(1), 1.0);
    QCOMPARE(nice_step(1.01), 2.0);
    QCOMPARE(nice_step(70), 100.0);
    QCOMPARE(nice_seconds(11), 15.0);
    QCOMPARE(nice_seconds(61), 120.0);
    QCOMPARE(nice_seconds(4000), 7200.0);
    QCOMPARE(nice_seconds(0.03), 0.05);
  }

  void ticks_are_inside_and_apart() {
    for (const double span : {1e-6, 0.37, 1.0, 42.0, 9.9e5, 3e9}) {
      const Axis axis{span * 0.13, span * 1.13, Scale::linear, Unit::number, 1e-3};
      const std::vector<Tick> ticks = make_ticks(axis, 700, 60);
      QVERIFY(ticks.size() >= 3);
      for (std::size_t i = 0; i < ticks.size(); ++i) {
        QVERIFY(ticks[i].value >= axis.lo && ticks[i].value <= axis.hi);
        if (i > 0)
          QVERIFY((axis.to_unit(ticks[i].value) - axis.to_unit(ticks[i - 1].value)) * 700 >= 60 * (1 - 1e-9));
        if (i > 0) QVERIFY(ticks[i].label != ticks[i - 1].label);
      }
    }
  }

  // Of the multiples of 0.5 one alone is inside; those of 0.2 are 0.2 / 0.924 · 120 = 26 pixels apart.
  void one_number_is_not_an_axis() {
    const Axis axis{0.006, 0.93, Scale::linear, Unit::number, 1e-3};
    QCOMPARE(labels(make_ticks(axis, 120, 36)), (std::vector<std::string>{"0.2", "0.4", "0.6", "0.8"}));
    QCOMPARE(labels(make_ticks(axis, 60, 36)), std::vector<std::string>{"0.5"});  // no room for two
  }

  void the_cosine_axis_has_its_ends_and_zero() {
    const Axis axis{-1, 1, Scale::linear, Unit::number, 1e-3};
    const auto found = labels(make_ticks(axis, 160, 30));
    QCOMPARE(found, (std::vector<std::string>{"−1.0", "−0.5", "0.0", "0.5", "1.0"}));
  }

  void counts_have_no_fractions() {
    const Axis axis{0, 3, Scale::linear, Unit::count, 1e-3};
    QCOMPARE(labels(make_ticks(axis, 900, 50)), (std::vector<std::string>{"0", "1", "2", "3"}));
  }

  void log_ticks_are_powers_of_ten() {
    const Axis axis{0.005, 20, Scale::log, Unit::number, 1e-3};
    QCOMPARE(labels(make_ticks(axis, 300, 40)), (std::vector<std::string>{"0.01", "0.1", "1", "10"}));
    const Axis wide{1e-12, 1e12, Scale::log, Unit::number, 1e-3};
    QVERIFY(labels(make_ticks(wide, 200, 40)).size() <= 5);
    QVERIFY(!labels(make_ticks(Axis{0.4, 0.9, Scale::log, Unit::number, 1e-3}, 200, 30)).empty());
  }

  void symlog_ticks_are_on_both_sides() {
    const Axis axis{-10, 10, Scale::symlog, Unit::number, 0.1};
    QCOMPARE(labels(make_ticks(axis, 600, 40)),
             (std::vector<std::string>{"−10", "−1", "−0.1", "0", "0.1", "1", "10"}));
  }

  void odd_axes_have_no_ticks_and_no_harm() {
    QVERIFY(make_ticks(Axis{1, 1, Scale::linear, Unit::number, 1e-3}, 300, 30).empty());
    QVERIFY(make_ticks(Axis{0, std::nan(""), Scale::linear, Unit::number, 1e-3}, 300, 30).empty());
    QVERIFY(make_ticks(Axis{-1, 1, Scale::log, Unit::number, 1e-3}, 300, 30).empty());
    QVERIFY(make_ticks(Axis{0, 1, Scale::linear, Unit::number, 1e-3}, 0, 30).empty());
    QVERIFY(make_ticks(Axis{0, 1, Scale::linear, Unit::number, 1e-3}, 1e6, 0.001).size() <= 300);
  }

  void numbers_read_well() {
    QCOMPARE(format_count(2000), std::string("2000"));
    QCOMPARE(format_count(20000), std::string("20k"));
    QCOMPARE(format_count(1500000), std::string("1.5M"));
    QCOMPARE(format_seconds(12), std::string("12 s"));
    QCOMPARE(format_seconds(75), std::string("1:15"));
    QCOMPARE(format_seconds(3700), std::string("1:01:40"));
    QCOMPARE(format_seconds(0.25, 0.05), std::string("0.25 s"));
    QCOMPARE(format_number(-0.5), std::string("−0.5"));
    QCOMPARE(format_number(1.5e-7, 2), std::string("1.5e−7"));
    QCOMPARE(format_number(std::nan("")), std::string("—"));
  }

  void fitting_leaves_air_and_survives_flat_data() {
    const Axis fitted = fitted_axis(2, 4, Scale::linear, Unit::number);
    QVERIFY(fitted.lo < 2 && fitted.lo > 1.5 && fitted.hi > 4 && fitted.hi < 4.5);
    const Axis flat = fitted_axis(3, 3, Scale::linear, Unit::number);
    QVERIFY(flat.lo < 3 && flat.hi > 3);
    QCOMPARE(fitted_axis(0, 5, Scale::linear, Unit::number).lo, 0.0);
    const Axis share = fitted_axis(0.1, 1.0, Scale::linear, Unit::share);
    QVERIFY(share.hi <= 1.011);
    const Axis log = fitted_axis(0.01, 10, Scale::log, Unit::number);
    QVERIFY(log.lo > 0 && log.lo < 0.01 && log.hi > 10);
    const Axis nothing = fitted_axis(1, -1, Scale::log, Unit::number);
    QVERIFY(nothing.lo > 0 && nothing.hi > nothing.lo);
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestAxis)
#include "test_axis.moc"
