// The table of keys: none means two things where both are heard.
#include <QtTest>
#include <map>

#include "ui/scope/key_table.h"

namespace grapevine {

class TestKeyTable : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void no_key_means_two_things() {
    for (const KeyBinding& one : key_table())
      for (const KeyBinding& other : key_table()) {
        if (&one == &other) continue;
        QVERIFY2(one.command != other.command, one.command.data());
        // Figures, library, inspector and slow motion never have the focus together; a lecture takes the
        // figures' keys over.
        const bool heard_together =
            one.area == other.area || one.area == KeyArea::window || other.area == KeyArea::window;
        if (!heard_together) continue;
        for (const QKeySequence& key : keys_of(one.command))
          QVERIFY2(!keys_of(other.command).contains(key),
                   qPrintable(key.toString() + ' ' + QLatin1String(one.command.data()) + ' ' +
                              QLatin1String(other.command.data())));
      }
  }

  void every_key_can_be_pressed_and_is_explained() {
    for (const KeyBinding& binding : key_table()) {
      QVERIFY2(!keys_of(binding.command).isEmpty(), binding.command.data());
      for (const QKeySequence& key : keys_of(binding.command)) {
        QCOMPARE(key.count(), 1);
        QVERIFY2(key[0].key() != Qt::Key_unknown && key[0].key() != 0, binding.command.data());
      }
      // A window's key is explained by its action (tests/desktop/test_window); the others have no action.
      if (binding.area != KeyArea::window) QVERIFY2(*binding.words, binding.command.data());
    }
  }

  void a_field_leaves_the_window_its_letters() {
    QVERIFY(is_window_letter(QKeySequence(Qt::CTRL | Qt::Key_D)));
    QVERIFY(is_window_letter(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K)));
    for (const auto key : {Qt::CTRL | Qt::Key_A, Qt::CTRL | Qt::Key_C, Qt::CTRL | Qt::Key_V,
                           Qt::CTRL | Qt::Key_X, Qt::CTRL | Qt::Key_Z, Qt::CTRL | Qt::Key_Home})
      QVERIFY2(!is_window_letter(QKeySequence(key)), qPrintable(QKeySequence(key).toString()));
    QVERIFY(!is_window_letter(QKeySequence(Qt::Key_V)));  // typed
  }

  void the_figures_hear_only_their_own() {
    QCOMPARE(QString::fromUtf8(figure_command(QKeySequence(Qt::Key_D)).data()),
             QStringLiteral("second_cursor"));
    QVERIFY(figure_command(QKeySequence(Qt::Key_C)).empty());  // calibrates
    QVERIFY(figure_command(QKeySequence(Qt::ALT | Qt::Key_Left)).empty());
    QVERIFY(keys_of("no such command").isEmpty());
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestKeyTable)
#include "test_key_table.moc"
