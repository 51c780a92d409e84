// Numbers of the window are written as its texts' language has them, and typed as the user has them.
#include <QtTest>

#include "ui/panels/shown_locale.h"
#include "ui/panels/words.h"

using namespace grapevine;

class TestShownLocale : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbers_look_like_those_of_the_figures() {
    const QLocale before;
    for (const QLocale& users : {QLocale(QLocale::German, QLocale::Germany), QLocale(QLocale::French),
                                 QLocale(QLocale::English, QLocale::SouthAfrica), QLocale::c()}) {
      QLocale::setDefault(locale_of_texts(users));
      QCOMPARE(percent(0.254), QStringLiteral("25.4") + QChar(0x00a0) + QLatin1Char('%'));
      QCOMPARE(short_count(13000, {}), QStringLiteral("13.0") + QChar(0x00a0) + QLatin1Char('k'));
      QCOMPARE(short_bytes(1280), QStringLiteral("1.28") + QChar(0x00a0) + QStringLiteral("kB"));
    }
    QLocale::setDefault(before);
    const QLocale british(QLocale::English, QLocale::UnitedKingdom);
    QCOMPARE(locale_of_texts(british), british);
  }
  void either_decimal_mark_is_understood() {
    const QLocale german(QLocale::German, QLocale::Germany);
    QCOMPARE(with_point("0,2", german), QString("0.2"));
    QCOMPARE(with_point("0.2", german), QString("0.2"));
    QCOMPARE(with_point("0,2", QLocale::c()), QString("0,2"));  // a mistake, and told so
  }
};

QTEST_MAIN(TestShownLocale)
#include "test_shown_locale.moc"
