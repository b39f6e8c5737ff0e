#include "table_disk.hpp"

#include <openssl/sha.h>

#include <chrono>
#include <filesystem>

#include "log.hpp"
#include "metrics/metrics.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kEnding = ".db";

std::string file_name(const std::string& channel) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint8_t hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const std::uint8_t*>(channel.data()), channel.size(), hash);
  std::string name;
  for (const std::uint8_t byte : hash) name += {kDigits[byte >> 4], kDigits[byte & 15]};
  return name + std::string(kEnding);
}

}  // namespace

TableDisk::TableDisk(StoreQueue& store, const TableDiskOptions& options)
    : store_(store), files_(std::make_shared<Files>()), options_(options) {
  files_->options = options;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(options.folder, fault))
    if (entry.path().extension() == kEnding) names_.insert(entry.path().filename().string());
}

bool TableDisk::is_there(const std::string& channel) const {
  return names_.contains(file_name(channel));
}

bool TableDisk::has_place_for(const std::string& channel) const {
  return is_there(channel) || names_.size() < options_.max_channels;
}

void TableDisk::load(const std::string& channel,
                     std::function<void(std::optional<table::Stored>)> done) {
  if (!has_place_for(channel)) return done(std::nullopt);
  const bool there = is_there(channel);
  store_.ask<Result<table::Stored>>(
      [files = files_, channel, there](LogStore&) { return files->load(channel, there); },
      [channel, done = std::move(done)](Result<table::Stored> stored) {
        if (!stored)
          log(LogLevel::Error, "table_load_failed",
              {{"channel", channel}, {"error", stored.error().text}});
        done(stored ? std::optional(std::move(*stored)) : std::nullopt);
      });
}

void TableDisk::write(const std::string& channel, table::Write write,
                      std::function<void(bool)> done) {
  names_.insert(file_name(channel));
  const auto began = std::chrono::steady_clock::now();
  const auto shared = std::make_shared<const table::Write>(std::move(write));
  store_.ask<Status>(
      [files = files_, channel, shared](LogStore&) { return files->write(channel, *shared); },
      [channel, began, done = std::move(done)](const Status& status) {
        metrics.table_commit.observe(nanoseconds_since(began));
        if (!status.ok())
          log(LogLevel::Error, "table_commit_failed",
              {{"channel", channel}, {"error", status.error().text}});
        done(status.ok());
      });
}

void TableDisk::forget(const std::string& channel) {
  if (options_.folder.empty()) return;
  store_.ask<bool>([files = files_, channel](LogStore&) { return files->open.erase(channel) != 0; },
                   [](bool) {});
}

std::string TableDisk::Files::path_of(const std::string& channel) const {
  if (options.folder.empty()) return ":memory:";
  return (std::filesystem::path(options.folder) / file_name(channel)).string();
}

/// A channel in which nothing was ever written has no file yet.
Result<table::Stored> TableDisk::Files::load(const std::string& channel, bool is_there) {
  if (!is_there) {
    Open& one = open[channel];
    one.site = new_site_pair();
    return table::Stored{one.site, {}};
  }
  Result<TableFile*> file = file_of(channel);
  if (!file) return file.error();
  Result<table::Stored> stored = (*file)->load();
  if (!stored) open.erase(channel);
  return stored;
}

Result<TableFile*> TableDisk::Files::file_of(const std::string& channel) {
  Open& one = open[channel];
  if (one.site.causal.empty()) one.site = new_site_pair();
  if (!one.file) {
    std::error_code fault;
    if (!options.folder.empty()) std::filesystem::create_directories(options.folder, fault);
    auto opened = TableFile::open(path_of(channel), options.durability, {channel, one.site.causal},
                                  options.tables);
    if (!opened) return opened.error();
    one.file = std::move(*opened);
  }
  return one.file.get();
}

/// After a failure the next reader starts from what is on disk.
Status TableDisk::Files::write(const std::string& channel, const table::Write& write) {
  Result<TableFile*> file = file_of(channel);
  Status status = file ? (*file)->write(write) : Status(file.error());
  if (!status && !options.folder.empty()) open.erase(channel);
  return status;
}

}  // namespace vuer_rtc::server
