// Studies of the papers' theory, and Table 5: which there are, and an answer of the terminal's program as
// rows and a picture. Pure functions; the window's thread (names are translated).
#pragma once

#include <QString>
#include <QStringList>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "ui/panels/sweep_plot.h"

namespace grapevine {

struct ExperimentPlan;

/// What it is called, and the words after grapevine-cli that compute it.
struct Study {
  QString key, title, help;
  QStringList command;
  bool of_the_form = true;  ///< of the form's network
};
const std::vector<Study>& studies();
/// The words after grapevine-cli. Of the form they say the model and the data, as far as they are not what
/// the program takes by itself, and the rule, unless the study compares all that run on the network.
QStringList words_of(const Study& study, const ExperimentPlan* form);

/// A table's rows and a picture of an answer; empty where the answer is none.
struct StudyResult {
  QStringList headings;
  std::vector<QStringList> rows;
  SweepPlot plot;
  QString notes;
};
StudyResult read_study(const Study& study, const nlohmann::json& answer);

}  // namespace grapevine
