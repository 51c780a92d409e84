// The views of the window: what is written of one is read again, and each list of them is of one list.
#include <QTest>

#include "engine/error.h"
#include "engine/plans/view.h"

using namespace grapevine;

class TestView : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_is_read_again();
  void lists_derive_from_the_entries();
  void others_are_refused_data();
  void others_are_refused();
};

void TestView::each_is_read_again() {
  for (const ViewEntry& entry : views()) {
    ViewChoice choice{entry.view, 0, {}};
    if (entry.takes == ViewTakes::layer) choice.layer = 7;
    if (entry.takes == ViewTakes::lesson) choice.lesson = "direct";
    const ViewChoice again = read_view(view_text(choice));
    QVERIFY(again.view == choice.view);
    QCOMPARE(again.layer, choice.layer);
    QCOMPARE(again.lesson, choice.lesson);
  }
}

void TestView::lists_derive_from_the_entries() {
  QCOMPARE(views_in_words(&ViewEntry::in_lesson), std::string("stage and scope"));
  QCOMPARE(views_in_words(&ViewEntry::in_link), std::string("stage, scope and lesson:NAME"));
  const std::string all = views_in_words();
  for (const ViewEntry& entry : views()) QVERIFY(all.find(placeholder_of(entry)) != std::string::npos);
}

void TestView::others_are_refused_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("words");
  QTest::newRow("unknown") << "desk"
                           << "desk is not valid: the views are stage, scope, start";
  QTest::newRow("nothing") << ""
                           << "the views are";
  QTest::newRow("no layer") << "inspector"
                            << "as in inspector:2";
  QTest::newRow("layer 0") << "slow-motion:0"
                           << "as in slow-motion:2";
  QTest::newRow("a fraction") << "inspector:1.5"
                              << "as in inspector:2";
  QTest::newRow("no lesson") << "lesson:"
                             << "the views are";
  QTest::newRow("too much") << "stage:1"
                            << "the views are";
}

void TestView::others_are_refused() {
  QFETCH(QString, text);
  QFETCH(QString, words);
  try {
    read_view(text.toStdString());
  } catch (const InputError& error) {
    QVERIFY2(QString::fromUtf8(error.what()).contains(words), error.what());
    return;
  }
  QFAIL("the view was taken");
}

QTEST_GUILESS_MAIN(TestView)
#include "test_view.moc"
