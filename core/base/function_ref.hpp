// A view of something callable, for visitors: two pointers, no allocation, no copy. It must not
// outlive the call.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace vuer_rtc {

template <class Signature>
class FunctionRef;

template <class Return, class... Arguments>
class FunctionRef<Return(Arguments...)> {
 public:
  FunctionRef(std::nullptr_t) {}
  template <class Callable,
            class = std::enable_if_t<!std::is_same_v<std::decay_t<Callable>, FunctionRef> &&
                                     !std::is_null_pointer_v<std::decay_t<Callable>>>>
  FunctionRef(Callable&& callable)
      : object_(const_cast<void*>(static_cast<const void*>(&callable))),
        call_([](void* object, Arguments... arguments) -> Return {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(
              std::forward<Arguments>(arguments)...);
        }) {}
  Return operator()(Arguments... arguments) const {
    return call_(object_, std::forward<Arguments>(arguments)...);
  }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  void* object_ = nullptr;
  Return (*call_)(void*, Arguments...) = nullptr;
};

}  // namespace vuer_rtc
