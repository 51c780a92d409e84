// A scope's model over made runs, new for each test.
#pragma once

#include <memory>
#include <vector>

#include "tests/scope/made_runs.h"
#include "ui/scope/scope_look.h"
#include "ui/scope/scope_model.h"

namespace grapevine {

class FreshModel {
 protected:
  void start_over() {
    runs_ = made_runs(250);
    model_ = std::make_unique<ScopeModel>();
    look_ = {};
    model_->set_runs(pointers_to(runs_), labels_of(runs_));
    model_->advance();
  }

  std::vector<RunData> runs_;
  std::unique_ptr<ScopeModel> model_;
  ScopeLook look_;
};

}  // namespace grapevine
