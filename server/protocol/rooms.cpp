#include "protocol/rooms.hpp"

#include <iterator>

namespace vuer_rtc::server {

void Rooms::with_room(const std::string& name, std::function<void(Result<Room*>)> question) const {
  on_loop_(loop_of(name), [&host = host_of(name), name, question = std::move(question)] {
    host.with_room(name, question);
  });
}

void Rooms::write(const std::string& name, Bytes message, Room::Written done) const {
  on_loop_(loop_of(name), [&host = host_of(name), name, message = std::move(message),
                           done = std::move(done)] { host.write(name, message, done); });
}

void Rooms::clear(const std::string& name, std::function<void(Result<Room*>)> done) const {
  on_loop_(loop_of(name),
           [&host = host_of(name), name, done = std::move(done)] { host.clear(name, done); });
}

void Rooms::gather(const std::function<void(RoomHost&, Answer answer)>& ask,
                   std::function<void()> done) const {
  const auto open = std::make_shared<std::size_t>(hosts_.size());
  const Answer answer = [on_loop = on_loop_, open,
                         done = std::move(done)](std::function<void()> merge) {
    on_loop(0, [open, done, merge = std::move(merge)] {
      merge();
      if (--*open == 0) done();
    });
  };
  for (std::size_t loop = 0; loop < hosts_.size(); ++loop)
    on_loop_(loop, [ask, answer, &host = *hosts_[loop]] { ask(host, answer); });
}

void Rooms::list(std::function<void(std::vector<RoomInfo>)> done) const {
  const auto all = std::make_shared<std::vector<RoomInfo>>();
  const auto ask = [all](RoomHost& host, const Answer& answer) {
    host.list([all, answer](std::vector<RoomInfo> infos) {
      answer(
          [all, infos = std::move(infos)] { all->insert(all->end(), infos.begin(), infos.end()); });
    });
  };
  gather(ask, [all, done = std::move(done)] { done(std::move(*all)); });
}

void Rooms::figures(std::function<void(HostFigures)> done) const {
  const auto all = std::make_shared<HostFigures>();
  const auto ask = [all](RoomHost& host, const Answer& answer) {
    answer([all, one = host.figures()] { *all += one; });
  };
  gather(ask, [all, done = std::move(done)] { done(*all); });
}

void Rooms::shut_down(std::function<void()> done) const {
  const auto ask = [](RoomHost& host, const Answer& answer) {
    host.shut_down([answer] { answer([] {}); });
  };
  gather(ask, std::move(done));
}

}  // namespace vuer_rtc::server
