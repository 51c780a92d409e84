#include "ui/panels/inspector/matrix_image.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/panels/inspector/picture_files.h"
#include "ui/panels/window_theme.h"
#include "ui/plot/qpainter_painter.h"

namespace grapevine {
namespace {

constexpr double left_margin = 90, right_margin = 134, top_margin = 2, bottom_margin = 6;
constexpr double least_width_for_words = 330;  ///< narrower ones leave the right words out
constexpr int row_height = 8, least_height = 64, most_height = 180;

void write(QPainter& painter, const QRectF& area, int flags, TextSize size, Colour colour,
           const QString& text) {
  const QFont font = figure_font(size);
  painter.setFont(font);
  painter.setPen(QColor::fromRgba(colour));
  painter.drawText(area, flags, QFontMetricsF(font).elidedText(text, Qt::ElideRight, area.width() + 1));
}

}  // namespace

MatrixImage::MatrixImage(QString name, QString role, QString reading, QWidget* parent)
    : InspectorPicture(std::move(name), std::move(reading), parent), role_(std::move(role)) {
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MatrixImage::show_matrix(Matrix matrix, MatrixView view, double size_of_full, const QString& absent) {
  matrix_ = std::move(matrix);
  view_ = std::move(view);
  full_ = size_of_full;
  absent_ = absent;
  make_image();
  updateGeometry();
  tell();
}

void MatrixImage::mark(std::optional<MatrixCell> cell) {
  if (cell == marked_) return;
  marked_ = cell;
  tell();
}

QString MatrixImage::value_at(const MatrixCell& cell) const {
  if (matrix_.empty() || cell.row >= matrix_.rows || cell.feature >= matrix_.columns) return {};
  return QLocale().toString(static_cast<double>(matrix_.at(cell.row, cell.feature)), 'g', 3);
}

QString MatrixImage::sentence() const {
  if (matrix_.empty()) return tr("%1: %2.").arg(name(), absent_);
  QString text = tr("%1, %2: %3 classes by %4 features, Frobenius norm %5.")
                     .arg(name(), role_)
                     .arg(matrix_.rows)
                     .arg(matrix_.columns)
                     .arg(QLocale().toString(frobenius(matrix_), 'g', 3));
  if (marked_)
    text += QLatin1Char(' ') +
            tr("Class %1, feature %2: %3.").arg(marked_->row).arg(marked_->feature).arg(value_at(*marked_));
  return text;
}

std::string MatrixImage::matrix_csv_text() const {
  return matrix_csv(matrix_);
}

QSize MatrixImage::sizeHint() const {
  const int height = matrix_.empty()
                         ? 26
                         : std::clamp(static_cast<int>(image_rows()) * row_height, least_height, most_height);
  return {420, height + static_cast<int>(top_margin + bottom_margin)};
}

QSize MatrixImage::minimumSizeHint() const {
  return {220, sizeHint().height()};
}

std::int64_t MatrixImage::image_rows() const {
  return view_.as_map() ? view_.shape[0] : matrix_.rows;
}

std::int64_t MatrixImage::image_columns() const {
  return view_.as_map() ? view_.shape[1] * view_.shape[2] : matrix_.columns;
}

MatrixCell MatrixImage::cell_of(std::int64_t row, std::int64_t column) const {
  if (view_.as_map()) return {view_.one_class, row * image_columns() + column};
  return {row, view_.order[static_cast<std::size_t>(column)]};
}

std::pair<std::int64_t, std::int64_t> MatrixImage::place_of(const MatrixCell& cell) const {
  if (view_.as_map()) return {cell.feature / image_columns(), cell.feature % image_columns()};
  const auto found = std::find(view_.order.begin(), view_.order.end(), cell.feature);
  return {cell.row, found - view_.order.begin()};
}

void MatrixImage::make_image() {
  image_ = {};
  if (matrix_.empty()) return;
  const Theme& theme = theme_of(palette());
  const double full = full_ > 0 ? full_ : 1;
  const auto width = static_cast<int>(image_columns()), height = static_cast<int>(image_rows());
  image_ = QImage(width, height, QImage::Format_RGB32);
  for (int row = 0; row < height; ++row) {
    auto* line = reinterpret_cast<QRgb*>(image_.scanLine(row));
    for (int column = 0; column < width; ++column) {
      const MatrixCell cell = cell_of(row, column);
      const double value = matrix_.at(cell.row, cell.feature);
      line[column] = std::isfinite(value) ? cosine_colour(value / full, theme) : theme.failure;
    }
  }
}

QRectF MatrixImage::image_area(QSizeF size) const {
  const double right = size.width() < least_width_for_words ? 6 : right_margin;
  return {left_margin, top_margin, size.width() - left_margin - right,
          size.height() - top_margin - bottom_margin};
}

void MatrixImage::draw(QPainter& painter, QSizeF size, const Theme& theme) const {
  const QRectF area = image_area(size);
  write(painter, {6, 0, left_margin - 10, 22}, Qt::AlignLeft | Qt::AlignTop, TextSize::name, theme.text,
        name());
  if (matrix_.empty())
    return write(painter, QRectF(left_margin, 0, size.width() - left_margin, size.height()),
                 Qt::AlignLeft | Qt::AlignVCenter, TextSize::normal, theme.muted, absent_);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, image_.width() > area.width());
  // Shrunk first by means over whole columns: the painter's own would skip some.
  const double pixels = area.width() * painter.device()->devicePixelRatioF();
  const QImage shown = image_.width() > pixels
                           ? image_.scaled(static_cast<int>(pixels), image_.height(), Qt::IgnoreAspectRatio,
                                           Qt::SmoothTransformation)
                           : image_;
  painter.drawImage(area, shown);
  painter.setPen(QColor::fromRgba(theme.border));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(area);

  const QRectF labels(6, area.top() + 22, left_margin - 12, area.height() - 22);
  const QString first = view_.as_map() ? tr("channel 0") : tr("class 0");
  const QString last = view_.as_map() ? tr("… %1").arg(view_.shape[0] - 1) : tr("… %1").arg(matrix_.rows - 1);
  write(painter, labels, Qt::AlignLeft | Qt::AlignTop, TextSize::small, theme.muted, first);
  write(painter, labels, Qt::AlignLeft | Qt::AlignBottom, TextSize::small, theme.muted, last);

  if (size.width() >= least_width_for_words) {
    const QRectF words(area.right() + 12, area.top(), size.width() - area.right() - 14, area.height());
    write(painter, words, Qt::AlignLeft | Qt::AlignTop, TextSize::small, theme.muted, role_);
    write(painter, words.adjusted(0, 15, 0, 0), Qt::AlignLeft | Qt::AlignTop, TextSize::label, theme.text,
          tr("norm %1").arg(QLocale().toString(frobenius(matrix_), 'g', 3)));
    write(painter, words.adjusted(0, 34, 0, 0), Qt::AlignLeft | Qt::AlignTop, TextSize::small, theme.muted,
          tr("full color ±%1").arg(QLocale().toString(full_, 'g', 2)));
  }
  if (!marked_ || (view_.as_map() && marked_->row != view_.one_class)) return;
  const auto [row, column] = place_of(*marked_);
  const double wide = area.width() / static_cast<double>(image_columns());
  const double high = area.height() / static_cast<double>(image_rows());
  QRectF cell(area.left() + wide * static_cast<double>(column), area.top() + high * static_cast<double>(row),
              wide, high);
  cell.adjust(-1, -1, 1, 1);
  painter.setPen(QPen(QColor::fromRgba(theme.text), 1.5));
  painter.drawRect(cell.width() < 5 ? cell.adjusted(-1.5, 0, 1.5, 0) : cell);
}

std::optional<MatrixCell> MatrixImage::cell_under(QPointF at) const {
  const QRectF area = image_area(size());
  if (matrix_.empty() || !area.contains(at)) return std::nullopt;
  const auto place = [](double share, std::int64_t count) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(share * static_cast<double>(count)), 0,
                                    count - 1);
  };
  return cell_of(place((at.y() - area.top()) / area.height(), image_rows()),
                 place((at.x() - area.left()) / area.width(), image_columns()));
}

void MatrixImage::mouseMoveEvent(QMouseEvent* event) {
  Q_EMIT cell_chosen(cell_under(event->position()));
}

void MatrixImage::leaveEvent(QEvent* event) {
  QWidget::leaveEvent(event);
  if (!hasFocus()) Q_EMIT cell_chosen(std::nullopt);
}

/// The arrows walk from entry to entry.
void MatrixImage::keyPressEvent(QKeyEvent* event) {
  if (matrix_.empty()) return QWidget::keyPressEvent(event);
  std::int64_t down = 0, right = 0;
  if (event->key() == Qt::Key_Up) down = -1;
  if (event->key() == Qt::Key_Down) down = 1;
  if (event->key() == Qt::Key_Left) right = -1;
  if (event->key() == Qt::Key_Right) right = 1;
  if (down == 0 && right == 0) return QWidget::keyPressEvent(event);
  if (!marked_ || (view_.as_map() && marked_->row != view_.one_class))
    return Q_EMIT cell_chosen(cell_of(0, 0));
  const auto [row, column] = place_of(*marked_);
  Q_EMIT cell_chosen(cell_of(std::clamp<std::int64_t>(row + down, 0, image_rows() - 1),
                             std::clamp<std::int64_t>(column + right, 0, image_columns() - 1)));
}

void MatrixImage::changeEvent(QEvent* event) {
  InspectorPicture::changeEvent(event);
  if (event->type() != QEvent::PaletteChange) return;
  make_image();
  update();
}

}  // namespace grapevine
