// A text rope in the tree form that the original writes: "Hel!", and "lo" deleted.
export const TREE = {
  _tree: {
    root: {
      ntype: 'leaf',
      items: [
        { id: 'a:0', content: 'Hel', isDeleted: false, anchor: null, seq: 1, ts: 1 },
        { id: 'a:3', content: 'lo', isDeleted: true, anchor: 'a:2', seq: 1, ts: 1 },
        { id: 'b:0', content: '!', isDeleted: false, anchor: 'a:4', seq: 2, ts: 2 },
      ],
    },
  },
  agentId: 'a',
  clock: 5,
  maxSeq: 2,
};
