#include "sim/sqlite_files.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace vuer_rtc::sim {
namespace {

using Call = Disk::Call;
using Outcome = Disk::Outcome;

Disk* disk = nullptr;

struct OpenFile : sqlite3_file {
  Disk::Handle* handle;
  int process;
};

OpenFile& opened(sqlite3_file* file) { return *static_cast<OpenFile*>(file); }
Disk::File& content(sqlite3_file* file) { return **opened(file).handle; }

Outcome begin(Call call, sqlite3_file* file, std::size_t grows_to = 0) {
  return disk->begin(call, opened(file).process, grows_to, content(file).now.size());
}

int close(sqlite3_file* file) {
  delete opened(file).handle;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  if (begin(Call::Read, file) != Outcome::Good) return SQLITE_IOERR_READ;
  const Bytes& now = content(file).now;
  const auto from = std::min(static_cast<std::size_t>(offset), now.size());
  const auto size = std::min(static_cast<std::size_t>(amount), now.size() - from);
  if (size != 0) std::memcpy(out, now.data() + from, size);
  std::memset(static_cast<char*>(out) + size, 0, static_cast<std::size_t>(amount) - size);
  return size == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
  const auto at = static_cast<std::size_t>(offset);
  const ByteSpan bytes(static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(amount));
  switch (begin(Call::Write, file, at + bytes.size())) {
    case Outcome::Good:
      disk->write(content(file), at, bytes);
      return SQLITE_OK;
    case Outcome::Short:
      disk->write(content(file), at,
                  bytes.first(disk->random().below(static_cast<std::uint32_t>(bytes.size()))));
      return SQLITE_IOERR_WRITE;
    case Outcome::Full:
      return SQLITE_FULL;
    default:
      return SQLITE_IOERR_WRITE;
  }
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (begin(Call::Truncate, file) != Outcome::Good) return SQLITE_IOERR_TRUNCATE;
  disk->truncate(content(file), static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
  switch (begin(Call::Sync, file)) {
    case Outcome::Good:
      disk->sync(content(file));
      return SQLITE_OK;
    case Outcome::SyncFailed:
      disk->fail_sync(content(file));
      return SQLITE_IOERR_FSYNC;
    default:
      return SQLITE_IOERR_FSYNC;
  }
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(content(file).now.size());
  return SQLITE_OK;
}

// One process at a time has the file: locks are always free.
int lock(sqlite3_file*, int) { return SQLITE_OK; }
int is_reserved(sqlite3_file*, int* out) { return *out = 0, SQLITE_OK; }
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = {
    1,    close,       read,    write,       truncate,        sync, file_size, lock,
    lock, is_reserved, control, sector_size, characteristics, {},   {},        {},
    {},   {},          {}};

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (disk->begin(Call::Open, disk->process()) != Outcome::Good) return SQLITE_CANTOPEN;
  Disk::Handle handle;
  if (path == nullptr) {
    handle = std::make_shared<Disk::File>();
  } else {
    handle = disk->find(path);
    if (!handle && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (!handle) handle = disk->create(path);
  }
  auto& opened_file = static_cast<OpenFile&>(*file);
  opened_file.handle = new Disk::Handle(std::move(handle));
  opened_file.process = disk->process();
  file->pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int) {
  if (disk->begin(Call::Delete, disk->process()) != Outcome::Good) return SQLITE_IOERR_DELETE;
  if (!disk->find(path)) return SQLITE_IOERR_DELETE_NOENT;
  disk->remove(path);
  return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* path, int, int* out) {
  const Disk::Handle file = disk->find(path);
  *out = file && !file->now.empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  return sqlite3_snprintf(size, out, "%s", path), SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* out) {
  for (int i = 0; i < size; i++) out[i] = static_cast<char>(disk->random().below(256));
  return size;
}

int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* days) { return *days = 2460000.5, SQLITE_OK; }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

sqlite3_vfs file_system = {1,
                           sizeof(OpenFile),
                           512,
                           nullptr,
                           "simulated",
                           nullptr,
                           open,
                           remove,
                           access,
                           full_path,
                           {},
                           {},
                           {},
                           {},
                           randomness,
                           sleep,
                           current_time,
                           last_error,
                           {},
                           {},
                           {},
                           {}};

}  // namespace

void use_disk(Disk* next) {
  disk = next;
  sqlite3_vfs_register(&file_system, 1);
  sqlite3_randomness(0, nullptr);  // drawn anew, from this disk's dice
}

}  // namespace vuer_rtc::sim
