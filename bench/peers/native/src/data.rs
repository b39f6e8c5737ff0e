// The workload files (workloads/generate.mjs writes them): columns of little-endian numbers.
pub struct Sets {
    pub nodes: usize,
    pub node: Vec<usize>,
    pub values: Vec<[f64; 3]>,
}

pub struct Moves {
    pub nodes: usize,
    pub writer: Vec<usize>,
    pub node: Vec<usize>,
    pub parent: Vec<usize>,
}

pub struct Large {
    pub nodes: usize,
    pub properties: usize,
    pub values: Vec<f64>,
}

/// The texts are ASCII: positions mean the same in every unit.
pub struct Text {
    pub position: Vec<usize>,
    pub removed: Vec<usize>,
    pub inserted: Vec<String>,
    pub end: String,
}

struct File {
    bytes: Vec<u8>,
    at: usize,
}

impl File {
    fn open(folder: &str, name: &str) -> File {
        let path = format!("{folder}/{name}.bin");
        let bytes = std::fs::read(&path).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        File { bytes, at: 0 }
    }

    fn take(&mut self, size: usize) -> &[u8] {
        self.at += size;
        &self.bytes[self.at - size..self.at]
    }

    fn whole(&mut self, count: usize) -> Vec<usize> {
        let column = self.take(4 * count).chunks_exact(4);
        column.map(|b| u32::from_le_bytes(b.try_into().unwrap()) as usize).collect()
    }

    fn real(&mut self, count: usize) -> Vec<f64> {
        let column = self.take(8 * count).chunks_exact(8);
        column.map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
    }

    fn text(&mut self, size: usize) -> String {
        String::from_utf8(self.take(size).to_vec()).expect("UTF-8")
    }
}

pub fn sets(folder: &str) -> Sets {
    let mut file = File::open(folder, "sets");
    let sizes = file.whole(2);
    let node = file.whole(sizes[0]);
    let values = file.real(3 * sizes[0]).chunks_exact(3).map(|v| [v[0], v[1], v[2]]).collect();
    Sets { nodes: sizes[1], node, values }
}

pub fn moves(folder: &str) -> Moves {
    let mut file = File::open(folder, "moves");
    let sizes = file.whole(2);
    let (writer, node) = (file.whole(sizes[0]), file.whole(sizes[0]));
    Moves { nodes: sizes[1], writer, node, parent: file.whole(sizes[0]) }
}

pub fn large(folder: &str) -> Large {
    let mut file = File::open(folder, "large");
    let sizes = file.whole(2);
    Large { nodes: sizes[0], properties: sizes[1], values: file.real(sizes[0] * sizes[1]) }
}

pub fn text(folder: &str) -> Text {
    let mut file = File::open(folder, "text");
    let sizes = file.whole(4);
    let (position, removed) = (file.whole(sizes[0]), file.whole(sizes[0]));
    let lengths = file.whole(sizes[0]);
    let inserted = lengths.iter().map(|length| file.text(*length)).collect();
    Text { position, removed, inserted, end: file.text(sizes[2]) }
}
