// A matrix as an image: one row per class, one column per feature, orange below zero and blue above; of a
// convolution's features one class as channels by positions. The window's thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/session/inspection.h"
#include "ui/panels/inspector/picture.h"

namespace grapevine {

/// Where one looks: what all images of a layer share.
struct MatrixView {
  std::vector<std::int64_t> order;  ///< features from left to right
  std::vector<std::int64_t> shape;  ///< of the features: {n}, or {channels, height, width}
  int one_class = -1;               ///< shown as channels × positions; -1 = all classes, a row each
  bool as_map() const { return one_class >= 0 && shape.size() == 3; }
};

/// One entry.
struct MatrixCell {
  std::int64_t row = 0, feature = 0;
  bool operator==(const MatrixCell&) const = default;
};

class MatrixImage : public InspectorPicture {
  Q_OBJECT

 public:
  MatrixImage(QString name, QString role, QString reading, QWidget* parent);

  /// `size_of_full`: the size of an entry that has the full colour. `absent`: why there is none.
  void show_matrix(Matrix matrix, MatrixView view, double size_of_full, const QString& absent);
  /// The entry that is read; all images of a layer mark the same one.
  void mark(std::optional<MatrixCell> cell);
  const Matrix& matrix() const { return matrix_; }
  /// The entry as text; "" where there is none.
  QString value_at(const MatrixCell& cell) const;

  QString sentence() const override;
  std::string csv() const override { return matrix_csv_text(); }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// Pointed at, or walked to; nothing when the pointer has left.
  void cell_chosen(std::optional<MatrixCell> cell);

 protected:
  void draw(QPainter& painter, QSizeF size, const Theme& theme) const override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  std::int64_t image_rows() const;
  std::int64_t image_columns() const;
  /// The entry behind a place of the image; the other way round.
  MatrixCell cell_of(std::int64_t row, std::int64_t column) const;
  std::pair<std::int64_t, std::int64_t> place_of(const MatrixCell& cell) const;
  QRectF image_area(QSizeF size) const;
  std::optional<MatrixCell> cell_under(QPointF at) const;
  void make_image();
  std::string matrix_csv_text() const;

  Matrix matrix_;
  MatrixView view_;
  double full_ = 1;
  QString role_, absent_;
  QImage image_;
  std::optional<MatrixCell> marked_;
};

}  // namespace grapevine
