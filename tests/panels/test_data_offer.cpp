// The offer to fetch a data set that is missing: shown only then, with progress, an end and a way to cancel.
// The data come from a server of our own.
#include <QCryptographicHash>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "engine/data/places.h"
#include "tests/data/http_server.h"
#include "tests/data/packed.h"
#include "ui/panels/data_offer.h"

using namespace grapevine;

class TestDataOffer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void only_what_is_missing_is_offered();
  void the_data_set_arrives();
  void cancelling_keeps_the_offer();
  void an_error_is_told();

 private:
  static QString words(const DataOffer& offer) { return offer.findChild<QLabel*>()->text(); }
  static QPushButton* button(const DataOffer& offer) { return offer.findChild<QPushButton*>(); }
  HttpServer server_;
  QTemporaryDir table_;
  std::unique_ptr<QTemporaryDir> home_;
  QByteArray archive_ = packed(cifar_entries());
};

void TestDataOffer::initTestCase() {
  const QByteArray sum = QCryptographicHash::hash(archive_, QCryptographicHash::Md5).toHex();
  QFile file(table_.filePath("sources.json"));
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(
      "{\"cifar10\": {\"archive\": true, \"unpacked\": 1000000, \"files\": [{\"name\": \"a.tar.gz\", "
      "\"folders\": [\"" +
      QByteArray::fromStdString(server_.address()) + "\"], \"md5\": \"" + sum + "\"}]}}");
  qputenv("GRAPEVINE_DATA_SOURCES", file.fileName().toUtf8());
}

void TestDataOffer::init() {
  home_ = std::make_unique<QTemporaryDir>();
  qputenv("XDG_CACHE_HOME", home_->filePath("cache").toUtf8());
  use_data_dir(home_->path().toStdString());
  server_.files["a.tar.gz"] = Served();
  server_.files["a.tar.gz"].content = archive_;
}

void TestDataOffer::only_what_is_missing_is_offered() {
  DataOffer offer;
  offer.set_data("cifar10", "");
  QVERIFY(!offer.isHidden() && words(offer).contains("CIFAR-10 is not on this machine"));
  offer.set_data("shapes", "");
  QVERIFY(offer.isHidden());
  offer.set_data("cifar10", "/a/folder/of/mine");
  QVERIFY(offer.isHidden());
}

void TestDataOffer::the_data_set_arrives() {
  DataOffer offer;
  offer.set_data("cifar10", "");
  QSignalSpy arrived(&offer, &DataOffer::arrived);
  button(offer)->click();
  QVERIFY(offer.fetching());
  QTRY_COMPARE(arrived.count(), 1);
  QVERIFY(offer.isHidden() && !offer.fetching());
  QVERIFY(std::filesystem::exists(download_folder("cifar10")));
}

void TestDataOffer::cancelling_keeps_the_offer() {
  server_.files["a.tar.gz"].chunk = 10;
  DataOffer offer;
  offer.set_data("cifar10", "");
  button(offer)->click();
  QTRY_VERIFY(words(offer).contains("downloading a.tar.gz"));
  QCOMPARE(button(offer)->text(), QString("Cancel"));
  button(offer)->click();
  QTRY_VERIFY(!offer.fetching());
  QVERIFY(!offer.isHidden());
  QCOMPARE(button(offer)->text(), QString("Get the data"));
  // A window that closes in the midst of it doesn't wait.
  button(offer)->click();
  QVERIFY(offer.fetching());
}

void TestDataOffer::an_error_is_told() {
  server_.files.remove("a.tar.gz");
  DataOffer offer;
  offer.set_data("cifar10", "");
  button(offer)->click();
  QTRY_VERIFY(!offer.fetching());
  QVERIFY2(words(offer).contains("status 404"), qPrintable(words(offer)));
  QVERIFY(!offer.isHidden() && button(offer)->isEnabled());
}

QTEST_MAIN(TestDataOffer)
#include "test_data_offer.moc"
