// What a room keeps on disk, as plain data: the shape that room and storage share.
//
// Messages travel as the bytes everybody gets (MessagePack, stamped); the index of accepted ids and
// the authors' last numbers outlive the journal, so that a repeat is known as long as the document
// lives.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc::server {

/// One accepted message as the door remembers it.
struct AcceptedMessage {
  std::string id;
  std::uint64_t server_seq = 0;
  std::uint64_t lt = 0;
  std::int64_t stable = kNoLine;  ///< the line it was accepted under
  Hash content{};                 ///< content_hash of the message as received
};

/// An author's last accepted message.
struct AuthorRecord {
  std::string client;
  std::uint64_t number = 0;
  std::uint64_t lt = 0;
};

/// Everything a room is made of when it is loaded.
struct RoomRecord {
  std::string epoch;                 ///< empty: nothing was ever stored
  std::vector<std::string> cleared;  ///< epochs that were cleared on purpose
  Bytes snapshot;                    ///< compact form; empty: none yet
  std::int64_t stable = kNoLine;
  std::uint64_t last_seq = 0;    ///< highest serverSeq ever given
  std::uint64_t folded_seq = 0;  ///< highest serverSeq ever folded
  std::vector<Bytes>
      journal;  ///< messages after the snapshot, by serverSeq, each a MessagePack map
  std::vector<AcceptedMessage> accepted;
  std::vector<AuthorRecord> authors;
};

/// Messages accepted together: on disk all of them or none.
struct AppendBatch {
  std::string epoch;
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  std::int64_t start_time = 0;  ///< wall clock, milliseconds
  std::int64_t end_time = 0;
  std::vector<Bytes> messages;
  std::vector<AcceptedMessage> accepted;
  std::vector<AuthorRecord> authors;
};

/// The journal up to the line became a snapshot; `rest` replaces the whole stored journal up to
/// last_seq.
struct SnapshotWrite {
  std::string epoch;
  Bytes snapshot;
  std::int64_t stable = kNoLine;
  std::uint64_t folded_seq = 0;
  std::uint64_t last_seq = 0;
  std::uint64_t first_rest_seq = 0;  ///< serverSeq of the first of `rest`
  std::vector<Bytes> rest;
};

/// All data of the room goes; the authors' numbers stay, because names are unique (law, section 2).
struct ClearWrite {
  std::string epoch;  ///< the new one; the present one joins the cleared ones
};

using RoomWrite = std::variant<AppendBatch, SnapshotWrite, ClearWrite>;

/// Applies a write to a record in memory: what every store must do, in its simplest form. Internal,
/// and nothing changed, when the write does not follow what is stored (another epoch, a serverSeq
/// that is not the next).
Status apply_write(RoomRecord& record, const RoomWrite& write);

}  // namespace vuer_rtc::server
