/** How long what is in a collection is kept, for people; what a TTL index takes away is said by the index itself. */
export interface CollectionFacts {
  readonly what: string;
  readonly kept: string;
  /**
   * Set: telemetry, many small documents of one terminal each, which may be spread over shards by this key. Absent: it stays in the
   * province's replica set.
   */
  readonly shardKey?: Readonly<Record<string, 1 | 'hashed'>>;
}

const FOR_GOOD = 'for good';
/** A number is unique across shards only under the shard key, and these are made and found again by theirs. */
const BY_ID = { _id: 'hashed' } as const;

/** Every collection of the database, in the order of their names; a test holds it and what the server makes together. */
export const COLLECTIONS: Readonly<Record<string, CollectionFacts>> = {
  acceptallowances: { what: 'terminals that one person may let in on a day', kept: 'two days' },
  accessmarks: { what: 'what is true of an installation for good', kept: FOR_GOOD },
  alertdestinations: { what: 'where alerts go', kept: 'until removed' },
  alertlimits: { what: "alerts' thresholds that staff changed", kept: FOR_GOOD },
  alertnotices: { what: 'what was sent of an alert, and what is to be', kept: '365 days' },
  alerts: { what: 'alerts', kept: '365 days once resolved' },
  alertsilences: { what: 'windows without alerts', kept: FOR_GOOD },
  announcements: { what: 'lines for terminals', kept: 'until removed' },
  approvals: { what: 'what a second person decides', kept: FOR_GOOD },
  attempts: { what: 'tries at secrets, counted', kept: 'a day after their window' },
  audit: { what: 'the audit trail', kept: FOR_GOOD },
  'audit-heads': { what: "the trail's newest entries, sealed", kept: FOR_GOOD },
  bindings: { what: "phones' households", kept: 'until they expire' },
  boxBindings: { what: "boxes' households", kept: 'until they expire' },
  breakglass: { what: 'codes of the sealed procedure', kept: FOR_GOOD },
  cardsessions: { what: 'cards driven from afar', kept: FOR_GOOD },
  cases: { what: 'differences with an owner', kept: FOR_GOOD },
  closedmonths: { what: "months' sums, once closed", kept: FOR_GOOD },
  command_batches: { what: 'commands to many terminals', kept: FOR_GOOD },
  commissionrules: { what: 'what sales earn', kept: FOR_GOOD },
  complaints: { what: "payers' complaints", kept: FOR_GOOD },
  consents: {
    what: 'households that let staff buy for them',
    kept: '62 days once ended',
  },
  depositbooks: { what: 'our books beside our deposit at the grid', kept: FOR_GOOD },
  depositentries: { what: 'what we paid the grid in advance', kept: FOR_GOOD },
  discountbudgets: { what: 'budgets of discounts', kept: FOR_GOOD },
  discountcaps: { what: 'what a household had of a discount', kept: FOR_GOOD },
  discountholds: { what: 'what is held of a budget for an order', kept: '400 days once ended' },
  discountrules: { what: 'rules of discounts', kept: FOR_GOOD },
  enrolCodes: { what: 'codes that let terminals in', kept: 'until they expire' },
  exportchunks: { what: "exports' files, in parts", kept: '24 hours' },
  exports: { what: 'exports', kept: '24 hours once ended' },
  floatentries: { what: "what moved a counter's float", kept: FOR_GOOD },
  floats: { what: "counters' floats, with holds", kept: FOR_GOOD },
  gridtransfers: { what: 'what the bank sent to the grid for days', kept: FOR_GOOD },
  householdfileparts: {
    what: 'households of files on their way, as digests',
    kept: 'until carried or refused, 30 days at most',
  },
  householdfiles: { what: 'files of households for discounts, without their contents', kept: FOR_GOOD },
  households: { what: 'households whom a discount is for', kept: FOR_GOOD },
  invitations: { what: "staff's one-time links, as digests", kept: 'until used, 72 hours at most' },
  invoices: { what: 'electronic invoices', kept: FOR_GOOD },
  jobleases: { what: 'who does a round', kept: FOR_GOOD },
  keyholders: { what: 'processes, and which versions of the data key they have', kept: 'five minutes' },
  keynotes: { what: 'when a server first had each key: never the key', kept: FOR_GOOD },
  keyversions: { what: 'versions of the data key: when, never the key', kept: FOR_GOOD },
  keywork: { what: 'how far values are made anew under the newest key', kept: FOR_GOOD },
  machinereports: {
    what: 'what a terminal found out about itself',
    kept: '30 days, 20 a terminal',
    shardKey: BY_ID,
  },
  marks: { what: 'how far projectors have come', kept: FOR_GOOD },
  migrations: { what: 'what was migrated, by whom and when', kept: FOR_GOOD },
  notifications: { what: 'what channels told and was accepted', kept: FOR_GOOD },
  notificationsrefused: { what: 'what channels told and was refused', kept: '90 days' },
  oneTimeCodes: { what: "codes for phones' bindings", kept: 'until they expire' },
  ordernotes: { what: 'notes of staff on orders', kept: FOR_GOOD },
  orders: { what: 'orders', kept: 'until 36 months at rest, then in the archive' },
  orders_archive: { what: 'old orders at rest', kept: FOR_GOOD },
  orgs: { what: 'organisations', kept: 'until removed' },
  passkeys: { what: "staff's passkeys, their public halves", kept: 'until removed' },
  payerSessions: { what: "phones' sessions", kept: 'until they expire' },
  paymentkeys: { what: "channels' keys, sealed", kept: FOR_GOOD },
  postings: { what: 'the ledger', kept: FOR_GOOD },
  processnotes: { what: 'what processes say of themselves', kept: '24 hours' },
  readings: { what: 'cards read by staff', kept: FOR_GOOD },
  reconciliations: { what: 'days of reconciliation', kept: FOR_GOOD },
  releases: { what: 'releases', kept: FOR_GOOD },
  repairs: { what: 'terminals that somebody has to go to', kept: FOR_GOOD },
  replacements: { what: 'replacement cards', kept: FOR_GOOD },
  retentionmarks: { what: 'how far erasing has come', kept: FOR_GOOD },
  roles: { what: 'roles of staff', kept: FOR_GOOD },
  rollout_terminals: { what: 'how a terminal fared in a rollout', kept: FOR_GOOD, shardKey: BY_ID },
  rollouts: { what: 'rollouts of releases', kept: FOR_GOOD },
  rollupBatches: { what: 'sums being added', kept: FOR_GOOD },
  rollupOrders: { what: 'how far an order is counted', kept: FOR_GOOD },
  rollupState: { what: 'which sums are read', kept: FOR_GOOD },
  rollupTerminals: { what: 'statistics of single terminals, summed', kept: FOR_GOOD },
  rollups: { what: 'statistics, summed', kept: FOR_GOOD },
  savedfilters: { what: "staff's searches", kept: 'until removed' },
  sessions: { what: "staff's sessions", kept: 'until they expire' },
  setupLinks: { what: 'links that set a password, once', kept: 'until used' },
  shardleases: { what: 'who sweeps which orders', kept: FOR_GOOD },
  staffpins: { what: "staff's PINs at counters", kept: FOR_GOOD },
  standins: {
    what: 'what is in Redis otherwise, while that is away; used proofs among it',
    kept: 'until they expire',
  },
  terminal_commands: { what: 'commands to terminals', kept: '30 days', shardKey: BY_ID },
  terminal_health: { what: 'what a terminal last said', kept: FOR_GOOD, shardKey: BY_ID },
  terminals: { what: 'terminals and their keys', kept: FOR_GOOD },
  users: { what: 'staff', kept: FOR_GOOD },
};
