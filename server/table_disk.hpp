// Table channels on the disk: a folder with one SQLite file per channel, named by the SHA-256 of
// its name, written to on the storage's own thread (table endpoint specification, sections 1 and
// 10).
#pragma once

#include <map>

#include "protocol/table/host.hpp"
#include "storage/store_queue.hpp"
#include "storage/table_file.hpp"

namespace vuer_rtc::server {

struct TableDiskOptions {
  std::string folder;  ///< empty: in memory, for as long as the process lives
  Durability durability = Durability::Full;
  std::set<std::string> tables;
  std::size_t max_channels = 10'000;
};

class TableDisk final : public table::Disk {
 public:
  TableDisk(StoreQueue& store, const TableDiskOptions& options);

  /// False: the channel is new, and there are enough.
  bool has_place_for(const std::string& channel) const;

  void load(const std::string& channel,
            std::function<void(std::optional<table::Stored>)> done) override;
  void write(const std::string& channel, table::Write write,
             std::function<void(bool)> done) override;
  void forget(const std::string& channel) override;

 private:
  /// What the storage's thread knows of an open channel. The file is made by the first write.
  struct Open {
    table::SitePair site;
    std::unique_ptr<TableFile> file;
  };
  struct Files {
    TableDiskOptions options;
    std::map<std::string, Open> open;
    Result<table::Stored> load(const std::string& channel, bool is_there);
    Status write(const std::string& channel, const table::Write& write);
    Result<TableFile*> file_of(const std::string& channel);
    std::string path_of(const std::string& channel) const;
  };
  bool is_there(const std::string& channel) const;

  StoreQueue& store_;
  std::shared_ptr<Files> files_;  // used on the storage's thread only
  TableDiskOptions options_;
  std::set<std::string> names_;  // of the files that are there, or about to be
};

}  // namespace vuer_rtc::server
