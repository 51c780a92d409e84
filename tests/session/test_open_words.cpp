// Words of a growing vocabulary: known ones are enumerators, others survive as they came.
#include <QtTest>

#include "engine/runs/run_status.h"
#include "engine/session/event_kind.h"

using namespace grapevine;

class TestOpenWords : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void known_words_are_enumerators_there_and_back() {
    for (int i = 0; i < static_cast<int>(EventKind::other); ++i) {
      const OpenWord<EventKind> word(static_cast<EventKind>(i));
      QVERIFY(!word.text().empty());
      QVERIFY(OpenWord<EventKind>::read(word.text()) == word.kind());
    }
    for (int i = 0; i < static_cast<int>(RunStatus::other); ++i) {
      const StatusWord word(static_cast<RunStatus>(i));
      QVERIFY(StatusWord::read(word.text()) == word.kind());
    }
  }

  // The words of databases that version 0.1.0 wrote.
  void the_words_of_the_first_release_are_kept() {
    QCOMPARE(OpenWord<EventKind>(EventKind::started).text(), std::string("started"));
    QCOMPARE(OpenWord<EventKind>(EventKind::calibration).text(), std::string("calibration"));
    QCOMPARE(OpenWord<EventKind>(EventKind::failed).text(), std::string("failed"));
    QCOMPARE(StatusWord(RunStatus::running).text(), std::string("running"));
    QCOMPARE(StatusWord(RunStatus::stopped).text(), std::string("stopped"));
    QCOMPARE(StatusWord(RunStatus::interrupted).text(), std::string("interrupted"));
    QCOMPARE(StatusWord().text(), std::string());
  }

  void a_word_of_another_version_survives() {
    const auto word = OpenWord<EventKind>::read("transplant");
    QVERIFY(word == EventKind::other);
    QCOMPARE(word.text(), std::string("transplant"));
    QVERIFY(word != OpenWord<EventKind>::read("graft"));
    QVERIFY(word == OpenWord<EventKind>::read("transplant"));
  }

  void going_on_is_running_or_paused() {
    QVERIFY(is_going_on(RunStatus::running) && is_going_on(RunStatus::paused));
    for (const RunStatus status : {RunStatus::none, RunStatus::finished, RunStatus::stopped,
                                   RunStatus::failed, RunStatus::interrupted, RunStatus::other})
      QVERIFY(!is_going_on(status));
  }
};

QTEST_GUILESS_MAIN(TestOpenWords)
#include "test_open_words.moc"
