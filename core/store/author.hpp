// The author's side of a document: the edit buffer, commits, acknowledgements, undo and redo (law,
// sections 2, 3, 8, 10). Store is its public face.
#pragma once

#include <string>
#include <vector>

#include "store/edit_buffer.hpp"
#include "store/feed_writer.hpp"
#include "store/replica.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc {

class IdRewriter;
struct KeptMessage;

class Author {
 public:
  Author(std::string_view client, const Limits& limits);

  Status edit(ByteSpan op, double now);
  Result<ByteSpan> commit(double now);
  Status cancel();
  const EditBuffer& buffer() const { return buffer_; }

  Result<Received> receive(ByteSpan message);
  Result<std::uint32_t> receive_all(ByteSpan messages);
  Status ack(std::string_view id, std::uint64_t lt, std::uint64_t server_seq, std::int64_t stable);
  void learn(std::uint64_t server_seq, std::int64_t stable);
  Result<Bytes> reject(std::string_view id);
  Result<ByteSpan> recommit(std::string_view id, std::uint64_t next_number);

  Result<ByteSpan> undo(double now);
  Result<ByteSpan> redo(double now);
  bool can_undo() const;
  bool can_redo() const;

  Status compact();
  Status load(ByteSpan snapshot, ByteSpan journal, std::uint64_t server_seq, std::int64_t stable);

  bool write_unacked(Bytes& out);
  std::uint32_t unacked_count() const { return static_cast<std::uint32_t>(unacked_.size()); }
  bool can_take_changes();
  const Bytes& take_changes();
  const Bytes& all_changes();
  Document& document() { return document_; }
  const Document& document() const { return document_; }
  std::string_view client() const { return client_; }
  History& history() { return *document_.replica_->history; }
  const History& history() const { return *document_.replica_->history; }

  Result<Bytes> export_bytes();
  /// Fills a new author from export_bytes().
  Status import_bytes(ByteSpan bytes);
  void check();

 private:
  Replica& replica() { return *document_.replica_; }
  Status normalise(ByteSpan op, ByteSpan& out);
  Status put(Operation& op, double now);
  Status validate(const Operation& op);
  void open_buffer(double now);
  void drop_covered();
  bool put_position(Operation& op, double now);
  const MessageView& next_view(ByteSpan ops, std::uint32_t count, double now, bool has_meta);
  Status commit_into(double now);
  void remember(MessageIndex index);
  Status put_meta(std::string_view ot, std::string_view target, double now);
  bool reserve_meta(MessageIndex target);
  MessageIndex newest_undoable() const;
  void list_undoable() const;

  Result<Received> take();
  bool is_unacked(MessageIndex index) const;
  void insert_own(MessageIndex index);
  std::uint64_t number_of(MessageIndex own) const { return history().messages()[own].own_number; }
  void refresh_pending();
  bool is_below_bound(const MessageView& view) const;
  Result<Received> take_on_top();
  void raise_bound();
  bool can_arrive() const;
  bool can_settle(MessageIndex index, std::uint64_t lt) const;
  Status settle_ack(MessageIndex index, std::uint64_t lt, std::uint64_t server_seq,
                    std::int64_t stable);
  void collect_lifts(std::int64_t floor, std::vector<History::Move>& moves);
  void lift_unacked();
  void forget(MessageIndex index);
  void put_again(const KeptMessage& kept, IdRewriter& rewriter);
  Status edit_again(ByteSpan op, IdRewriter& rewriter);
  void note_arrival(std::uint64_t server_seq, std::int64_t stable);
  void fold_to(std::int64_t line);
  bool builds_on(MessageIndex later, const std::vector<MessageIndex>& gone);
  void renumber_unacked(const std::vector<std::uint64_t>& gone);
  Status take_over(Replica& fresh, ByteSpan mine, std::int64_t line);
  bool can_adopt(History& next) const;
  void adopt(NameId self);
  std::size_t own_bytes() const;

  // Head, id, client, clock and stamps of a message.
  static constexpr std::size_t kMessageOverhead = 1024;
  // That ops may take in the history's pending message which are not in the buffer any more.
  static constexpr std::size_t kCoveredBytes = 4096;
  static constexpr std::uint64_t kUnknown = ~std::uint64_t{0};
  std::string client_;
  Document document_;
  NameId self_ = 0;
  EditBuffer buffer_;
  double opened_at_ = 0;               // when its first edit was made
  std::vector<MessageIndex> own_;      // own messages above the line, in the order of their numbers
  std::vector<MessageIndex> unacked_;  // those without an ack
  // Own messages that undo() may take, the newest last; undone ones leave it when it looks at them.
  mutable std::vector<MessageIndex> undoable_;
  mutable std::uint64_t revived_ = 0;  // as of that list; kUnknown: own_ changed
  std::vector<std::string> redo_;
  struct Line {
    std::uint64_t server_seq;  // it came with
    std::int64_t stable;
  };
  std::vector<Line> lines_;             // not usable yet
  std::vector<std::uint64_t> arrived_;  // serverSeqs beyond upto_, ascending
  std::uint64_t upto_ = 0;              // everything up to this serverSeq is here
  std::int64_t line_ = kNoLine;         // usable line
  FeedWriter feed_;
  TextOp parsed_;  // the text op that is being put
  Bytes changes_, sent_, scratch_;
  std::string id_;
  MessageView own_view_;  // of the message that is being committed
};

}  // namespace vuer_rtc
