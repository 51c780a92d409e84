// A small HTTP server for downloads: well-behaved, or with one of the faults that servers have. It lives in
// the thread that made it and needs that thread's event loop.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QPointer>
#include <QStringList>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <algorithm>
#include <string>

namespace grapevine {

/// What stands under a name, and how it is sent.
struct Served {
  QByteArray content;
  QByteArray etag = "\"one\"";
  int status = 200;
  bool ranges = true;
  bool tells_length = true;
  qint64 claimed_length = -1;  ///< instead of the true one
  int cuts = 0;                ///< so many answers end early …
  qint64 cut_after = 0;        ///< … after so many bytes of the body
  int chunk = 0;               ///< > 0: so many bytes every 10 ms
  bool silent = false;         ///< takes the request and says nothing
  QByteArray redirect = {};    ///< 302 to this path
};

class HttpServer {
 public:
  HttpServer() {
    QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] { accept(); });
    if (!server_.listen(QHostAddress::LocalHost)) qFatal("no port to listen on");
    qputenv("no_proxy", "127.0.0.1");
  }
  ~HttpServer() { server_.close(); }

  QHash<QByteArray, Served> files;  ///< by path without the first slash
  QList<QByteArray> requests;       ///< the heads of all requests, lower case

  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_.serverPort()); }
  int count(const QByteArray& path) const {
    return static_cast<int>(std::count_if(requests.begin(), requests.end(), [&](const QByteArray& head) {
      return head.startsWith("get /" + path.toLower() + " ");
    }));
  }
  /// A header's value in the last request; empty when it had none.
  QByteArray last(const QByteArray& header) const {
    if (requests.isEmpty()) return {};
    return value(requests.last(), header);
  }

 private:
  static QByteArray value(const QByteArray& head, const QByteArray& header) {
    for (const QByteArray& line : head.split('\n'))
      if (line.startsWith(header + ":")) return line.mid(header.size() + 1).trimmed();
    return {};
  }

  void accept() {
    while (QTcpSocket* socket = server_.nextPendingConnection()) {
      QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
      QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
        const QByteArray head = socket->peek(socket->bytesAvailable());
        if (!head.contains("\r\n\r\n")) return;
        socket->readAll();
        answer(socket, head);
      });
    }
  }

  void answer(QTcpSocket* socket, const QByteArray& head) {
    requests += head.toLower();
    const QByteArray path = head.split(' ').value(1).mid(1);
    const auto found = files.find(path);
    if (found == files.end())
      return send(socket, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", {}, 0);
    Served& file = *found;
    if (file.silent) return;
    if (!file.redirect.isEmpty())
      return send(socket,
                  "HTTP/1.1 302 Found\r\nLocation: /" + file.redirect + "\r\nContent-Length: 0\r\n\r\n", {},
                  0);
    if (file.status != 200)
      return send(socket,
                  "HTTP/1.1 " + QByteArray::number(file.status) + " Trouble\r\nContent-Length: 0\r\n\r\n", {},
                  0);
    QByteArray body = file.content, extra;
    QByteArray status = "200 OK";
    const QByteArray range = value(requests.last(), "range"), condition = value(requests.last(), "if-range");
    if (file.ranges && range.startsWith("bytes=") &&
        (condition.isEmpty() || condition == file.etag.toLower())) {
      const qint64 begin = range.mid(6, range.indexOf('-') - 6).toLongLong();
      status = "206 Partial Content";
      body = file.content.mid(begin);
      extra = "Content-Range: bytes " + QByteArray::number(begin) + "-" +
              QByteArray::number(file.content.size() - 1) + "/" + QByteArray::number(file.content.size()) +
              "\r\n";
    }
    if (!file.etag.isEmpty()) extra += "ETag: " + file.etag + "\r\n";
    if (file.tells_length)
      extra += "Content-Length: " +
               QByteArray::number(file.claimed_length >= 0 ? file.claimed_length : body.size()) + "\r\n";
    if (file.cuts > 0) {
      --file.cuts;
      body.truncate(file.cut_after);
    }
    send(socket, "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + extra + "\r\n", body, file.chunk);
  }

  static void send(QTcpSocket* socket, const QByteArray& head, const QByteArray& body, int chunk) {
    socket->write(head);
    if (chunk <= 0) {
      socket->write(body);
      socket->disconnectFromHost();
      return;
    }
    auto* timer = new QTimer(socket);
    QObject::connect(timer, &QTimer::timeout, socket, [socket, timer, body, chunk, at = qint64{0}]() mutable {
      socket->write(body.mid(at, chunk));
      at += chunk;
      if (at < body.size()) return;
      timer->stop();
      socket->disconnectFromHost();
    });
    timer->start(10);
  }

  QTcpServer server_;
};

}  // namespace grapevine
