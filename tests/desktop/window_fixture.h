// A window over a fake engine and a real store, for the tests that do with it what a user does.
#pragma once

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "tests/session/fake_stepper.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_model.h"

class WindowFixture {
 protected:
  /// A folder and an engine of its own for each test.
  void begin() {
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<grapevine::FakeWorld>();
  }

  std::unique_ptr<grapevine::MainWindow> make(std::optional<QSize> size = std::nullopt) {
    grapevine::WindowParts parts;
    parts.make_stepper = grapevine::fake_factory(world_);
    parts.database = folder_->filePath(QStringLiteral("runs.db"));
    parts.config_folder = folder_->filePath(QStringLiteral("config")).toStdString();
    parts.dark = false;
    parts.size = size;
    auto window = std::make_unique<grapevine::MainWindow>(std::move(parts));
    window->show();
    if (!QTest::qWaitForWindowActive(window.get())) qWarning("the window did not become active");
    return window;
  }

  void run_to_the_end(grapevine::MainWindow& window) {
    QSignalSpy stored(window.run(), &grapevine::RunController::stored);
    window.start_from_form();
    QVERIFY(stored.wait(20000));
  }

  std::vector<std::int64_t> listed(grapevine::MainWindow& window) {
    std::vector<std::int64_t> ids;
    for (int row = 0; row < window.library()->model()->rowCount(); ++row)
      ids.push_back(window.library()->model()->run(row).id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<grapevine::FakeWorld> world_;
};
