#include "storage/mark_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "storage/checksum.hpp"

namespace vuer_rtc::server {
namespace {

/// As it lies in the file: the slot of document n begins at n times this size.
struct Slot {
  Mark mark;
  std::int64_t checksum = 0;
};
static_assert(sizeof(Slot) == 64, "slots never straddle a sector");

std::int64_t checksum_of(const Mark& mark) {
  Checksum sum;
  sum.add(mark.document).add(mark.version).add(mark.last_seq);
  return sum.add(ByteSpan(mark.chain)).value();
}

}  // namespace

MarkFile::MarkFile(const std::string& path) {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  path_.resize(static_cast<std::size_t>(system->mxPathname) + 1);
  if (system->xFullPathname(system, path.c_str(), static_cast<int>(path_.size()), path_.data()) !=
      SQLITE_OK)
    return;
  memory_ = std::make_unique<std::byte[]>(static_cast<std::size_t>(system->szOsFile));
  auto* file = reinterpret_cast<sqlite3_file*>(memory_.get());
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_SUPER_JOURNAL;
  if (system->xOpen(system, path_.c_str(), file, flags, nullptr) == SQLITE_OK) file_ = file;
}

MarkFile::~MarkFile() {
  if (file_ != nullptr) file_->pMethods->xClose(file_);
}

/// The slot that no document has. It is synced: a file without it is a new one.
std::int64_t MarkFile::older_documents(std::int64_t now) {
  if (file_ == nullptr) return 0;
  Slot slot;
  const int read = file_->pMethods->xRead(file_, &slot, sizeof slot, 0);
  const bool whole = slot.mark.document == 0 && slot.checksum == checksum_of(slot.mark);
  if (read == SQLITE_OK && whole) return slot.mark.version;
  if (read != SQLITE_OK && read != SQLITE_IOERR_SHORT_READ) return 0;
  Mark first;
  first.version = now;
  write(first);
  file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL);
  return now;
}

std::vector<Mark> MarkFile::read() {
  std::vector<Mark> marks;
  sqlite3_int64 size = 0;
  if (file_ == nullptr || file_->pMethods->xFileSize(file_, &size) != SQLITE_OK) return marks;
  constexpr sqlite3_int64 kSlot = sizeof(Slot);
  std::vector<Slot> slots(1024);
  for (sqlite3_int64 at = 0; at + kSlot <= size; at += kSlot * std::ssize(slots)) {
    const sqlite3_int64 count = std::min<sqlite3_int64>((size - at) / kSlot, std::ssize(slots));
    if (file_->pMethods->xRead(file_, slots.data(), static_cast<int>(count * kSlot), at) !=
        SQLITE_OK)
      return marks;
    for (sqlite3_int64 i = 0; i < count; ++i) {
      const Slot& slot = slots[static_cast<std::size_t>(i)];
      const bool whole = slot.mark.document * kSlot == at + i * kSlot &&
                         slot.checksum == checksum_of(slot.mark) && slot.mark.document > 0;
      if (whole) marks.push_back(slot.mark);
    }
  }
  return marks;
}

void MarkFile::write(const Mark& mark) {
  const Slot slot{mark, checksum_of(mark)};
  if (file_ == nullptr) return;
  file_->pMethods->xWrite(file_, &slot, sizeof slot,
                          mark.document * static_cast<std::int64_t>(sizeof slot));
}

}  // namespace vuer_rtc::server
