// loro: a map of maps, one commit a message, its movable tree; a message is what a subscriber to
// local updates is given.
use crate::data::{Moves, Sets, Text};
use crate::system::{node_key, Properties, System, Value};
use loro::{ExportMode, LoroDoc, LoroMap, LoroText, LoroTree, LoroValue, Subscription, TreeID};
use std::ops::Range;
use std::sync::{Arc, Mutex};

pub struct Loro;

pub struct Replica {
    doc: LoroDoc,
    text: LoroText,
    maps: Vec<Option<LoroMap>>,
    /// The tree and its nodes: the root, then the others by their numbers.
    tree: Option<(LoroTree, Vec<TreeID>)>,
    /// What the listener was given last; listening begins with the first message.
    sent: Arc<Mutex<Vec<u8>>>,
    listening: Option<Subscription>,
    undoing: Option<loro::UndoManager>,
}

fn loro(value: &Value) -> LoroValue {
    match value {
        Value::Number(number) => LoroValue::Double(*number),
        Value::Position(numbers) => {
            LoroValue::from(numbers.iter().map(|n| LoroValue::Double(*n)).collect::<Vec<_>>())
        }
    }
}

fn number(value: &LoroValue) -> f64 {
    match value {
        LoroValue::Double(number) => *number,
        LoroValue::I64(number) => *number as f64,
        _ => panic!("no number"),
    }
}

fn node(doc: &LoroDoc, node: usize) -> LoroMap {
    let found = doc.get_map("nodes").get(&node_key(node)).expect("a node");
    found.into_container().expect("a node").into_map().expect("a map")
}

fn property(doc: &LoroDoc, at: usize, path: &str) -> LoroValue {
    node(doc, at).get(path).expect("a property").into_value().expect("a value")
}

fn replica(writer: u64) -> Replica {
    let doc = LoroDoc::new();
    doc.set_peer_id(writer).expect("a peer");
    let (text, sent) = (doc.get_text("text"), Arc::new(Mutex::new(Vec::new())));
    Replica { doc, text, maps: vec![], tree: None, sent, listening: None, undoing: None }
}

/// The bytes of what was done since the last commit.
fn commit(doc: &mut Replica) -> Vec<u8> {
    doc.listening.get_or_insert_with(|| {
        let sent = doc.sent.clone();
        doc.doc.subscribe_local_update(Box::new(move |bytes| {
            sent.lock().unwrap().clone_from(bytes);
            true
        }))
    });
    doc.doc.commit();
    std::mem::take(&mut doc.sent.lock().unwrap())
}

fn type_in(doc: &Replica, text: &Text, range: Range<usize>) {
    for i in range {
        if text.removed[i] > 0 {
            doc.text.delete(text.position[i], text.removed[i]).expect("an edit");
        }
        if !text.inserted[i].is_empty() {
            doc.text.insert(text.position[i], &text.inserted[i]).expect("an edit");
        }
    }
}

impl Replica {
    fn map(&mut self, at: usize, nodes: usize) -> &LoroMap {
        self.maps.resize(nodes, None);
        let doc = &self.doc;
        self.maps[at].get_or_insert_with(|| node(doc, at))
    }

    fn tree(&mut self) -> &(LoroTree, Vec<TreeID>) {
        let doc = &self.doc;
        self.tree.get_or_insert_with(|| {
            let tree = doc.get_tree("tree");
            tree.disable_fractional_index();
            let mut ids = tree.nodes();
            ids.sort_by_key(|id| id.counter);
            (tree, ids)
        })
    }
}

impl System for Loro {
    type Doc = Replica;

    fn can(_workload: &str) -> bool {
        true
    }

    fn open(writer: u64, base: &[u8]) -> Replica {
        let doc = replica(writer);
        doc.doc.import(base).expect("a document");
        doc
    }

    fn save(doc: &Replica) -> Vec<u8> {
        doc.doc.export(ExportMode::Snapshot).expect("a snapshot")
    }

    fn blob(doc: &Replica) -> Vec<u8> {
        doc.doc.export(ExportMode::all_updates()).expect("updates")
    }

    fn receive(doc: &mut Replica, message: &[u8]) {
        doc.doc.import(message).expect("an update");
    }

    fn receive_all(doc: &mut Replica, messages: &[Vec<u8>]) {
        doc.doc.import_batch(messages).expect("updates");
    }

    fn empty_text() -> Vec<u8> {
        Self::save(&replica(1_000))
    }

    fn transact(doc: &mut Replica, text: &Text, range: Range<usize>) {
        type_in(doc, text, range);
        doc.doc.commit();
    }

    fn edits(doc: &mut Replica, text: &Text, range: Range<usize>) -> Vec<u8> {
        type_in(doc, text, range);
        commit(doc)
    }

    fn text(doc: &Replica) -> String {
        doc.text.to_string()
    }

    fn scene(nodes: usize, properties: Properties) -> Replica {
        let doc = replica(1_000);
        let map = doc.doc.get_map("nodes");
        for node in 0..nodes {
            let one = map.insert_container(&node_key(node), LoroMap::new()).expect("a node");
            for (path, value) in properties(node) {
                one.insert(&path, loro(&value)).expect("a property");
            }
        }
        doc.doc.commit();
        doc
    }

    fn set(doc: &mut Replica, sets: &Sets, i: usize) -> Vec<u8> {
        let value = loro(&Value::Position(sets.values[i]));
        doc.map(sets.node[i], sets.nodes).insert("position", value).expect("a set");
        commit(doc)
    }

    fn position(doc: &Replica, at: usize) -> [f64; 3] {
        match property(&doc.doc, at, "position") {
            LoroValue::List(list) => [number(&list[0]), number(&list[1]), number(&list[2])],
            _ => panic!("no position"),
        }
    }

    fn sum(doc: &Replica, nodes: usize) -> f64 {
        (0..nodes).map(|node| number(&property(&doc.doc, node, "p0"))).sum()
    }

    fn watch_undo(doc: &mut Replica) {
        let mut undoing = loro::UndoManager::new(&doc.doc);
        undoing.set_merge_interval(0);
        undoing.set_max_undo_steps(1_000_000);
        doc.undoing = Some(undoing);
    }

    fn undo(doc: &mut Replica) {
        doc.undoing.as_mut().expect("watched").undo().expect("an undo");
    }

    fn redo(doc: &mut Replica) {
        doc.undoing.as_mut().expect("watched").redo().expect("a redo");
    }

    fn tree(nodes: usize) -> Vec<u8> {
        let doc = replica(1_000);
        let tree = doc.doc.get_tree("tree");
        tree.disable_fractional_index();
        let root = tree.create(None).expect("a root");
        for _ in 0..nodes {
            tree.create(root).expect("a node");
        }
        doc.doc.commit();
        Self::save(&doc)
    }

    fn move_node(doc: &mut Replica, moves: &Moves, i: usize) -> Vec<u8> {
        let (tree, ids) = doc.tree();
        tree.mov(ids[1 + moves.node[i]], ids[1 + moves.parent[i]]).expect("a move");
        commit(doc)
    }
}
