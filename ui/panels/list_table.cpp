#include "ui/panels/list_table.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableView>
#include <algorithm>

namespace grapevine {
namespace {

/// The accents of J̄ and Ĵ are above what a font says is its height.
int row_height(const QFontMetrics& metrics) {
  const int reach = -metrics.tightBoundingRect(QStringLiteral("J\u0304J\u0302")).top();
  return metrics.height() + std::max(8, 2 * (reach - metrics.ascent() + 1));
}

class RoomyRows : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {hint.width(), std::max(hint.height(), row_height(option.fontMetrics))};
  }
};

}  // namespace

void give_accents_room(QAbstractItemView& list) {
  list.setItemDelegate(new RoomyRows(&list));
}

void look_like_a_list(QTableView& table) {
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setAlternatingRowColors(true);
  table.setShowGrid(false);
  table.setWordWrap(false);
  table.setTabKeyNavigation(false);
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(row_height(table.fontMetrics()));
  table.horizontalHeader()->setHighlightSections(false);
  table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table.horizontalHeader()->setStretchLastSection(true);
}

}  // namespace grapevine
