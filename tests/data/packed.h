// Archives for the tests of downloads, packed by libarchive.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <QByteArray>
#include <QList>
#include <string>

namespace grapevine {

struct PackedEntry {
  QByteArray name;
  QByteArray content;
  QByteArray symlink = {}, hardlink = {};  ///< where it leads; empty = a plain file
};

enum class Packing { tar_gz, zip };

inline QByteArray packed(const QList<PackedEntry>& entries, Packing packing = Packing::tar_gz) {
  QByteArray out(64 << 20, '\0');
  std::size_t used = 0;
  archive* to = archive_write_new();
  if (packing == Packing::zip) {
    archive_write_set_format_zip(to);
  } else {
    archive_write_set_format_pax_restricted(to);
    archive_write_add_filter_gzip(to);
  }
  archive_write_open_memory(to, out.data(), static_cast<std::size_t>(out.size()), &used);
  for (const PackedEntry& entry : entries) {
    archive_entry* about = archive_entry_new();
    archive_entry_set_pathname(about, entry.name.constData());
    archive_entry_set_perm(about, 0644);
    archive_entry_set_filetype(about, entry.symlink.isEmpty() ? AE_IFREG : AE_IFLNK);
    if (!entry.symlink.isEmpty()) archive_entry_set_symlink(about, entry.symlink.constData());
    if (!entry.hardlink.isEmpty()) archive_entry_set_hardlink(about, entry.hardlink.constData());
    const bool plain = entry.symlink.isEmpty() && entry.hardlink.isEmpty();
    archive_entry_set_size(about, plain ? entry.content.size() : 0);
    archive_write_header(to, about);
    if (plain)
      archive_write_data(to, entry.content.constData(), static_cast<std::size_t>(entry.content.size()));
    archive_entry_free(about);
  }
  archive_write_close(to);
  archive_write_free(to);
  out.truncate(static_cast<qsizetype>(used));
  return out;
}

/// CIFAR-10's binary files with one record each, of class `label`.
inline QList<PackedEntry> cifar_entries(const QByteArray& folder = "cifar-10-batches-bin/", char label = 3) {
  QList<PackedEntry> entries;
  const QByteArray record = QByteArray(1, label) + QByteArray(3072, '\x20');
  for (const char* name :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"})
    entries += {folder + name + ".bin", record};
  return entries;
}

}  // namespace grapevine
