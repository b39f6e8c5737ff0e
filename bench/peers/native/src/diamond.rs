// diamond-types: text only; a message is the patch since the version before it.
use crate::data::Text;
use crate::system::System;
use diamond_types::list::encoding::{ENCODE_FULL, ENCODE_PATCH};
use diamond_types::list::ListCRDT;
use std::ops::Range;

pub struct Diamond;

pub struct Replica {
    list: ListCRDT,
    agent: u32,
}

impl System for Diamond {
    type Doc = Replica;

    fn can(workload: &str) -> bool {
        workload.starts_with("text_")
    }

    fn open(writer: u64, base: &[u8]) -> Replica {
        let mut list = if base.is_empty() {
            ListCRDT::new()
        } else {
            ListCRDT::load_from(base).expect("bytes")
        };
        let agent = list.get_or_create_agent_id(&format!("writer-{writer}"));
        Replica { list, agent }
    }

    fn save(doc: &Replica) -> Vec<u8> {
        doc.list.oplog.encode(ENCODE_FULL)
    }

    fn receive(doc: &mut Replica, message: &[u8]) {
        doc.list.merge_data_and_ff(message).expect("a patch");
    }

    fn empty_text() -> Vec<u8> {
        Vec::new()
    }

    fn transact(doc: &mut Replica, text: &Text, range: Range<usize>) {
        for i in range {
            let (position, removed) = (text.position[i], text.removed[i]);
            if removed > 0 {
                doc.list.delete_without_content(doc.agent, position..position + removed);
            }
            if !text.inserted[i].is_empty() {
                doc.list.insert(doc.agent, position, &text.inserted[i]);
            }
        }
    }

    fn edits(doc: &mut Replica, text: &Text, range: Range<usize>) -> Vec<u8> {
        let before = doc.list.oplog.local_version();
        Self::transact(doc, text, range);
        doc.list.oplog.encode_from(ENCODE_PATCH, &before)
    }

    fn text(doc: &Replica) -> String {
        doc.list.branch.content().to_string()
    }
}
