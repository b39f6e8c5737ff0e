// `vuer-rtc-server inspect` and `replay`: what is in a database file, and what it amounts to.
#include <algorithm>

#include "protocol/json_writer.hpp"
#include "room/answer.hpp"
#include "tools/store_words.hpp"
#include "tools/stored_room.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kInspectFlags[] = {"room", "schema"};
constexpr StoreManual kInspect = {
    {"vuer-rtc-server inspect", "shows what a database file holds",
     "vuer-rtc-server inspect FILE [--room ROOM]",
     "Without a room: a line for each log. With one: what is stored of it, and a line for each "
     "accepted message. No server may have the file.",
     ""},
    kInspectFlags};

constexpr std::string_view kReplayFlags[] = {"room", "at", "graph"};
constexpr StoreManual kReplay = {
    {"vuer-rtc-server replay", "builds a room's document from its journal",
     "vuer-rtc-server replay FILE --room ROOM [--at SERVERSEQ] [--graph]",
     "Loads the snapshot, takes the messages of the journal one by one and prints the digest of "
     "the document; with --at as it was behind that message, as far back as the journal reaches. "
     "No server may have the file.",
     ""},
    kReplayFlags};

void line(std::string& out, std::string_view name, const std::string& value) {
  out.append(name).append(value).append("\n");
}

std::string summary(const LogContent& content) {
  std::string out;
  line(out, "epoch      ", content.epoch);
  line(out, "serverSeq  ", std::to_string(content.last_seq));
  line(out, "entries    ", std::to_string(content.entries.size()));
  line(out, "snapshot   ", std::to_string(content.snapshot.size()) + " bytes");
  line(out, "ids        ", std::to_string(content.ids.size()));
  line(out, "authors    ", std::to_string(content.authors.size()));
  line(out, "cleared    ", std::to_string(content.cleared.size()));
  return out;
}

/// Every accepted message, those in the snapshot too.
Result<std::string> messages_of(const LogContent& content) {
  std::vector<AcceptedMessage> all;
  for (const LogRow& row : content.ids) {
    Result<AcceptedMessage> accepted = accepted_of(row);
    if (!accepted) return accepted.error();
    all.push_back(std::move(*accepted));
  }
  std::sort(all.begin(), all.end(), [](const AcceptedMessage& a, const AcceptedMessage& b) {
    return a.server_seq < b.server_seq;
  });
  std::string out;
  for (const AcceptedMessage& one : all)
    line(out, std::to_string(one.server_seq), "  " + one.id + "  lt " + std::to_string(one.lt));
  return out;
}

/// The messages up to `at`; Storage when the snapshot holds later ones.
Status cut_behind(LogContent& content, std::uint64_t at) {
  const Result<FoldedState> folded = folded_of(content.state);
  if (!folded) return folded.error();
  if (folded->folded_seq > at) {
    return refuse_word(
        "--at", "the journal reaches back to serverSeq " + std::to_string(folded->folded_seq + 1));
  }
  std::erase_if(content.entries, [&](const Bytes& entry) {
    const Result<Message> message = decode_message(entry, Limits{});
    return message && message->server_seq > at;
  });
  return {};
}

}  // namespace

Result<CommandAnswer> run_inspect(std::span<const std::string_view> arguments,
                                  const Environment& environment, const Progress& progress) {
  const Result<ReadWords> read = read_store_words(kInspect, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  const StoreWords& words = read->words;
  Result<std::unique_ptr<SqliteStore>> store = open_existing(words.subject);
  if (!store) return store.error();
  CommandAnswer answer;
  if (!words.room.empty()) {
    const Result<LogContent> content = load_whole(**store, words.log(words.room));
    if (!content) return content.error();
    if (content->epoch.empty()) return refuse_word(words.room, "there is no such room");
    answer.text = summary(*content);
    if (words.schema != kRoomSchema) return answer;
    const Result<std::string> messages = messages_of(*content);
    if (!messages) return messages.error();
    answer.text += *messages;
    return answer;
  }
  for (const LogId& log : (*store)->logs()) {
    progress(log.name);
    const Result<LogContent> content = (*store)->load(log);
    line(answer.text, log.schema + "  " + log.name + "  ",
         content ? "serverSeq " + std::to_string(content->last_seq) + "  " +
                       std::to_string(content->entries.size()) + " entries  " +
                       std::to_string(content->snapshot.size()) + " bytes of snapshot"
                 : content.error().text);
  }
  return answer;
}

Result<CommandAnswer> run_replay(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress&) {
  const Result<ReadWords> read = read_store_words(kReplay, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  const StoreWords& words = read->words;
  if (words.room.empty()) return refuse_word("--room", "is missing");
  Result<std::unique_ptr<SqliteStore>> store = open_existing(words.subject);
  if (!store) return store.error();
  Result<LogContent> content = (*store)->load(room_log(words.room));
  if (!content) return content.error();
  if (content->epoch.empty()) return refuse_word(words.room, "there is no such room");
  if (words.at != 0) {
    if (Status status = cut_behind(*content, static_cast<std::uint64_t>(words.at)); !status)
      return status.error();
  }
  const std::size_t messages = content->entries.size();
  Result<std::unique_ptr<Room>> room = load_stored(std::move(*content));
  if (!room) return room.error();
  const Result<Hash> digest = (*room)->digest();
  if (!digest) return digest.error();
  CommandAnswer answer;
  line(answer.text, "messages   ", std::to_string(messages));
  line(answer.text, "nodes      ", std::to_string((*room)->document().node_count()));
  line(answer.text, "digest     ", hex(*digest));
  if (words.graph) {
    const Result<Bytes> graph = (*room)->graph();
    if (!graph) return graph.error();
    const Result<std::string> text = msgpack_to_json(*graph);
    if (!text) return text.error();
    line(answer.text, "", *text);
  }
  return answer;
}

}  // namespace vuer_rtc::server
