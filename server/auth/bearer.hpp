// Where a request carries its token (wire protocol, section 1).
#pragma once

#include <string>
#include <string_view>

namespace vuer_rtc::server {

/// Of `Authorization: Bearer`, else of the subprotocol `bearer.<token>` in the list of offered
/// ones, else of the query; empty: there is none.
std::string token_of(std::string_view authorization, std::string_view protocols,
                     std::string_view query);

/// Equal, in a time that does not tell where they differ.
bool is_same_secret(std::string_view a, std::string_view b);

/// Is the subprotocol to be named in the answer? When the client offers it, or a token in its
/// place.
bool offers_protocol(std::string_view protocols, std::string_view name);

}  // namespace vuer_rtc::server
