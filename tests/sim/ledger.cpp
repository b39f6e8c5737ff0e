#include "sim/ledger.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "replicas/fields.hpp"

namespace vuer_rtc::sim {

using testing::Fields;
using testing::fields_of;
using testing::number_of;
using testing::text_of;

void Ledger::written(const server::LogWrite& write) {
  if (std::holds_alternative<server::LogSnapshot>(write)) snapshots_++;
  const auto* batch = std::get_if<server::LogAppend>(&write);
  if (batch == nullptr) return;
  for (std::size_t i = 0; i < batch->entries.size(); i++)
    entries_[batch->first_seq + i] = {batch->ids[i].key, batch->entries[i]};
}

void Ledger::loaded(const server::LogContent& content) {
  if (std::exchange(older_, false)) forget_after(content.last_seq);
  if (content.last_seq < highest_told_) {
    return blame("lost: serverSeq " + std::to_string(highest_told_) +
                 " was told, the disk ends at " + std::to_string(content.last_seq));
  }
  entries_.erase(entries_.upper_bound(content.last_seq), entries_.end());
  if (entries_.size() != content.last_seq) return blame("the disk holds what nobody wrote");
  check_accepted(content);
  check_journal(content);
}

void Ledger::check_accepted(const server::LogContent& content) {
  std::set<std::string> ids;
  std::set<std::uint64_t> seqs;
  for (const server::LogRow& row : content.ids) {
    const server::AcceptedMessage one = *server::accepted_of(row);
    const auto entry = entries_.find(one.server_seq);
    if (!ids.insert(one.id).second || !seqs.insert(one.server_seq).second)
      blame("accepted twice: " + one.id);
    if (entry == entries_.end() || entry->second.id != one.id)
      blame("another message at serverSeq " + std::to_string(one.server_seq));
  }
  if (ids.size() != content.last_seq) blame("accepted ids are missing");
  for (const auto& [server_seq, id] : told_) {
    if (entries_.at(server_seq).id != id)
      blame("told " + id + ", the disk has " + entries_.at(server_seq).id);
  }
}

void Ledger::check_journal(const server::LogContent& content) {
  std::uint64_t before = 0;
  for (const Bytes& message : content.entries) {
    const auto server_seq = static_cast<std::uint64_t>(number_of(fields_of(message), "serverSeq"));
    if (server_seq <= before) blame("the journal is out of order");
    before = server_seq;
    const auto entry = entries_.find(server_seq);
    if (entry == entries_.end() || entry->second.bytes != message)
      blame("the journal holds another message at serverSeq " + std::to_string(server_seq));
  }
}

void Ledger::told(ByteSpan frame) {
  const Fields fields = fields_of(frame);
  const std::string mtype = text_of(fields, "mtype");
  if (mtype == "ack") {
    told_of(static_cast<std::uint64_t>(number_of(fields, "serverSeq")), text_of(fields, "msgId"));
  } else if (mtype == "broadcast") {
    const Fields message = fields_of(fields.at("msg"));
    told_of(static_cast<std::uint64_t>(number_of(message, "serverSeq")), text_of(message, "id"));
  } else if (mtype == "state" || mtype == "heartbeat") {
    highest_told_ =
        std::max(highest_told_, static_cast<std::uint64_t>(number_of(fields, "serverSeq")));
  }
}

void Ledger::told_of(std::uint64_t server_seq, const std::string& id) {
  highest_told_ = std::max(highest_told_, server_seq);
  const auto [at, fresh] = told_.emplace(server_seq, id);
  if (!fresh && at->second != id)
    blame("serverSeq " + std::to_string(server_seq) + " was told as " + at->second + " and " + id);
}

void Ledger::forget_after(std::uint64_t last_seq) {
  entries_.erase(entries_.upper_bound(last_seq), entries_.end());
  told_.erase(told_.upper_bound(last_seq), told_.end());
  highest_told_ = std::min(highest_told_, last_seq);
}

std::vector<Bytes> Ledger::history() const {
  std::vector<Bytes> all;
  for (const auto& [server_seq, entry] : entries_) all.push_back(entry.bytes);
  return all;
}

void Ledger::check_offers() {
  for (const auto& [server_seq, entry] : entries_) offered_.erase(entry.id);
  if (!offered_.empty()) blame("offered, and did not come back: " + *offered_.begin());
}

}  // namespace vuer_rtc::sim
