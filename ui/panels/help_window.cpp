#include "ui/panels/help_window.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextFrame>
#include <QTextTable>
#include <QUrl>
#include <QVBoxLayout>

#include "engine/error.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/plans/resource_files.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString page_text(const QString& page) {
  try {
    return QString::fromStdString(read_resource("help/" + page.toStdString() + ".md"));
  } catch (const Error& error) {
    return QString::fromUtf8(error.what());
  }
}

int level_of(const QString& line) {
  int level = 0;
  while (level < line.size() && line[level] == QLatin1Char('#')) ++level;
  return level;
}

/// Room around the words, and single lines.
void set_tables(QTextDocument& document, const QColor& line) {
  for (QTextFrame* frame : document.rootFrame()->childFrames()) {
    auto* table = qobject_cast<QTextTable*>(frame);
    if (!table) continue;
    QTextTableFormat format = table->format();
    format.setCellPadding(5);
    format.setCellSpacing(0);
    format.setBorderCollapse(true);
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(line);
    table->setFormat(format);
  }
}

}  // namespace

QString section_of_page(const QString& markdown, const QString& heading) {
  QStringList kept;
  int level = 0;
  for (const QString& line : markdown.split(QLatin1Char('\n'))) {
    const int here = level_of(line);
    if (level > 0 && here > 0 && here <= level) break;
    if (level == 0 && here > 0 && line.contains(heading)) level = here;
    if (level > 0) kept << line;
  }
  return kept.isEmpty() ? markdown : kept.join(QLatin1Char('\n'));
}

HelpWindow::HelpWindow(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Help"));
  resize(720, 640);
  auto* column = new QVBoxLayout(this);
  page_ = new QTextBrowser(this);
  page_->setOpenLinks(false);
  page_->setAccessibleName(tr("Help"));
  column->addWidget(page_, 1);
  // The book's pages link to each other by their files.
  connect(page_, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    const QString file = link.fileName();
    if (link.scheme().isEmpty() && file.endsWith(QLatin1String(".md"))) show_page(file.chopped(3));
  });
  auto* row = new QHBoxLayout;
  const auto add = [&](const QString& title, const QString& page) {
    auto* button = new QPushButton(title, this);
    connect(button, &QPushButton::clicked, this, [this, page] { show_page(page); });
    row->addWidget(button);
  };
  add(tr("Contents"), QStringLiteral("index"));
  add(tr("Measures"), QStringLiteral("measures"));
  add(tr("Glossary"), QStringLiteral("glossary"));
  add(tr("What goes wrong"), QStringLiteral("faq"));
  row->addStretch(1);
  auto* close = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(close, &QDialogButtonBox::rejected, this, &QDialog::reject);
  row->addWidget(close);
  column->addLayout(row);
}

QString HelpWindow::text() const {
  return page_->toPlainText();
}

void HelpWindow::show_page(const QString& page) {
  show_markdown(page_text(page));
}

void HelpWindow::show_topic(const QString& topic) {
  const QString text = page_text(topic.section(QLatin1Char('#'), 0, 0));
  const QString heading = topic.section(QLatin1Char('#'), 1);
  show_markdown(heading.isEmpty() ? text : section_of_page(text, heading));
}

void HelpWindow::show_measure(const QString& key) {
  show_markdown(section_of_page(page_text(QStringLiteral("measures")), QStringLiteral("`%1`").arg(key)));
}

void HelpWindow::show_setting(const Setting& setting, const std::string& key) {
  const QString full = QString::fromStdString(key);
  QString text = QStringLiteral("## %1\n\n").arg(label_of_key(key));
  const auto paragraph = [&](const QString& words) { text += words + QStringLiteral("\n\n"); };
  paragraph(tr("In files and on the command line: `%1`").arg(full));
  paragraph(QString::fromStdString(setting.help));
  paragraph(
      tr("Allowed: %1. Default: %2.")
          .arg(QString::fromStdString(setting.allowed()), QString::fromStdString(to_text(setting.fallback))));
  if (setting.live) paragraph(tr("It may be changed while a run is in progress."));
  if (!setting.depends_on.empty()) {
    QStringList values;
    for (const std::string& value : setting.depends_values)
      values << name_of_choice(setting.depends_on, value);
    paragraph(tr("It has a meaning where %1 is %2.")
                  .arg(label_of_key(setting.depends_on), values.join(QStringLiteral(", "))));
  }
  if (key == rule_name_key())
    for (const RuleDescriptor& rule : rules())
      text += QStringLiteral("- **%1** %2: `%3`\n")
                  .arg(QString::fromStdString(rule.name), QString::fromStdString(rule.help),
                       QString::fromStdString(rule.equation));
  show_markdown(text);
}

void HelpWindow::show_markdown(const QString& markdown) {
  page_->setMarkdown(markdown);
  page_->document()->setDocumentMargin(16);
  set_tables(*page_->document(), palette().color(QPalette::Mid));
  show();
  raise();
}

}  // namespace grapevine
