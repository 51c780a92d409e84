#include "ui/panels/inspector/inspection_column.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/inspector/charts.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

constexpr double full_share = 0.98;  ///< of the entries are paler than the full colour
constexpr int bins = 36;
constexpr int figure_width = 176;

QString in_short(double value) {
  return std::isfinite(value) ? QLocale().toString(value, 'g', 3) : QStringLiteral("–");
}

QString degrees(double value) {
  return std::isfinite(value) ? QStringLiteral("%1°").arg(QLocale().toString(value, 'f', 0))
                              : QStringLiteral("–");
}

/// "layer 2" or, of a map, "layer 2: 64 channels of 8×8".
QString shape_text(const Inspection& found) {
  if (found.shape.size() != 3) return InspectionColumn::tr("%1 features").arg(grouped(found.features));
  return InspectionColumn::tr("%1 channels of %2×%3")
      .arg(found.shape[0])
      .arg(found.shape[1])
      .arg(found.shape[2]);
}

QLabel* small_label(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setForegroundRole(QPalette::PlaceholderText);
  return label;
}

}  // namespace

InspectionColumn::InspectionColumn(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 6, 10, 8);
  column->setSpacing(4);
  column->addLayout(make_head());
  trouble_ = small_label(this);
  column->addWidget(trouble_);

  body_ = new QWidget(this);
  auto* body = new QVBoxLayout(body_);
  body->setContentsMargins(0, 0, 0, 0);
  body->setSpacing(2);
  column->addWidget(body_);
  column->addStretch(1);
  add_images();
  legend_ = small_label(body_);
  reading_ = small_label(body_);
  reading_->setMinimumHeight(reading_->fontMetrics().height() * 2);
  reading_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  body->addWidget(legend_);
  body->addWidget(reading_);

  grid_ = new QGridLayout;
  grid_->setContentsMargins(0, 0, 0, 0);
  body->addLayout(grid_);
  make_charts();
  body->addWidget(bounds_);
  arrange(2);
}

/// Whose column it is, and the angle of its signal.
QLayout* InspectionColumn::make_head() {
  auto* top = new QHBoxLayout;
  auto* words = new QVBoxLayout;
  words->setSpacing(1);
  head_ = new QLabel(this);
  QFont bold = font();
  bold.setBold(true);
  bold.setPointSizeF(bold.pointSizeF() * 1.3);
  head_->setFont(bold);
  about_ = small_label(this);
  words->addWidget(head_);
  words->addWidget(about_);
  angle_ = new QLabel(this);
  angle_->setAlignment(Qt::AlignRight | Qt::AlignTop);
  angle_->setToolTip(
      tr("The middle angle between this rule's signal and the exact gradient, over the samples: 0° "
         "points along it, 90° says nothing."));
  top->addLayout(words, 1);
  top->addWidget(angle_);
  return top;
}

void InspectionColumn::add_images() {
  feedback_ = add_image(tr("B"), tr("carries the error"),
                        tr("The feedback matrix: which class's error pushes which feature up (blue) or down "
                           "(orange)."));
  estimate_ = add_image(QStringLiteral("Ĵ"), tr("last estimate"),
                        tr("The last step's estimate of J̄ from forward passes alone; its noise is what the "
                           "rule averages away."));
  jacobian_ = add_image(QStringLiteral("J̄"), tr("mean Jacobian"),
                        tr("How much each feature really moves each class's output, in the mean over the "
                           "samples: what B should point along."));
  rest_ =
      add_image(QStringLiteral("B − αJ̄"), tr("what is left over"),
                tr("B without its part along J̄, with the scale α that leaves least: stripes down a column "
                   "are the same for every class and never act."));
}

void InspectionColumn::make_charts() {
  columns_ = new HistogramChart(tr("Columns: cos(B, J̄)"),
                                tr("A count of features by the cosine of their columns of B and J̄: to the "
                                   "right is right, around 0 is chance."),
                                body_);
  samples_ =
      new HistogramChart(tr("Samples: angle to BP"),
                         tr("A count of samples by the angle between the rule's signal and BP's: to the "
                            "left is right, around 90° is chance."),
                         body_);
  spectrum_ = new SpectrumChart(tr("Singular values, largest = 1"),
                                tr("How many independent directions a matrix has: a line that falls fast has "
                                   "few."),
                                body_);
  activations_ = new HistogramChart(tr("Activations"),
                                    tr("A count of all values at this layer over the samples."), body_);
  bounds_ = new BoundsChart(
      tr("Bounds of the theory"),
      tr("The dot is what was measured, the upright line the papers' lower bound of it."), body_);
  for (InspectorPicture* picture :
       std::initializer_list<InspectorPicture*>{columns_, samples_, spectrum_, activations_, bounds_})
    connect(picture, &InspectorPicture::said, this, &InspectionColumn::said);
}

MatrixImage* InspectionColumn::add_image(const QString& name, const QString& role, const QString& reading) {
  auto* image = new MatrixImage(name, role, reading, body_);
  body_->layout()->addWidget(image);
  connect(image, &MatrixImage::cell_chosen, this, &InspectionColumn::read);
  connect(image, &InspectorPicture::said, this, &InspectionColumn::said);
  return image;
}

void InspectionColumn::arrange(int columns) {
  if (columns == arranged_) return;
  arranged_ = columns;
  int place = 0;
  for (QWidget* figure : std::initializer_list<QWidget*>{columns_, samples_, spectrum_, activations_}) {
    grid_->addWidget(figure, place / columns, place % columns);
    ++place;
  }
  for (int i = 0; i < 4; ++i) grid_->setColumnStretch(i, i < columns ? 1 : 0);
}

void InspectionColumn::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange(width() >= 4 * figure_width ? 4 : 2);
}

void InspectionColumn::show_inspection(const InspectedRacer& racer, const Inspection& inspection,
                                       const InspectorChoices& choices) {
  racer_ = racer;
  inspection_ = inspection;
  const bool there = inspection_.trouble.empty();
  trouble_->setVisible(!there);
  body_->setVisible(there);
  trouble_->setText(QString::fromStdString(inspection_.trouble));
  show_head();
  if (there) {
    show_images(choices);
    show_figures();
  }
  setAccessibleName(racer_.label);
  setAccessibleDescription(sentence());
}

void InspectionColumn::show_head() {
  const Colour hue = racer_.hue != 0 ? racer_.hue : theme_of(palette()).text;
  QPalette coloured = palette();
  coloured.setColor(QPalette::WindowText, QColor::fromRgba(hue));
  head_->setPalette(coloured);
  head_->setText(tr("%1, layer %2").arg(racer_.label).arg(inspection_.point));
  if (!inspection_.trouble.empty()) {
    about_->setText(tr("Step %1").arg(grouped(inspection_.step)));
    return angle_->clear();
  }
  const Activations& h = inspection_.activations;
  about_->setText(
      tr("%1, %2 classes. Step %3; J̄, angles and activations over %4 samples of the probe. Activations: mean "
         "%5, spread %6, %7 of them 0, %8 of the units dead.")
          .arg(shape_text(inspection_))
          .arg(inspection_.classes)
          .arg(grouped(inspection_.step), grouped(inspection_.samples), in_short(h.mean),
               in_short(h.deviation), percent(h.zeros), percent(h.dead)));
  const double middle = racer_.exact ? 0 : median_of(inspection_.sample_angles);
  angle_->setText(
      QStringLiteral("<div align=right><span style='font-size:22pt; font-weight:600'>%1</span><br>"
                     "<span>%2</span></div>")
          .arg(degrees(middle), racer_.exact ? tr("the gradient itself") : tr("signal to gradient")));
  angle_->setVisible(racer_.exact || std::isfinite(middle));
}

void InspectionColumn::show_images(const InspectorChoices& choices) {
  MatrixView view{
      longest_first(choices.longest_first ? inspection_.jacobian : Matrix{}, inspection_.features),
      inspection_.shape, inspection_.shape.size() == 3 ? choices.one_class : -1};
  if (view.one_class >= inspection_.classes) view.one_class = static_cast<int>(inspection_.classes) - 1;
  Matrix rest = left_over(inspection_);
  double common = 0;
  for (const Matrix* matrix : {&inspection_.feedback, &inspection_.estimate, &inspection_.jacobian})
    common = std::max(common, size_of_share(*matrix, full_share));
  const auto show = [&](MatrixImage* image, const Matrix& matrix, const std::string& absent) {
    image->show_matrix(matrix, view, choices.one_scale ? common : size_of_share(matrix, full_share),
                       QString::fromStdString(absent));
  };
  show(feedback_, inspection_.feedback, inspection_.no_feedback);
  show(estimate_, inspection_.estimate, inspection_.no_estimate);
  show(jacobian_, inspection_.jacobian, inspection_.no_jacobian);
  show(rest_, rest, "");
  rest_->setVisible(!rest.empty());
  const bool any = !inspection_.feedback.empty() || !inspection_.jacobian.empty();
  legend_->setVisible(any);
  reading_->setVisible(any);
  const QString order =
      view.as_map() ? tr("Class %1; one row per channel, positions from left to right").arg(view.one_class)
      : choices.longest_first && !inspection_.jacobian.empty()
          ? tr("One row per class; features with the longest columns of J̄ first")
          : tr("One row per class; features in their own order");
  legend_->setText(tr("%1. Orange below 0, blue above; %2. α = %3.")
                       .arg(order, choices.one_scale ? tr("one scale for all") : tr("each to its own 98 %"),
                            in_short(inspection_.alpha)));
  read(std::nullopt);
}

void InspectionColumn::read(std::optional<MatrixCell> cell) {
  for (MatrixImage* image : {feedback_, estimate_, jacobian_, rest_}) image->mark(cell);
  if (!cell) return reading_->setText(tr("Point at an entry, or walk with the arrow keys, to read it."));
  QStringList values;
  for (const MatrixImage* image : {feedback_, estimate_, jacobian_, rest_})
    if (const QString value = image->value_at(*cell); !value.isEmpty())
      values << QStringLiteral("%1 %2").arg(image->name(), value);
  QString where = tr("Class %1, feature %2").arg(cell->row).arg(cell->feature);
  if (inspection_.shape.size() == 3) {
    const std::int64_t area = inspection_.shape[1] * inspection_.shape[2], at = cell->feature % area;
    where += tr(" (channel %1, row %2, column %3)")
                 .arg(cell->feature / area)
                 .arg(at / inspection_.shape[2])
                 .arg(at % inspection_.shape[2]);
  }
  const auto feature = static_cast<std::size_t>(cell->feature);
  if (feature < inspection_.column_cosines.size())
    values << tr("its columns' cosine %1").arg(in_short(inspection_.column_cosines[feature]));
  reading_->setText(where + QStringLiteral(": ") + values.join(QStringLiteral(", ")));
}

void InspectionColumn::show_figures() {
  const Theme& theme = theme_of(palette());
  const Colour hue = racer_.hue != 0 ? racer_.hue : theme.text;
  const double cosine = median_of(inspection_.column_cosines);
  const QString no_cosines = inspection_.column_cosines.empty() ? tr("needs both B and J̄") : QString();
  columns_->show_histogram(histogram_of(inspection_.column_cosines, -1, 1, bins),
                           {{-1, QStringLiteral("−1")}, {0, QStringLiteral("0")}, {1, QStringLiteral("1")}},
                           cosine, tr("median %1").arg(in_short(cosine)), hue, no_cosines);
  const double middle = median_of(inspection_.sample_angles);
  const bool beyond = std::any_of(inspection_.sample_angles.begin(), inspection_.sample_angles.end(),
                                  [](float angle) { return angle > 90; });
  const double most = beyond ? 180 : 90;
  samples_->show_histogram(
      histogram_of(inspection_.sample_angles, 0, most, bins),
      {{0, QStringLiteral("0°")}, {most / 2, degrees(most / 2)}, {most, degrees(most)}}, middle,
      tr("median %1").arg(degrees(middle)), hue,
      racer_.exact ? tr("0° by definition") : QString::fromStdString(inspection_.no_angles));
  spectrum_->show_lines({{tr("B"), inspection_.singular_feedback, hue, false},
                         {QStringLiteral("Ĵ"), inspection_.singular_estimate, theme.muted, true},
                         {QStringLiteral("J̄"), inspection_.singular_jacobian, theme.text, false}});
  const Activations& h = inspection_.activations;
  activations_->show_histogram(
      h.histogram,
      {{h.histogram.low, in_short(h.histogram.low)}, {h.histogram.high, in_short(h.histogram.high)}}, h.mean,
      tr("mean %1").arg(in_short(h.mean)), hue, h.histogram.counts.empty() ? tr("not finite") : QString());
  bounds_->show_bounds(inspection_.bounds, hue,
                       inspection_.no_estimate.empty() ? tr("needs B, Ĵ and J̄")
                                                       : QString::fromStdString(inspection_.no_estimate));
}

QString InspectionColumn::sentence() const {
  if (!inspection_.trouble.empty())
    return tr("%1, layer %2: %3.")
        .arg(racer_.label)
        .arg(inspection_.point)
        .arg(QString::fromStdString(inspection_.trouble));
  QStringList parts{head_->text() + QLatin1Char('.'), about_->text()};
  for (const InspectorPicture* picture : std::initializer_list<const InspectorPicture*>{
           feedback_, estimate_, jacobian_, columns_, samples_, spectrum_, activations_, bounds_})
    parts << picture->sentence();
  return parts.join(QLatin1Char(' '));
}

std::vector<std::pair<QString, QString>> InspectionColumn::numbers() const {
  const Inspection& found = inspection_;
  const Activations& h = found.activations;
  const auto norm = [](const Matrix& matrix, const std::string& absent) {
    return matrix.empty() ? QString::fromStdString(absent) : in_short(frobenius(matrix));
  };
  std::vector<std::pair<QString, QString>> rows{
      {tr("Features"), shape_text(found)},
      {tr("‖B‖ (Frobenius)"), norm(found.feedback, found.no_feedback)},
      {tr("‖Ĵ‖"), norm(found.estimate, found.no_estimate)},
      {tr("‖J̄‖"), norm(found.jacobian, found.no_jacobian)},
      {tr("‖B − αJ̄‖"), norm(left_over(found), "–")},
      {tr("α"), in_short(found.alpha)},
      {tr("cos(B, J̄)"), in_short(found.cos_b_j)},
      {tr("Columns: median cosine"), in_short(median_of(found.column_cosines))},
      {tr("Signal to gradient, median"),
       racer_.exact ? tr("0° by definition") : degrees(median_of(found.sample_angles))},
      {tr("Activation mean"), in_short(h.mean)},
      {tr("Activation spread"), in_short(h.deviation)},
      {tr("Activations that are 0"), percent(h.zeros)},
      {tr("Dead units"), percent(h.dead)}};
  for (const BoundCheck& bound : found.bounds)
    rows.emplace_back(QString::fromStdString(bound.what),
                      tr("%1, at least %2 (%3)")
                          .arg(in_short(bound.measured), in_short(bound.bound), condition_text(bound)));
  return rows;
}

QImage InspectionColumn::picture() {
  return grab().toImage();
}

}  // namespace grapevine
