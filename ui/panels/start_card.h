// A card of the start page: a title, a sentence, a small picture of needles, or of its rules' feedback. The
// window's thread only.
#pragma once

#include <QAbstractButton>
#include <vector>

#include "engine/lessons/lesson_plan.h"
#include "ui/panels/rule_families.h"

namespace grapevine {

struct StartCardText {
  QString title, summary;
  QString foot;  ///< "8 min"
  QString mark;  ///< "done", "2 of 4 steps"
  std::vector<LessonNeedles> needles;
  std::vector<RuleFamily> families = {};  ///< drawn where there are no needles
};

class StartCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit StartCard(StartCardText text, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  StartCardText text_;
};

}  // namespace grapevine
