import { backwards, changeIndexes, type IndexChange } from './index-change.ts';
import type { Migration } from './migration.ts';

/** Lists of all that there is had no index of their order, others sorted what they found; and some indexes served nothing. */
const CHANGES: readonly IndexChange[] = [
  {
    collection: 'cases',
    add: [
      { orderNo: 1, openedAt: -1, _id: 1 },
      { openedAt: -1, _id: 1 },
      { status: 1, openedAt: -1, _id: 1 },
      { orgPath: 1, openedAt: -1, _id: 1 },
      { 'owner.id': 1, openedAt: -1, _id: 1 },
    ],
    drop: [
      { orderNo: 1 },
      { status: 1, openedAt: -1 },
      { orgPath: 1, openedAt: -1 },
      { 'owner.id': 1, openedAt: -1 },
    ],
  },
  { collection: 'approvals', add: [{ createdAt: -1 }], drop: [] },
  {
    collection: 'terminals',
    add: [
      { enrolledAt: -1, _id: -1 },
      { status: 1, enrolledAt: -1, _id: -1 },
      { community: 1, enrolledAt: -1, _id: -1 },
    ],
    drop: [{ status: 1, enrolledAt: 1 }, { community: 1 }],
  },
  { collection: 'orgs', add: [{ path: 1, _id: 1 }], drop: [{ path: 1 }] },
  { collection: 'postings', add: [{ day: 1, source: 1, n: 1, group: 1 }], drop: [{ day: 1 }] },
  { collection: 'announcements', add: [{ org: 1, from: -1 }], drop: [{ org: 1, to: 1 }, { from: -1 }] },
  { collection: 'invoices', add: [{ requestedAt: -1 }], drop: [] },
  { collection: 'complaints', add: [{ raisedAt: -1 }], drop: [] },
  { collection: 'readings', add: [], drop: [{ orderNo: 1 }] },
  { collection: 'replacements', add: [], drop: [{ meterNo: 1 }] },
];

export const indexesThatServe: Migration = {
  version: 1,
  name: '0001-indexes-that-serve',
  compatible: true,
  async up({ db, saved, save }) {
    for (const change of after(CHANGES, saved)) {
      await changeIndexes(db, change);
      await save(change.collection);
    }
  },
  async down({ db, saved, save }) {
    for (const change of after(CHANGES, saved)) {
      await changeIndexes(db, backwards(change));
      await save(change.collection);
    }
  },
};

/** Those after the collection that was done last. */
function after(changes: readonly IndexChange[], saved: string | undefined): readonly IndexChange[] {
  return changes.slice(changes.findIndex(({ collection }) => collection === saved) + 1);
}
