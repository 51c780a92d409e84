// The run library's import: run files, other databases and curves taken in.
#include <memory>

#include "engine/error.h"
#include "engine/runs/import_file.h"
#include "ui/panels/background.h"
#include "ui/panels/counted.h"
#include "ui/panels/library_store.h"

namespace grapevine {
namespace {

struct Imports {
  ImportedCurves all;
  QStringList refused;  ///< a sentence for each file that can't be taken in
};

QString result_of(const ImportedCurves& all) {
  const int taken = static_cast<int>(all.taken.size()), known = static_cast<int>(all.known);
  const QString runs = counted(taken, LibraryStore::tr("1 run taken in"),
                               LibraryStore::tr("%n runs taken in", nullptr, taken));
  if (known == 0) return runs + QLatin1Char('.');
  return LibraryStore::tr("%1; %2.").arg(runs,
                                         counted(known, LibraryStore::tr("1 was here already"),
                                                 LibraryStore::tr("%n were here already", nullptr, known)));
}

QStringList lines_of(const std::vector<std::string>& texts) {
  QStringList lines;
  for (const std::string& text : texts) lines << QString::fromStdString(text);
  return lines;
}

}  // namespace

void LibraryStore::import_files(const QStringList& files) {
  if (files.isEmpty() || importing()) return;
  const auto importing = std::make_shared<const bool>(true);
  importing_ = importing;
  auto came = std::make_shared<Imports>();
  Q_EMIT import_begun();
  background_->run(
      [importing, came, files, into = database_.toStdString()] {
        for (const QString& file : files) {
          try {
            add_import(came->all, import_file(into, file.toStdString()));
          } catch (const Error& error) {  // the others are taken in all the same
            came->refused << QString::fromUtf8(error.what());
          }
        }
      },
      [this, came, wanted = files.size()](const QString& error) {
        for (const QString& why : came->refused) Q_EMIT trouble(why);
        if (!error.isEmpty()) Q_EMIT trouble(error);
        const bool none = came->refused.size() == wanted || !error.isEmpty();
        Q_EMIT imported(none ? QString() : result_of(came->all),
                        lines_of(came->all.notes) + lines_of(came->all.left));
        refresh();
      });
}

}  // namespace grapevine
