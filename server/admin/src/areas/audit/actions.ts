/** Everything that the trail knows by a word: subject and what happened to it. A form offers them; others are shown as they are. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  alert: [
    ...['acknowledge', 'silence', 'unsilence', 'change-limits'],
    ...['add-destination', 'change-destination', 'remove-destination', 'test-destination'],
  ],
  announcement: ['create', 'change', 'remove'],
  approval: ['request', 'accept', 'refuse'],
  audit: ['tie', 'export', 'adopt'],
  bill: ['read'],
  binding: ['ask', 'make', 'refuse', 'displace', 'remove'],
  card: ['rewrite'],
  'card-session': ['open', 'step', 'close'],
  case: ['assign', 'resolve'],
  command: ['send', 'cancel', 'batch', 'batch-cancel'],
  complaint: ['read', 'reply', 'finish'],
  'enrol-code': ['create'],
  export: ['request', 'cancel', 'fetch'],
  float: ['set-pin', 'take-cash', 'hand-out'],
  notification: ['replay'],
  order: ['note', 'query-channel', 'query-grid'],
  org: ['create', 'rename', 'move', 'remove'],
  proof: ['make'],
  reading: ['request'],
  reconciliation: ['run'],
  refund: ['request', 'approve', 'reject', 'retry'],
  release: ['upload', 'withdraw'],
  resident: ['look-up'],
  retention: ['erase', 'blank', 'remove'],
  rollout: ['create', 'start', 'widen', 'resume', 'pause', 'stop', 'move'],
  session: ['begin', 'refuse', 'end', 'confirm', 'revoke'],
  setup: ['use'],
  statistics: ['check', 'rebuild'],
  terminal: ['accept', 'reject', 'suspend', 'resume', 'retire', 'place', 'staff-mode'],
  role: ['change'],
  user: [
    ...['create', 'propose', 'roles', 'org', 'enable', 'disable', 'unlock'],
    ...['password', 'totp-on', 'totp-off'],
  ],
};

export const ACTIONS: readonly string[] = Object.entries(VERBS).flatMap(([subject, verbs]) =>
  verbs.map((verb) => `${subject}.${verb}`),
);
