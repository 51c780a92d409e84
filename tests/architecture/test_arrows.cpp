// Who includes whom: every include of engine, ui and app against the drawing in ARCHITECTURE.md, whose arrows
// point down only; and what the programs see of an engine room (the headers that .def files list) needs no
// LibTorch.
#include <QRegularExpression>
#include <QTest>
#include <map>
#include <set>

#include "tests/architecture/sources.h"

namespace {

const QString root = QStringLiteral(GRAPEVINE_SOURCE_DIR);

QStringList sources() {
  return source_files({"*.h", "*.cpp", "*.def"});
}

/// "engine/nn" of engine/nn/layers/linear.h; "engine" of engine/error.h.
QString room_of(const QString& path) {
  const QStringList parts = path.split(QLatin1Char('/'));
  return parts.size() > 2 ? parts[0] + QLatin1Char('/') + parts[1] : parts[0];
}

QStringList includes_of(const QString& path, const char* pattern) {
  QStringList found;
  const QRegularExpression line(QString::fromUtf8(pattern), QRegularExpression::MultilineOption);
  for (auto all = line.globalMatch(text_of(path)); all.hasNext();) found << all.next().captured(1);
  return found;
}
QStringList own_includes(const QString& path) {
  return includes_of(path, "^\\s*#\\s*include\\s+\"((?:engine|ui|app)/[^\"]+)\"");
}

/// A line of the drawing: "core    engine/runs      → experiment session".
struct Room {
  QString target, name;
  std::set<QString> below;
};

std::vector<Room> drawing() {
  const QString text = text_of(QStringLiteral("ARCHITECTURE.md"));
  const QRegularExpression line(QStringLiteral("^(core|engine|ui|programs)\\s+(\\S+)\\s+→(.*)$"),
                                QRegularExpression::MultilineOption);
  std::vector<Room> rooms;
  for (auto all = line.globalMatch(text); all.hasNext();) {
    const auto match = all.next();
    Room room{match.captured(1), match.captured(2), {}};
    for (const QString& word : match.captured(3).split(QLatin1Char(' '), Qt::SkipEmptyParts))
      room.below.insert(word);
    rooms.push_back(room);
  }
  return rooms;
}

}  // namespace

class TestArrows : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void rooms_are_the_folders();
  void arrows_point_down();
  void includes_follow_the_arrows();
  void drawn_arrows_are_used();
  void listed_headers_need_no_libtorch();
  void libraries_keep_to_their_side();

 private:
  std::vector<Room> rooms_;
  std::map<QString, Room> by_name_;
};

void TestArrows::initTestCase() {
  rooms_ = drawing();
  for (const Room& room : rooms_) by_name_[room.name] = room;
  QVERIFY2(rooms_.size() > 20, "the drawing in ARCHITECTURE.md was not understood");
  QCOMPARE(by_name_.size(), rooms_.size());
}

void TestArrows::rooms_are_the_folders() {
  std::set<QString> folders, drawn;
  for (const QString& file : sources())
    if (room_of(file) != QLatin1String("engine")) folders.insert(room_of(file));
  for (const Room& room : rooms_) drawn.insert(room.name);
  for (const QString& folder : folders)
    QVERIFY2(drawn.count(folder), qPrintable(folder + " is not in ARCHITECTURE.md's drawing"));
  for (const QString& room : drawn)
    QVERIFY2(folders.count(room), qPrintable(room + " is drawn in ARCHITECTURE.md, but is not a folder"));
}

// Lines stand from the bottom up: a room may use only what stands before it, and core nothing of the
// engine's.
void TestArrows::arrows_point_down() {
  std::map<QString, QString> target_of;
  for (const Room& room : rooms_) {
    for (const QString& below : room.below) {
      QVERIFY2(target_of.count(below), qPrintable(room.name + " → " + below + " points up"));
      const bool core_only = room.target == "core" || room.target == "ui" || room.target == "programs";
      if (core_only)
        QVERIFY2(target_of[below] != "engine",
                 qPrintable(room.name + " → " + below + " reaches into the engine"));
    }
    target_of[room.name] = room.target;
  }
}

void TestArrows::includes_follow_the_arrows() {
  QStringList wrong;
  for (const QString& file : sources()) {
    for (const QString& header : own_includes(file)) {
      const QString from = room_of(file), to = room_of(header);
      if (!QFile::exists(root + QLatin1Char('/') + header))
        wrong << file + " includes " + header + ", which is not there";
      if (from == to || to == QLatin1String("engine")) continue;
      // The lists that rooms' .def files are: descriptors of what core can name, checked below.
      if (header.endsWith(QLatin1String(".def"))) continue;
      if (!by_name_[from].below.count(to)) wrong << file + " → " + header;
    }
  }
  QVERIFY2(wrong.isEmpty(),
           qPrintable(QStringLiteral("arrows that ARCHITECTURE.md doesn't draw:\n") + wrong.join('\n')));
}

void TestArrows::drawn_arrows_are_used() {
  std::set<std::pair<QString, QString>> used;
  for (const QString& file : sources())
    for (const QString& header : own_includes(file)) used.insert({room_of(file), room_of(header)});
  QStringList idle;
  for (const Room& room : rooms_)
    for (const QString& below : room.below)
      if (!used.count({room.name, below})) idle << room.name + " → " + below;
  QVERIFY2(idle.isEmpty(), qPrintable(QStringLiteral("arrows that nothing uses:\n") + idle.join('\n')));
}

void TestArrows::listed_headers_need_no_libtorch() {
  std::set<QString> seen;
  QStringList to_see;
  for (const QString& file : sources()) {
    if (!file.endsWith(QLatin1String(".def"))) continue;
    const QRegularExpression entry(QStringLiteral("^GRAPEVINE_[A-Z]+\\(([a-z0-9_]+)"),
                                   QRegularExpression::MultilineOption);
    for (auto all = entry.globalMatch(text_of(file)); all.hasNext();) {
      const QString header = QFileInfo(file).path() + QLatin1Char('/') + all.next().captured(1) + ".h";
      if (QFile::exists(root + QLatin1Char('/') + header)) to_see << header;
    }
  }
  QVERIFY2(to_see.size() > 15, "no headers were found behind the .def files");
  while (!to_see.isEmpty()) {
    const QString header = to_see.takeFirst();
    if (!seen.insert(header).second) continue;
    const QStringList foreign = includes_of(header, "^\\s*#\\s*include\\s+<((?:ATen|torch|c10)/[^>]+)>");
    QVERIFY2(foreign.isEmpty(), qPrintable(header + " is seen by core, but includes " + foreign.join(' ')));
    to_see << own_includes(header);
  }
}

void TestArrows::libraries_keep_to_their_side() {
  for (const QString& file : sources()) {
    const Room& room = by_name_[room_of(file)];
    const bool torch = !includes_of(file, "^\\s*#\\s*include\\s+<((?:ATen|torch|c10)/[^>]+)>").isEmpty();
    const bool qt = !includes_of(file, "^\\s*#\\s*include\\s+<(Q[A-Z][^>]*)>").isEmpty();
    if (torch) QVERIFY2(room.target == "engine", qPrintable(file + " includes LibTorch"));
    if (qt) QVERIFY2(!file.startsWith(QLatin1String("engine/")), qPrintable(file + " includes Qt"));
  }
}

QTEST_GUILESS_MAIN(TestArrows)
#include "test_arrows.moc"
