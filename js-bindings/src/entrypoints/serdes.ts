// `@vuer-ai/vuer-rtc/serdes`: frames as MessagePack.
export {
  deserialize,
  msg_to_wire,
  msgToWire,
  serialize,
  wire_to_msg,
  wireToMsg,
  type WireMessage,
} from '../store/serdes.js';
