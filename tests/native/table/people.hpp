// Simulated table clients of both dialects: a database each, and a connection on which whatever is
// under way can be lost.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "table/desk.hpp"

namespace vuer_rtc::table {

using Random = std::mt19937;
/// Living rows: table and key, then columns with their values as JSON.
using View = std::map<std::string, std::map<std::string, std::string>>;
using nlohmann::json;

View view_of(const Store& store);
/// From the seed in the environment, if there is one.
unsigned first_seed();

/// A client that knows numbers of columns and tombstones, no lengths: it takes what is strictly
/// greater than its own.
class PlainDatabase {
 public:
  explicit PlainDatabase(std::string site) : site_(std::move(site)) {}
  void edit(Random& random);
  void take(const Changes& changes);
  Changes pending(std::int64_t after) const;
  View view() const;
  std::int64_t version() const { return version_; }

 private:
  struct Own {
    Value val;
    std::int64_t col_version = 0;
    std::int64_t number = 0;  // 0: somebody else wrote it
  };
  std::string site_;
  std::int64_t version_ = 0;
  std::map<RowKey, std::map<std::string, Own>> rows_;
  std::map<RowKey, std::int64_t> born_;        // own inserts: every column of a new life is sent
  std::map<RowKey, std::int64_t> tombstones_;  // own ones, with their numbers
};

/// A client with causal lengths, as cr-sqlite is one.
class CausalDatabase {
 public:
  explicit CausalDatabase(std::string site) : site_(std::move(site)) {}
  void edit(Random& random);
  void take(const Changes& changes);
  Changes pending(std::int64_t after) const;
  View view() const { return view_of(store_); }
  std::int64_t version() const { return version_; }

 private:
  void write(const RowKey& row, const std::string& cid, Value val, std::int64_t col_version,
             std::int64_t cl, std::int64_t seq);
  std::string site_;
  std::int64_t version_ = 0;
  Store store_;
};

template <class Database>
class Person {
 public:
  Person(std::string name, std::string site, bool tells_since)
      : name_(std::move(name)),
        site_(site),
        database_(std::move(site)),
        tells_since_(tells_since) {}

  void edit(Random& random) { database_.edit(random); }
  bool is_here(const Desk& desk) const { return desk.is_open(name_); }

  void come(Desk& desk) {
    leave(desk);
    desk.open(name_);
    send();
    out_.push_back(frame("pull", database_.version()).dump());
  }
  void leave(Desk& desk) {
    if (is_here(desk)) desk.close(name_);
    lose(desk);
  }
  /// What was under way is gone.
  void lose(Desk& desk) {
    out_.clear();
    desk.heard[name_].clear();
  }
  /// Everything of its own that is not known to be safe.
  void send() {
    const Changes changes = database_.pending(acked_);
    if (changes.empty()) return;
    std::vector<const Change*> list;
    for (const Change& change : changes) list.push_back(&change);
    json message = json::parse(write_update({site_, "c"}, list, database_.version()));
    if (tells_since_) message["since"] = acked_;
    out_.push_back(message.dump());
  }
  /// The server takes one frame from its connection.
  bool deliver(Desk& desk) {
    if (out_.empty() || !is_here(desk)) return false;
    const std::string frame = out_.front();
    out_.pop_front();
    frame == kPong ? desk.pong(name_) : desk.say(name_, frame);
    return true;
  }
  /// It takes one frame from the server.
  bool hear(Desk& desk) {
    auto& heard = desk.heard[name_];
    if (heard.empty()) return false;
    const std::string frame = heard.front();
    heard.pop_front();
    if (frame == kPing) {
      out_.push_back(kPong);
    } else {
      take(json::parse(frame), frame);
    }
    return true;
  }
  void ping(Desk& desk) {
    auto& heard = desk.heard[name_];
    if (!is_here(desk) || std::find(heard.begin(), heard.end(), kPing) != heard.end()) return;
    if (std::find(out_.begin(), out_.end(), kPong) != out_.end()) return;
    desk.ping(name_);
    heard.push_back(kPing);
  }
  bool has_unsafe() const { return !database_.pending(acked_).empty(); }
  View view() const { return database_.view(); }
  const std::string& name() const { return name_; }

 private:
  static inline const std::string kPing = "ping", kPong = "pong";

  json frame(const char* type, std::int64_t version) const {
    return {{"type", type}, {"version", version}, {"siteId", site_}, {"channel", "c"}};
  }
  void take(const json& message, const std::string& frame) {
    if (message["type"] == "ack") {
      const std::int64_t version = message["version"];
      acked_ = message.contains("gap") ? version : std::max(acked_, version);
    } else if (message["type"] == "update") {
      const auto read = read_envelope(R"({"channel":"c","message":)" + frame + "}");
      REQUIRE(read);
      database_.take(read->changes);
    } else {
      INFO(frame);
      REQUIRE(message["type"] == "connected");
    }
  }

  std::string name_, site_;
  Database database_;
  bool tells_since_;
  std::int64_t acked_ = 0;
  std::deque<std::string> out_;
};

}  // namespace vuer_rtc::table
