// What leaves the inspector: pictures, tables of numbers, and all matrices in one file for NumPy. Pure
// functions that write through careful_file.h.
#pragma once

#include <QImage>
#include <QString>
#include <string>
#include <vector>

#include "engine/session/inspection.h"

namespace grapevine {

/// A name that any file system takes: "cos(B, J̄)" → "cos-B-J".
QString file_stem(const QString& name);

// Each returns "", or the sentence of what went wrong.
QString write_png(const QString& file, const QImage& image);
QString write_text(const QString& file, const std::string& text);

/// "class,feature,value", one line per entry.
std::string matrix_csv(const Matrix& matrix);
std::string histogram_csv(const Histogram& histogram);

/// All of one racer's layer as arrays (feedback, estimate, jacobian, left_over, singular values, column
/// cosines, sample angles) with what describes them: the content of an .npz file.
std::string inspection_npz(const Inspection& inspection, const std::string& racer);
/// The same as one table, "quantity,row,column,value".
std::string inspection_csv(const Inspection& inspection);

}  // namespace grapevine
