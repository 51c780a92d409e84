// Numbers that are stored have a point, whatever the user's locale: as the C locale's printf writes them.
#include <QTest>
#include <clocale>
#include <cstdio>

#include "engine/experiment/number_hint.h"
#include "engine/experiment/number_text.h"

class TestNumberText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { std::setlocale(LC_ALL, "C"); }

  void it_is_what_printf_writes() {
    for (const double value : {0.0, 0.25, -3.14159, 1234567.0, 1e-7, 99.95, 0.6}) {
      char want[64];
      std::snprintf(want, sizeof want, "%.3f", value);
      QCOMPARE(grapevine::fixed_text(value, 3), std::string(want));
      std::snprintf(want, sizeof want, "%.3g", value);
      QCOMPARE(grapevine::short_text(value, 3), std::string(want));
    }
    QCOMPARE(grapevine::fixed_text(1e300, 1).size(), std::size_t{303});
  }

  void what_was_meant_as_a_number_is_told() {
    using grapevine::number_hint;
    QCOMPARE(number_hint("0,001"), std::string("write 0.001, with a point"));
    QCOMPARE(number_hint("-1,5e-3"), std::string("write -1.5e-3, with a point"));
    QCOMPARE(number_hint("1,5"), std::string("write 1.5, with a point"));
    QCOMPARE(number_hint("10%"), std::string("for 10% write 0.1"));
    QCOMPARE(number_hint("80 %"), std::string());  // a blank is not part of a number
    for (const char* thousand : {"1,000", "1_000", "1 000", "1'000"})
      QCOMPARE(number_hint(thousand), std::string("write 1000, without separators"));
    QCOMPARE(number_hint("12,345,678"), std::string("write 12345678, without separators"));
    QCOMPARE(number_hint(" 0.1 "), std::string("write 0.1, without blanks"));
    QCOMPARE(number_hint("0x10"), std::string("write it in decimal"));
    for (const char* none : {"", " ", "abc", "1,2,3", "1,000.5", "inf", "0.5", "1,,0"})
      QCOMPARE(number_hint(none), std::string());
  }

  void a_locale_with_commas_changes_nothing() {
    const char* found = nullptr;
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8"})
      if (!found) found = std::setlocale(LC_ALL, name);
    if (!found) QSKIP("no locale with decimal commas is installed here");
    QCOMPARE(grapevine::fixed_text(0.25, 3), std::string("0.250"));
    QCOMPARE(grapevine::short_text(0.25, 3), std::string("0.25"));
  }
};

QTEST_APPLESS_MAIN(TestNumberText)
#include "test_number_text.moc"
