// One value of a database that another program may be writing.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <QString>

/// The first column of the first row; empty where there is none, no table or no database yet.
inline QString ask(const QString& database, const char* sql) {
  try {
    SQLite::Database file(database.toStdString(), SQLite::OPEN_READWRITE, 5000);
    SQLite::Statement query(file, sql);
    return query.executeStep() ? QString::fromStdString(query.getColumn(0).getString()) : QString();
  } catch (const SQLite::Exception&) {
    return {};
  }
}
