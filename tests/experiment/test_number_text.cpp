// Numbers that are stored have a point, whatever the user's locale: as the C locale's printf writes them.
#include <QTest>
#include <clocale>
#include <cstdio>

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
