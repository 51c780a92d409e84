// A RunController with a fake engine and a database of its own.
#pragma once

#include <QString>
#include <QTemporaryDir>
#include <memory>
#include <string>

#include "engine/plans/plan.h"
#include "tests/session/fake_stepper.h"
#include "ui/panels/run_controller.h"

namespace grapevine {

class RunControllerFixture {
 protected:
  void start_over() {
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<FakeWorld>();
  }
  std::unique_ptr<RunController> make() {
    auto run = std::make_unique<RunController>(fake_factory(world_));
    run->set_database(QString::fromStdString(database()));
    return run;
  }
  ExperimentPlan race() const {
    return make_plan("{}", "test", {.sets = {"seed=5"}, .rules = {"bp", "dfa"}});
  }
  std::string database() const { return folder_->filePath(QStringLiteral("runs.db")).toStdString(); }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
};

}  // namespace grapevine
