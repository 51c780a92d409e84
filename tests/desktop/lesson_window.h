// A window with a fake engine, and a lesson in a file of its own. A test's object has it as a base.
#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <memory>

#include "tests/session/fake_stepper.h"
#include "ui/panels/main_window.h"

namespace grapevine {

// What the fake engine's numbers do: test_accuracy 0.8, cos_b_j of layer 1 rises from 0 to 0.8.
inline const char* const own_lesson =
    "{'lesson': 1, 'title': 'My own', 'experiments': {'main': {'race': [{'rule': {'name': 'bp'}},"
    "{'rule': {'name': 'dfa'}}]}}, 'steps': ["
    "{'title': 'Watch', 'experiment': 'main', 'text': '<b>Tags</b> are text.', 'hints': 'Wait a little.',"
    " 'show': {'view': 'scope', 'measure': 'cos_b_j', 'spotlight': 'dfa'},"
    " 'until': [{'measure': 'bp.cos_b_j[1]', 'above': 0.5, 'samples': 2}, {'event': 'finished'}],"
    " 'seen': 'It came to {bp.test_accuracy}.'},"
    "{'title': 'Answer', 'text': 'Look.', 'until': [{'answer': true}], 'question': {'text': 'Which?', "
    "'choices': ["
    " {'text': 'wrong one', 'says': 'No, {bp.test_accuracy}.'}, {'text': 'right one', 'right': true}]}},"
    "{'title': 'Read off', 'text': 'Look.', 'until': [{'answer': true}],"
    " 'question': {'text': 'How many percent?', 'number': 'bp.test_accuracy', 'within': 0.5}}]}";

class LessonWindow {
 protected:
  void begin() {
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<FakeWorld>();
  }

  std::unique_ptr<MainWindow> make() {
    WindowParts parts;
    parts.make_stepper = fake_factory(world_);
    parts.database = folder_->filePath(QStringLiteral("runs.db"));
    parts.config_folder = folder_->filePath(QStringLiteral("config")).toStdString();
    parts.dark = false;
    auto window = std::make_unique<MainWindow>(std::move(parts));
    window->show();
    if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window did not become active");
    return window;
  }

  QString lesson_file() {
    const QString name = folder_->filePath(QStringLiteral("own.json"));
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly)) qFatal("no lesson can be written");
    file.write(QByteArray(own_lesson).replace('\'', '"'));
    return name;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

}  // namespace grapevine
